"""Program → source code: a function of value and gradient in another language.

The statements come from the program's own instructions and not from sympy's code printers: they are what gradcli
evaluates, operation by operation, so the numbers agree to the last digits; shared parts are computed once without
a second search for them; careful forms (`hypot`, `expm1`, a sigmoid that does not overflow) stay careful; and no
text of the user's reaches a printer: names are checked letters, literals are floats written anew. LaTeX, which
is read and not run, comes from sympy's printer.
"""
