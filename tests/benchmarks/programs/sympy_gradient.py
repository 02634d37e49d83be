"""The shortest sympy script that does what `gradcli grad` does: value, formulas and gradient at a point."""

import sys

from sympy import symbols

x, y = symbols("x y")
f = x**2 + x * y + 3 + int(sys.argv[1])
at = {x: 5, y: 3}
print("value:", f.subs(at))
for v in (x, y):
    print(v, f.diff(v).subs(at), f.diff(v))
