"""Tree → formulas → program → numbers: the only wing that imports sympy."""

import sys

# sympy and mpmath would count in gmpy2 where a user has it, and GMP ends the process at a number that is too large for it,
# where Python's integers raise an error.
sys.modules.setdefault("gmpy2", None)  # type: ignore[arg-type]
