"""How far a reading is: on a terminal, from the first second on."""

from gradcli.shell.process import progress


def test_what_is_told():
    """Rows, rows per second, the time left; nothing of a time that is not known."""
    assert progress.told(1_250_000, 0.25, 2.0) == "1,250,000 rows, 620,000 per second, 6 s left"
    assert progress.told(10, 0.01, 20.0) == "10 rows, 0 per second, 33 min left"
    assert progress.told(10, 0.0, 2.0) == "10 rows, 5 per second"


def test_only_terminals_see_it_and_not_at_once(monkeypatch):
    """A line that is drawn anew, and is gone at the end."""

    class Stream:
        """A stream that may be a terminal."""

        def __init__(self, is_terminal):
            self.text, self._is_terminal = "", is_terminal

        def isatty(self):
            return self._is_terminal

        def write(self, text):
            self.text += text

        def flush(self):
            """Nothing is held back."""

    now = [0.0]
    monkeypatch.setattr(progress, "monotonic", lambda: now[0])
    for is_terminal in (True, False):
        stream = Stream(is_terminal)
        monkeypatch.setattr("sys.stderr", stream)
        now[0], one = 0.0, progress.Progress()
        seen = []
        for second in (0.1, 0.9, 1.1, 1.2, 2.0):
            now[0] = second
            one(int(second * 1000), second / 4)
            seen.append(stream.text.count("rows"))
        one.end()
        assert seen == ([0, 0, 1, 1, 2] if is_terminal else [0] * 5)
        assert stream.text.endswith("\r\x1b[K") == is_terminal
