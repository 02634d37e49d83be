"""The C library's functions of several numbers at once (glibc's libmvec): they are off by up to four last places."""

from __future__ import annotations

import platform
import sys
from functools import cache
from typing import Any, NamedTuple

from gradcli.calculus.native.library_calls import ONE_NUMBER, TWO_NUMBERS, address

#: How many numbers at once, the letter of the names of those functions, and what the processor must have for them
#: (Vector Function Application Binary Interface Specification for OpenMP).
_WIDTHS = ((8, "e", ("avx512f", "avx512dq")), (4, "d", ("avx2", "fma")), (2, "b", ("sse4.1",)))


class VectorFunction(NamedTuple):
    """Where it is, and how many numbers it takes at once."""

    place: int
    width: int


@cache
def vector_function(scalar: int) -> VectorFunction | None:
    """What takes several numbers at once where the C library's function *at that address* takes one; None without it."""
    name = _names().get(scalar)
    library, kind = _library(), _kind()
    if name is None or library is None or kind is None:
        return None
    width, letter = kind
    try:
        found = getattr(library, f"_ZGV{letter}N{width}{'v' if name in ONE_NUMBER else 'vv'}_{name}")
    except AttributeError:
        return None
    import ctypes

    place = ctypes.cast(found, ctypes.c_void_p).value
    return None if place is None else VectorFunction(place, width)


@cache
def _names() -> dict[int, str]:
    found = ((address(name), name) for name in (*ONE_NUMBER, *TWO_NUMBERS))
    return {place: name for place, name in found if place is not None}


@cache
def _library() -> Any:
    import ctypes

    if not sys.platform.startswith("linux") or platform.machine() != "x86_64":
        return None
    try:
        return ctypes.CDLL("libmvec.so.1")
    except OSError:
        return None


@cache
def _kind() -> tuple[int, str] | None:
    """The widest that this processor has."""
    import llvmlite.binding as llvm

    has = llvm.get_host_cpu_features()
    return next(((n, letter) for n, letter, needs in _WIDTHS if all(has.get(one) for one in needs)), None)


@cache
def numbers_of_a_register() -> int:
    """How many numbers an instruction of this processor takes at once."""
    import llvmlite.binding as llvm

    has = llvm.get_host_cpu_features()
    return 8 if has.get("avx512f") else 4 if has.get("avx") else 2
