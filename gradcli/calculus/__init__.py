"""Tree → formulas → program → numbers: the only wing that imports sympy."""

import os
import sys

# sympy and mpmath would count in gmpy2 where a user has it, and GMP ends the process at a number that is too large for it,
# where Python's integers raise an error.
sys.modules.setdefault("gmpy2", None)  # type: ignore[arg-type]

# NumPy's algebra is not used, and each of its threads takes address space, of which there may be little (--limit memory).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
