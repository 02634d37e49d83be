"""Additions whose rounding errors are known, and when a sum is surely the float nearest to what it stands for."""

from __future__ import annotations


def two_sum(kind: str, a: str, b: str, total: str, error: str) -> list[str]:
    """*total* = a + b, and *error* is what its rounding took away, exactly (Knuth, The Art of Computer Programming, 4.2.2)."""
    stem = f"%t{total[1:]}"
    return [
        f"{total} = fadd {kind} {a}, {b}", f"{stem}a = fsub {kind} {total}, {a}", f"{stem}b = fsub {kind} {total}, {stem}a",
        f"{stem}c = fsub {kind} {a}, {stem}b", f"{stem}d = fsub {kind} {b}, {stem}a",
        f"{error} = fadd {kind} {stem}c, {stem}d",
    ]  # fmt: skip


def sure(name: str) -> str:
    """A function @NAME(r, rest, bound) → whether r is the float nearest to each number within *bound* of r + rest.

    Rounding to the nearest keeps the order: where both ends of what the sum can be are rounded to r, the sum is. Without a
    bound nothing was lost, and r is nearest to r + rest.
    """
    return f"""
define internal i1 @{name}(double %r, double %rest, double %bound) {{
  %exact = fcmp oeq double %bound, 0.0
  %size = call double @llvm.fabs.f64(double %rest)
  %slack = fmul double %size, 0x3CD0000000000000
  %wide = fadd double %bound, %slack
  %top = fadd double %rest, %wide
  %bottom = fsub double %rest, %wide
  %higher = fadd double %r, %top
  %lower = fadd double %r, %bottom
  %same1 = fcmp oeq double %higher, %r
  %same2 = fcmp oeq double %lower, %r
  %same = and i1 %same1, %same2
  %sure = or i1 %exact, %same
  ret i1 %sure
}}
"""
