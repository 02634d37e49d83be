"""Sums of many terms as machine code, with what each addition loses, so that their rounding is certain.

Eight sums run side by side. What an addition rounds off is added to a second sum, what that rounds off to a third (Knuth's
TwoSum; Ogita, Rump & Oishi, "Accurate sum and dot product", SIAM J. Sci. Comput. 26, 2005, algorithm 4.8): the sum is that
of all these numbers up to what the last one rounds off, whose absolute values are added up. Where this bound leaves open
to which float the sum is nearest, the answer is nan, and whoever asked adds up in another way.
"""

from __future__ import annotations

from typing import NamedTuple

#: Sums side by side: two of four lanes keep a processor busy.
LANES = 8

_WIDE = f"<{LANES} x double>"


class SumCode(NamedTuple):
    """Sums with so many numbers for each lane; `memory` doubles hold one: these numbers, and the bound, by lanes."""

    levels: int

    @property
    def memory(self) -> int:
        """Doubles that a sum takes."""
        return LANES * (self.levels + 1)

    @property
    def name(self) -> str:
        """The function that adds: (terms, how many, the sum). Their number is a multiple of LANES."""
        return f"@added{self.levels}"

    def text(self) -> str:
        """The function."""
        names = [f"%s{j}" for j in range(self.levels)] + ["%g"]
        places = [f"%p{j} = getelementptr double, ptr %sum, i64 {LANES * j}" for j in range(len(names))]
        reads = [f"%b{j} = load {_WIDE}, ptr %p{j}, align 8" for j in range(len(names))]
        phis = [f"{name} = phi {_WIDE} [%b{j}, %entry], [{name}n, %loop]" for j, name in enumerate(names)]
        body, term = list[str](), "%x"
        for j in range(self.levels):
            body += two_sum(_WIDE, f"%s{j}", term, f"%s{j}n", f"%e{j}")
            term = f"%e{j}"
        writes = [f"store {_WIDE} {name}n, ptr %p{j}, align 8" for j, name in enumerate(names)]
        return "\n".join([
            f"define internal void {self.name}(ptr noalias %terms, i64 %count, ptr noalias %sum) {{", "entry:",
            *places, *reads, "br label %loop", "loop:", "%i = phi i64 [0, %entry], [%next, %loop]", *phis,
            "%at = getelementptr double, ptr %terms, i64 %i", f"%x = load {_WIDE}, ptr %at, align 8", *body,
            f"%lost = call {_WIDE} @llvm.fabs.v{LANES}f64({_WIDE} {term})", f"%gn = fadd {_WIDE} %g, %lost",
            f"%next = add i64 %i, {LANES}", "%more = icmp ult i64 %next, %count",
            "br i1 %more, label %loop, label %end", "end:", *writes, "ret void", "}",
        ])  # fmt: skip


def two_sum(kind: str, a: str, b: str, total: str, error: str) -> list[str]:
    """*total* = a + b, and *error* is what its rounding took away, exactly (Knuth, The Art of Computer Programming, 4.2.2)."""
    stem = f"%t{total[1:]}"
    return [
        f"{total} = fadd {kind} {a}, {b}", f"{stem}a = fsub {kind} {total}, {a}", f"{stem}b = fsub {kind} {total}, {stem}a",
        f"{stem}c = fsub {kind} {a}, {stem}b", f"{stem}d = fsub {kind} {b}, {stem}a",
        f"{error} = fadd {kind} {stem}c, {stem}d",
    ]  # fmt: skip


#: The functions of a sum that is rounded at once: two numbers for each lane.
QUICK = SumCode(2)

#: The sum of a QUICK one rounded to a float; nan where its bound leaves open to which.
_ROUNDED = f"""
define internal double @rounded(ptr %sum) {{{{
entry:
  br label %loop
loop:
  %i = phi i64 [0, %entry], [%next, %loop]
  %s = phi double [0.0, %entry], [%sn, %loop]
  %c = phi double [0.0, %entry], [%cn, %loop]
  %g = phi double [0.0, %entry], [%gn, %loop]
  %at = getelementptr double, ptr %sum, i64 %i
  %x = load double, ptr %at
{{steps}}
  %lost = call double @llvm.fabs.f64(double %f)
  %gn = fadd double %g, %lost
  %next = add i64 %i, 1
  %more = icmp ult i64 %next, {LANES * QUICK.levels}
  br i1 %more, label %loop, label %bounds
bounds:
  %j = phi i64 [{LANES * QUICK.levels}, %loop], [%jn, %bounds]
  %h = phi double [%gn, %loop], [%hn, %bounds]
  %of = getelementptr double, ptr %sum, i64 %j
  %own = load double, ptr %of
  %hn = fadd double %h, %own
  %jn = add i64 %j, 1
  %left = icmp ult i64 %jn, {LANES * (QUICK.levels + 1)}
  br i1 %left, label %bounds, label %end
end:
{{last}}
  %exact = fcmp oeq double %hn, 0.0
  %wider = fmul double %hn, 4.0
  %size = call double @llvm.fabs.f64(double %rest)
  %slack = fmul double %size, 0x3CD0000000000000
  %wide = fadd double %wider, %slack
  %high = fadd double %rest, %wide
  %low = fsub double %rest, %wide
  %above = fadd double %r, %high
  %below = fadd double %r, %low
  %same1 = fcmp oeq double %above, %r
  %same2 = fcmp oeq double %below, %r
  %same = and i1 %same1, %same2
  %sure = or i1 %exact, %same
  %answer = select i1 %sure, double %r, double 0x7FF8000000000000
  ret double %answer
}}}}
"""


def quick_sums() -> str:
    """The functions @added2 and @rounded."""
    steps = [*two_sum("double", "%s", "%x", "%sn", "%e"), *two_sum("double", "%c", "%e", "%cn", "%f")]
    last = two_sum("double", "%sn", "%cn", "%r", "%rest")
    declared = f"declare {_WIDE} @llvm.fabs.v{LANES}f64({_WIDE})\n"
    rounded = _ROUNDED.format(steps="\n".join(steps), last="\n".join(last))
    return declared + QUICK.text() + rounded
