"""Standard input that is kept: read from its beginning as often as it is asked for, told by its first bytes."""

import io
import os

import pytest

from gradcli.data.readers.data_files import opened_file
from gradcli.data.remote import kept_input
from gradcli.language.errors import UsageProblem


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    kept = []
    monkeypatch.setattr(kept_input, "_kept", kept)
    yield
    for file in kept:
        file.close()


@pytest.mark.parametrize("has_places", [True, False], ids=["reopened", "duplicated"])
def test_it_is_read_from_its_beginning_each_time(has_places, monkeypatch):
    """Also where a system has no second place in a file that is open."""
    if not has_places:
        plain = os.open

        def nowhere(path, *flags, **more):
            if str(path).startswith("/proc"):
                raise FileNotFoundError
            return plain(path, *flags, **more)

        monkeypatch.setattr(os, "open", nowhere)
    assert kept_input.opened_input() is None
    content = os.urandom(3_000_000)
    kept_input.keep_input(io.BytesIO(content))
    for _ in range(3):
        with opened_file(kept_input.STANDARD_INPUT) as stream:
            assert stream.read(10) == content[:10] and stream.read() == content[10:]


@pytest.mark.parametrize(
    ("begin", "form"),
    [(b"PAR1\x15", "parquet"), (b"ARROW1\0\0", "arrow"), (b'\xef\xbb\xbf {"x": 1}', "jsonl"), (b"a\tb\n1\t2", "tsv"),
     (b"a;b\tc\n", "csv"), (b"x\n1\n", "csv"), (b"", "csv")],
)  # fmt: skip
def test_its_first_bytes_say_what_it_is(begin, form):
    assert kept_input.keep_input(io.BytesIO(begin)) == form


def test_what_is_compressed_is_refused():
    with pytest.raises(UsageProblem, match="compressed"):
        kept_input.keep_input(io.BytesIO(b"\x28\xb5\x2f\xfd\0"))
