"""Whether machine code can be made here, and when it is worth while: estimates, never clocks."""

from __future__ import annotations

import sys
from functools import cache

from gradcli.language.limits import for_strangers

#: What the user may ask for: `auto` is native code where it pays and can be made, and NumPy for many rows without it.
BACKENDS = ("auto", "python", "native", "numpy")

#: Nanoseconds that an instruction takes in Python; what native code costs before it begins, for each line that is written
#: for LLVM, and for each line that is left once those that repeat themselves are loops.
IN_PYTHON, BEGIN, EACH_LINE, EACH_LEFT = 35.0, 120e6, 12e3, 150e3

#: Megabytes of address space that LLVM takes with its library, and for each line: twice what was measured.
LIBRARY, MEGABYTES_OF_LINE = 320.0, 0.005

#: More lines are not given to LLVM.
MOST_LINES = 1_000_000


def pays(nanoseconds: float, lines: int, left: int = 0) -> bool:
    """Whether what takes so long in Python is worth making code of so many lines, *left* once there are loops."""
    return nanoseconds > 2 * (BEGIN + EACH_LINE * lines + EACH_LEFT * left)


def obstacle(lines: int) -> str | None:
    """Why no machine code of so many lines can be made here; None where it can."""
    if for_strangers():
        return "--limit service turns it off"
    if sys.implementation.name != "cpython" or not _is_installed():
        return 'llvmlite is not installed: pip install "gradcli[native]"'
    if lines > MOST_LINES:
        return f"the program is too long for it, with about {lines} lines where {MOST_LINES} are the most"
    needed, left = (
        LIBRARY * ("llvmlite" not in sys.modules) + MEGABYTES_OF_LINE * lines,
        _address_space_left(),
    )
    if left is not None and needed > left:
        return f"the limit on memory leaves it {left:.0f} megabytes, and it may need {needed:.0f}"
    if not _pages_may_run():
        return "this system lets no page be written and then run"
    return None


@cache
def _is_installed() -> bool:
    from importlib.util import find_spec

    return find_spec("llvmlite") is not None


def _address_space_left() -> float | None:
    """Megabytes that this process may still take; None where there is no limit."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    soft = resource.getrlimit(resource.RLIMIT_AS)[0]
    if soft == resource.RLIM_INFINITY:
        return None
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123  (no module for one line)
            taken = int(file.read().split()[0]) * resource.getpagesize()
    except OSError:  # a system without it
        taken = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return (soft - taken) / 2**20


@cache
def _pages_may_run() -> bool:
    """Whether a page that was written may be made one that runs: hardened kernels forbid it."""
    if sys.platform == "win32":
        return True
    import ctypes
    import mmap

    try:
        protect = ctypes.CDLL(None).mprotect
        page = mmap.mmap(-1, mmap.PAGESIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    except (AttributeError, OSError):
        return False
    protect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    place = ctypes.addressof(ctypes.c_char.from_buffer(page))
    return bool(protect(place, mmap.PAGESIZE, mmap.PROT_READ | mmap.PROT_EXEC) == 0)
