"""Where a sum has no value, read off what it is made of: a form may lose a pole, but never one of f itself."""

from __future__ import annotations

from gradcli.calculus.sums.sum_terms import Atom, Product, Terms, atom
from gradcli.language.function_table import FUNCTIONS

#: Calls that are never 0, and calls that are never negative.
_ABOVE = ("exp", "cosh", "sech", "sigmoid", "softplus")
_NOT_BELOW = ("abs", "heaviside", "relu", "hypot", *_ABOVE)


#: Functions with the poles of 1 over another.
_POLES_OF = {"tan": "cos", "sec": "cos", "cot": "sin", "csc": "sin", "coth": "sinh", "csch": "sinh"}


#: What may keep a sum from having a value: kinds, and what they are of.
Restrictions = frozenset[tuple[str, Atom]]


def restrictions(terms: Terms) -> Restrictions:
    """What may keep the sum from having a value: its poles, its roots, its powers, and calls with a domain."""
    found: set[tuple[str, Atom]] = set()
    _collect(terms, found, set())
    return frozenset(found)


def _collect(terms: Terms, found: set[tuple[str, Atom]], seen: set[Atom]) -> None:
    for product in terms:
        for base, power in product:
            if power < 0 and not _is_never_0(base):
                found.add(("pole", base))
            if power != int(power):
                found.add(("root", base))
            if base in seen:
                continue
            seen.add(base)
            row = FUNCTIONS.get(base.op)
            if base.op in _POLES_OF:
                found.add(("pole", atom(_POLES_OF[base.op], [base.args[0].terms])))
            elif base.op == "**" or (row is not None and (row.domain or row.meaning)):
                found.add(("call", base))
            for part in base.args:
                _collect(part.terms, found, seen)


def _is_never_0(base: Atom) -> bool:
    if base.op in _ABOVE or base.op in ("number", "constant"):
        return True
    return base.op == "sum" and is_positive(base.args[0].terms)


def is_positive(terms: Terms) -> bool:
    """Whether the sum is above 0 by its form: 1 + x**2, 1 + exp(x)."""
    return (
        all(value > 0 for value in terms.values())
        and all(_is_not_below_0(product) for product in terms)
        and any(all(base.op in _ABOVE for base, _ in product) for product in terms)
    )


def _is_not_below_0(product: Product) -> bool:
    return all(power % 2 == 0 or base.op in _NOT_BELOW or power % 1 for base, power in product)


def poles(terms: Terms) -> frozenset[Atom]:
    """The bases of f that are divided by, or whose logarithm is taken."""
    all_of_them = restrictions(terms)
    found = {base for kind, base in all_of_them if kind == "pole"}
    for kind, base in all_of_them:
        if kind == "call" and base.op != "**":
            found |= {part for argument in base.args for product in argument.terms for part, _ in product}
    return frozenset(found)
