"""Machine code that calls a function of Python's, for what only Python computes: its own hypot, balls, exact sums.

The function runs while the interpreter's lock is held. Where it raises, the code stops at the end of its step and
leaves it to ctypes to raise the same: an interrupt in it is not lost.
"""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.calculus.native.certain_sums import sure, two_sum
from gradcli.calculus.native.machine_lines import MachineLines

_API = {
    "tuple": "PyTuple_New", "put": "PyTuple_SetItem", "real": "PyFloat_FromDouble", "call": "PyObject_CallObject",
    "number": "PyFloat_AsDouble", "drop": "Py_DecRef",
}  # fmt: skip

_CALL = """
@stopped = internal global i32 0
define internal double @python(ptr %function, ptr %numbers, i64 %count) noinline {{
entry:
  %before = load i32, ptr @stopped
  %late = icmp ne i32 %before, 0
  br i1 %late, label %lost, label %begin
begin:
  %tuple = call ptr {tuple}(i64 %count)
  %none = icmp eq ptr %tuple, null
  br i1 %none, label %failed, label %fill
fill:
  %i = phi i64 [0, %begin], [%next, %filled]
  %place = getelementptr double, ptr %numbers, i64 %i
  %x = load double, ptr %place
  %item = call ptr {real}(double %x)
  %empty = icmp eq ptr %item, null
  br i1 %empty, label %failed, label %filled
filled:
  %put = call i32 {put}(ptr %tuple, i64 %i, ptr %item)
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %count
  br i1 %more, label %fill, label %full
full:
  %found = call ptr {call}(ptr %function, ptr %tuple)
  call void {drop}(ptr %tuple)
  %raised = icmp eq ptr %found, null
  br i1 %raised, label %failed, label %done
done:
  %result = call double {number}(ptr %found)
  call void {drop}(ptr %found)
  ret double %result
failed:
  store i32 1, ptr @stopped
  br label %lost
lost:
  ret double 0x7FF8000000000000
}}
"""

#: The exact sum, correctly rounded: sums and their errors without loss (Knuth's TwoSum; Ogita, Rump & Oishi, Accurate sum
#: and dot product, 2005), and Python's own where a bound of what is left leaves the rounding open.
_EXACT_SUM = "\n".join([
    sure("sure_of_terms"), "define internal double @exact_sum(ptr %numbers, i64 %count) noinline {", "entry:", "br label %loop",
    "loop:", "%i = phi i64 [0, %entry], [%next, %loop]",
    *(f"%{one} = phi double [0.0, %entry], [%{one}n, %loop]" for one in "scd"),
    "%place = getelementptr double, ptr %numbers, i64 %i", "%x = load double, ptr %place",
    *two_sum("double", "%s", "%x", "%sn", "%e"), *two_sum("double", "%c", "%e", "%cn", "%f"),
    "%a = call double @llvm.fabs.f64(double %f)", "%dn = fadd double %d, %a", "%next = add i64 %i, 1",
    "%more = icmp slt i64 %next, %count", "br i1 %more, label %loop, label %end",
    "end:", *two_sum("double", "%sn", "%cn", "%r", "%rest"), "%bound = fmul double %dn, 4.0",
    "%sure = call i1 @sure_of_terms(double %r, double %rest, double %bound)",
    "%lost = fcmp uno double %r, %r", "%known = or i1 %sure, %lost", "br i1 %known, label %done, label %ask",
    "ask:", "%asked = call double @python(ptr inttoptr (i64 PLACE to ptr), ptr %numbers, i64 %count)",
    "ret double %asked", "done:", "ret double %r", "}", "",
])  # fmt: skip

#: The factor that brings a norm down to a limit: 1 where a plain sum of squares shows that it is smaller by far.
_SHRINKING = """
define internal double @shrinking(double %limit, double %beside, ptr %numbers, i64 %count) noinline {{
entry:
  br label %loop
loop:
  %i = phi i64 [0, %entry], [%next, %loop]
  %s = phi double [0.0, %entry], [%t, %loop]
  %place = getelementptr double, ptr %numbers, i64 %i
  %x = load double, ptr %place
  %square = fmul double %x, %x
  %t = fadd double %s, %square
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %count
  br i1 %more, label %loop, label %end
end:
  %root = call double @llvm.sqrt.f64(double %t)
  %size = fadd double %root, %beside
  %bound = fmul double %limit, 0x3FEFFFEF39085F4A
  %inside = fcmp olt double %size, %bound
  %usual = fcmp ogt double %limit, 1.0e-100
  %sure = and i1 %inside, %usual
  br i1 %sure, label %small, label %ask
small:
  ret double 1.0
ask:
  %hypot = call double @python(ptr inttoptr (i64 {hypot} to ptr), ptr %numbers, i64 %count)
  %norm = fadd double %hypot, %beside
  %large = fcmp ogt double %norm, %limit
  %ratio = fdiv double %limit, %norm
  %factor = select i1 %large, double %ratio, double 1.0
  ret double %factor
}}
"""


def exact_sum(m: MachineLines, terms: Sequence[str]) -> str:
    """The sum of the terms, correctly rounded; where it is too large the block does not hold."""
    found = _over_numbers(m, terms, "call double @exact_sum(ptr @numbers, i64 {count})")
    m.watch(found)
    return found


def shrinking(m: MachineLines, limit: str, beside: str, partials: Sequence[str]) -> str:
    """What a gradient is multiplied with for its norm to be *limit* at most."""
    call = f"call double @shrinking(double {limit}, double {beside}, ptr @numbers, i64 {{count}})"
    return _over_numbers(m, partials, call)


def python_call(m: MachineLines, place: int, numbers: Sequence[str]) -> str:
    """The answer of the Python function at that address."""
    call = f"call double @python(ptr inttoptr (i64 {place} to ptr), ptr @numbers, i64 {{count}})"
    return _over_numbers(m, numbers, call)


def _over_numbers(m: MachineLines, numbers: Sequence[str], call: str) -> str:
    m.calls_python, m.widest = True, max(m.widest, len(numbers))
    return m.fresh(call.format(count=len(numbers)), numbers)


def helpers(m: MachineLines) -> str:
    """The functions that a block with such calls needs."""
    if not m.calls_python:
        return ""
    import ctypes
    import math

    from gradcli.calculus.program import instructions

    places = {
        name: f"inttoptr (i64 {ctypes.cast(getattr(ctypes.pythonapi, of), ctypes.c_void_p).value} to ptr)"
        for name, of in _API.items()
    }
    return "".join([
        f"@numbers = internal global [{m.widest} x double] zeroinitializer\n",
        _CALL.format(**places), _EXACT_SUM.replace("PLACE", str(id(instructions.exact_sum))),
        _SHRINKING.format(hypot=id(math.hypot)),
    ])  # fmt: skip
