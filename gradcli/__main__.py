"""`gradcli`, and `python -m gradcli`: Ctrl-C finds somebody at home from the first line on.

So nothing is imported here that Python has not loaded already.
"""

import os
import sys

#: Objects made between two searches for garbage; Python's own 700 suit processes that stay.
GC_THRESHOLD = 50_000


def main() -> None:
    """Load gradcli and run it. Ctrl-C ends it with a sentence and status 130 while it is still being loaded."""
    # The module that everybody uses takes 2 ms, in which nobody would be at home.
    from _signal import SIGINT, default_int_handler, getsignal, signal  # type: ignore[import-not-found]

    hears = getsignal(SIGINT) is default_int_handler
    if hears:
        signal(SIGINT, _end)
    sys.excepthook = _last_word
    from gc import set_threshold

    set_threshold(GC_THRESHOLD)  # already for what is loaded: 2 ms of 70
    sys.modules.setdefault("inspect", _Deferred("inspect"))  # click's, for texts with margins: 7 ms of 70
    from gradcli import cli

    if hears:
        signal(SIGINT, default_int_handler)
    cli.main()


class _Deferred(type(sys)):  # type: ignore[misc]  # the type of modules
    """A module of Python's that is loaded when something of it is first asked for."""

    def __getattr__(self, attribute: str) -> object:
        from importlib import import_module

        own = vars(self)["__name__"]
        if sys.modules.get(own) is self:
            del sys.modules[own]
        module = import_module(own)
        self.__dict__.update(vars(module))
        return getattr(module, attribute)


def _end(*_: object) -> None:
    """Nothing has begun that would have to be brought to an end."""
    os.write(2, b"gradcli: interrupted\n")
    os._exit(130)


def _last_word(kind: type[BaseException], error: BaseException, trace: object) -> None:
    """Python's own, but for an interrupt that met gradcli on the way out: it ends the process, which says enough."""
    if not issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
