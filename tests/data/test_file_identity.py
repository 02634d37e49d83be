"""A file that has changed since is told from one that has not."""

from __future__ import annotations

import hashlib
import os

import pytest

from gradcli.data.readers.file_identity import file_identity, is_changed, may_be_changed
from gradcli.language.errors import InputProblem


def test_what_is_kept_of_a_file(tmp_path, monkeypatch):
    """Its absolute path, size, time, and the digest of both ends, which may be the same bytes."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"x\n1\n")
    os.utime(path, ns=(5, 7_000_000_000))
    monkeypatch.chdir(tmp_path)
    digest = hashlib.blake2b(b"x\n1\nx\n1\n", digest_size=16).hexdigest()
    assert file_identity("a.csv") == (str(path), 4, 7_000_000_000, digest)


def test_changes_are_seen(tmp_path):
    """Of the size, the beginning or the end; a new time alone may be one of the middle."""
    path = tmp_path / "a.csv"
    content = b"x\n" + b"1\n" * 200_000
    path.write_bytes(content)
    before = file_identity(str(path))
    assert not may_be_changed(before, file_identity(str(path)))
    for changed in (content + b"2\n", content[:-2] + b"3\n", b"y" + content[1:], b""):
        path.write_bytes(changed)
        assert is_changed(before, file_identity(str(path)))
    path.write_bytes(content[:200_000] + b"7" + content[200_001:])
    os.utime(path, ns=(0, before.time + 1))
    assert not is_changed(before, file_identity(str(path))) and may_be_changed(
        before, file_identity(str(path))
    )


def test_only_regular_files_have_one(tmp_path):
    """A folder, a pipe and nothing are a sentence."""
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", ".", "none"):
        with pytest.raises(InputProblem):
            file_identity(str(tmp_path / name))
