"""A stream whose child a signal ended in the midst of a problem goes on in a new child, at the problem after it.

Parent and child share a page. On it the child notes what of standard input it has read and not yet answered, and
which problem it has begun, once all answers before it are written; the answer itself is collected, and written in one
piece when the page no longer speaks of it. So a child that ends while the page speaks of a problem has answered all
before that one, and nothing of it or after it. One that ends at any other time is not replaced.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Iterator
from struct import Struct
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from gradcli.language.errors import GradcliError

T = TypeVar("T")

#: Bytes of the page: for the note, and for what was read and is not answered. What does not fit is not kept.
_NOTE, _READ = 2**14, 2**20

#: Whether the page speaks of a problem, the bytes of its note, and of what was read; -1 where that did not fit.
_HEAD = Struct("=bii")


class Note(NamedTuple):
    """What a new child has to know.

    done: problems of what was read that have their answers. before: those before it. worst: the largest status.
    header: of the table that was begun.
    """

    done: int = 0
    before: int = 0
    worst: int = 0
    header: str | None = None


class _Here:
    """What this process knows: the page, the note it began with, and how the child before it ended.

    seen: problems of what is on the page so far. held: whether lines wait for others that may follow.
    """

    page: Any = None
    note = Note()
    ended: GradcliError | None = None
    left: bytes = b""
    seen = 0
    held = False


def share() -> None:
    """Begin a page that the next children of this process will share with it."""
    from mmap import mmap

    _Here.page = mmap(-1, _HEAD.size + _NOTE + _READ)
    _HEAD.pack_into(_Here.page, 0, False, 0, 0)


def can_go_on() -> bool:
    """Whether the child that has ended was in the midst of a problem, and all before it is answered."""
    if _Here.page is None:
        return False
    speaks, _, size = _HEAD.unpack_from(_Here.page, 0)
    return bool(speaks) and size >= 0


def go_on(ended: GradcliError) -> None:
    """In the parent: the next child begins behind the problem that ended this one, with that error in its place."""
    import json

    _, length, size = _HEAD.unpack_from(_Here.page, 0)
    begins = _HEAD.size + _NOTE
    _Here.left = _Here.page[begins : begins + size]
    note = Note(*json.loads(_Here.page[_HEAD.size : _HEAD.size + length]))
    _Here.note = note._replace(done=note.done + 1)
    _Here.ended = ended
    _HEAD.pack_into(_Here.page, 0, False, length, size)


def note() -> Note:
    """Where this child begins."""
    return _Here.note


def ended() -> GradcliError | None:
    """The error that stands in the place of the problem that ended the child before this one, if any; once."""
    found, _Here.ended = _Here.ended, None
    return found


def chunk(source: Any, most: int, pending: list[bytes] | None) -> bytes:
    """The next bytes of standard input, first those that the child before has left.

    pending: of a line that has begun; None where they are not there any more.
    """
    if _Here.left:
        found, _Here.left = _Here.left, b""
        return found
    found = bytes(source.read1(most))
    if _Here.page is not None:
        _keep(found, pending)
    return found


def _keep(found: bytes, pending: list[bytes] | None) -> None:
    """Note what was read on the page, in the place of what is answered by now."""
    size = _HEAD.unpack_from(_Here.page, 0)[2]
    if not _Here.held:
        # Of a line without an end, which is its problem's only where nothing follows, the answer may be there already.
        done = max(_Here.note.done - _Here.seen, 0)
        _Here.note = Note(done, _Here.note.before + _Here.seen)
        _Here.seen, size = 0, -1 if pending is None else 0
        found = b"".join((*(pending or ()), found))
    if size < 0 or size + len(found) > _READ:
        _HEAD.pack_into(_Here.page, 0, False, 0, -1)
        return
    begins = _HEAD.size + _NOTE + size
    _Here.page[begins : begins + len(found)] = found
    _HEAD.pack_into(_Here.page, 0, False, 0, size + len(found))


def hold(held: bool) -> None:
    """Lines that are held are not answered yet."""
    _Here.held = held


def unanswered(documents: Iterable[T]) -> Iterator[T]:
    """The documents that no child before has answered."""
    for document in documents:
        _Here.seen += 1
        if _Here.seen > _Here.note.done:
            yield document


def at_risk(work: Callable[[], int], worst: int, header: str | None) -> int:
    """Do *work*, which writes one answer; its status. worst, header: of the answers before."""
    if _Here.page is None:
        return work()
    real = sys.stdout
    real.flush()
    _speak(Note(_Here.seen - 1, _Here.note.before, worst, header))
    sys.stdout = collected = _Collected(real)
    try:
        return work()
    finally:
        sys.stdout = real
        collected.deliver()


def _speak(note: Note) -> None:
    """The page speaks of a problem from now on, unless it has no room for that."""
    import json

    text = json.dumps(note).encode()
    size = _HEAD.unpack_from(_Here.page, 0)[2]
    if size < 0 or len(text) > _NOTE:
        return
    _Here.page[_HEAD.size : _HEAD.size + len(text)] = text
    _HEAD.pack_into(_Here.page, 0, True, len(text), size)


class _Collected(io.StringIO):
    """An answer on its way to stdout: all of it, or nothing while the page speaks of its problem."""

    def __init__(self, stream: Any) -> None:
        super().__init__(newline="")
        self.stream = stream

    def isatty(self) -> bool:
        """Whether the answer will be read on a terminal."""
        return bool(self.stream.isatty())

    def fileno(self) -> int:
        """Where it goes."""
        return int(self.stream.fileno())

    def flush(self) -> None:
        """Send what there is: from now on the page speaks of no problem."""
        self.deliver()
        self.stream.flush()

    def deliver(self) -> None:
        """Hand over what there is, and what comes."""
        _, length, size = _HEAD.unpack_from(_Here.page, 0)
        _HEAD.pack_into(_Here.page, 0, False, length, size)
        text = self.getvalue()
        self.seek(0)
        self.truncate()
        self.stream.write(text)
