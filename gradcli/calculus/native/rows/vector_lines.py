"""Lines of one row → lines of some rows, each in a vector: the same operations on each of them, whatever the others are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from gradcli.calculus.native.machine_lines import INTRINSICS
from gradcli.calculus.native.vector_calls import numbers_of_a_register, vector_function

_TOKEN = re.compile(r"\b(?:double|i1)\b|\btrue\b|\bfalse\b|0x[0-9A-F]{16}|(?<=\.)f64\b")
_CALL = re.compile(r"(%\w+) = call double inttoptr \(i64 (\d+) to ptr\)\((.*)\) #0")

#: Of two registers neither waits for the other.
_AT_ONCE = 2


@cache
def lanes() -> int:
    """Rows of a vector: some times what a register of this processor has."""
    return _AT_ONCE * numbers_of_a_register()


def vector_header() -> str:
    """What LLVM itself carries out, on vectors."""
    kind = vector_type("double")
    return "\n".join(
        f"declare {kind} @llvm.{name}.v{lanes()}f64({', '.join([kind] * count)})"
        for name, count in INTRINSICS.items()
    )


def vector_type(kind: str) -> str:
    """That of so many doubles, or of conditions (i1)."""
    return f"<{lanes()} x {kind}>"


def vector_of(kind: str, one: str) -> str:
    """A constant in each place: kind is double or i1."""
    return f"<{', '.join([f'{kind} {one}'] * lanes())}>"


def shared_by_all(name: str, number: str) -> Iterator[str]:
    """The vector *name*, with a number in each place."""
    whole = vector_type("double")
    yield f"{name}.first = insertelement {whole} poison, double {number}, i64 0"
    yield f"{name} = shufflevector {whole} {name}.first, {whole} poison, <{lanes()} x i32> zeroinitializer"


def in_vectors(lines: Iterable[str]) -> Iterator[str]:
    """The lines, which have numbers and conditions alone."""
    for line in lines:
        call = _CALL.fullmatch(line)
        if call is None:
            yield on_vectors(line)
        else:
            name, place, given = call.groups()
            yield from _called(name, int(place), [on_vectors(one) for one in given.split(", ")])


def on_vectors(text: str) -> str:
    """What it says of numbers and conditions, of vectors of them."""
    return _TOKEN.sub(_widened, text)


def _widened(token: re.Match[str]) -> str:
    text = token.group()
    if text in ("double", "i1"):
        return vector_type(text)
    if text == "f64":
        return f"v{lanes()}f64"
    return vector_of("i1" if text in ("true", "false") else "double", text)


def _called(name: str, place: int, given: list[str]) -> Iterator[str]:
    """A call of the C library, for so many numbers at once as it takes."""
    found = vector_function(place)
    if found is not None and found.width == lanes():
        yield f"{name} = call {vector_type('double')} inttoptr (i64 {found.place} to ptr)({', '.join(given)}) #0"
        return
    place, width = found or (place, 1)
    parts = []
    for first in range(0, lanes(), width):
        few = []
        for order, one in enumerate(given):
            few.append(f"{name}.{first}.{order}")
            yield f"{few[-1]} = {_part(one, first, width)}"
        kind = f"<{width} x double>" if width > 1 else "double"
        numbers = ", ".join(f"{kind} {one}" for one in few)
        parts.append(f"{name}.{first}")
        yield f"{parts[-1]} = call {kind} inttoptr (i64 {place} to ptr)({numbers}) #0"
    yield from _joined(name, parts, width)


def _part(vector: str, first: int, width: int) -> str:
    if width == 1:
        return f"extractelement {vector}, i64 {first}"
    places = ", ".join(f"i32 {first + i}" for i in range(width))
    return f"shufflevector {vector}, {vector_type('double')} poison, <{width} x i32> <{places}>"


def _joined(name: str, parts: list[str], width: int) -> Iterator[str]:
    """The vector of the parts: two and two, or one number after the other."""
    if width == 1:
        whole = "poison"
        for i, one in enumerate(parts):
            into = name if i == len(parts) - 1 else f"{name}.w{i}"
            yield f"{into} = insertelement {vector_type('double')} {whole}, double {one}, i64 {i}"
            whole = into
        return
    while len(parts) > 1:
        kind, longer = f"<{width} x double>", []
        for i in range(0, len(parts), 2):
            longer.append(name if len(parts) == 2 else f"{parts[i]}.w")
            places = ", ".join(f"i32 {k}" for k in range(2 * width))
            yield (f"{longer[-1]} = shufflevector {kind} {parts[i]}, {kind} {parts[i + 1]}, "
                   f"<{2 * width} x i32> <{places}>")  # fmt: skip
        parts, width = longer, 2 * width
