"""The forms of a formula, and the one that is shown: the fewest operations, then the least depth, then the fewest minus signs.

As differentiated; factored over common factors; fractions joined; multiplied out; a polynomial factored; squares that
belong together joined; pieces instead of products of steps. Every form is an identity, none has a value at fewer points,
and none at a point where f has none. Sizes bound the work, and no clock does.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from gradcli.calculus.formulas.formula_cost import Cost, cost
from gradcli.calculus.formulas.formula_domains import Restrictions, restrictions
from gradcli.calculus.formulas.formula_identities import joined_squares
from gradcli.calculus.formulas.formula_pieces import pieced
from gradcli.calculus.formulas.formula_seams import apart, steps
from gradcli.calculus.formulas.formula_writing import Writer
from gradcli.calculus.formulas.terms import Term
from gradcli.calculus.sums import sum_algebra as algebra
from gradcli.calculus.sums import sum_terms as sums
from gradcli.calculus.sums.common_factors import common_product, is_nested, polynomial_factors
from gradcli.calculus.sums.sum_algebra import TooLong
from gradcli.calculus.sums.sum_terms import Atom, Number, Product, Terms

#: Products of a sum, and operations of a formula, beyond which it stays as it is.
MOST_PRODUCTS, MOST_OPERATIONS = 40, 250


#: Sums, brackets within formulas among them, whose forms are compared for the derivatives of one expression.
MOST_TRIED = 100


class Chooser:
    """Chooses among the forms of the derivatives of f, whose own restrictions are *own*."""

    def __init__(self, writer: Writer, own: Restrictions) -> None:
        self.writer, self.own = writer, own
        self.known: dict[str, Terms] = {}
        self.tried: dict[tuple[frozenset[tuple[Product, Number]], bool], Terms] = {}

    def chosen(self, terms: Terms) -> Terms:
        """The form of a whole formula that is shown."""
        if cost(self.writer.term(terms)).operations > MOST_OPERATIONS:
            return terms
        return self.best(self.inside(terms), fractions=True)

    def inside(self, terms: Terms) -> Terms:
        """The sum with its brackets and arguments in their best forms; those divided by stay."""
        parts = []
        for product, coefficient in terms.items():
            if all(base.op in ("name", "number", "constant") for base, _ in product):
                parts.append({product: coefficient})
                continue
            factors = [sums.number(coefficient)]
            for base, power in product:
                factors.append(self._factor(base, power))
            parts.append(algebra.multiplied(factors))
        return sums.added(parts)

    def _factor(self, base: Atom, power: Number) -> Terms:
        if not base.args:
            return sums.single(base, power)
        if base.op in ("where", "piecewise"):
            last = len(base.args) - 1
            args = [
                self.best(self.inside(part.terms), fractions=True) if i % 2 or i == last else part.terms
                for i, part in enumerate(base.args)
            ]
            return sums.single(sums.atom(base.op, args), power)
        if base.op == "sum" and power > 0 and power == int(power):
            return algebra.raised(self._known(base.args[0].key, base.args[0].terms), power)
        return sums.single(base, power)

    def _known(self, key: str, terms: Terms) -> Terms:
        if key not in self.known:
            self.known[key] = self.best(self.inside(terms), fractions=False)
        return self.known[key]

    def best(self, terms: Terms, *, fractions: bool) -> Terms:
        """The cheapest form of a sum."""
        terms = sums.flattened(terms)
        if len(terms) > MOST_PRODUCTS or not terms:
            return terms
        key = frozenset(terms.items()), fractions
        if key not in self.tried:
            if len(self.tried) >= MOST_TRIED:
                return terms
            self.tried[key] = terms  # where the search comes back to it, it is what it is
            self.tried[key] = self._searched(terms, fractions)
        return self.tried[key]

    def _searched(self, terms: Terms, fractions: bool) -> Terms:
        before = restrictions(terms)
        shown, least = terms, self._cost(terms, bracket=not fractions)
        for form in self._forms(terms, fractions):
            price = self._cost(form, bracket=not fractions)
            if price < least and self._is_allowed(before, restrictions(form)):
                shown, least = form, price
        return shown

    def _cost(self, terms: Terms, bracket: bool) -> Cost:
        """The cost of a sum; the sign of one in brackets can be taken out of them."""
        price = cost(self.writer.term(terms))
        return min(price, cost(self.writer.term(sums.scaled(terms, -1)))) if bracket else price

    def _is_allowed(self, before: Restrictions, after: Restrictions) -> bool:
        return after <= before and not (before - after) & self.own

    def _forms(self, terms: Terms, fractions: bool) -> Iterator[Terms]:
        if len(terms) > 1:
            yield from self._factored(terms)
            if fractions and any(power < 0 for product in terms for _, power in product):
                yield from self._joined(terms)
            yield from self._grouped(terms)
        for other in joined_squares(terms):
            yield self.best(other, fractions=fractions)
        multiplied_out = _multiplied_out(terms)
        if multiplied_out is not None:
            yield multiplied_out
            if len(multiplied_out) > 1:
                yield from self._factored(multiplied_out)
            for other in joined_squares(multiplied_out):
                yield self.best(other, fractions=False)

    def _factored(self, terms: Terms) -> Iterator[Terms]:
        """Common factors in front of a bracket, and a polynomial as the product of its factors."""
        common = common_product(terms)
        out = sums.content(terms)
        if common:
            yield self._with_bracket(terms, common)
        elif abs(out) != 1:
            yield self._with_bracket(terms, ())
        factors = polynomial_factors(terms)
        if factors is not None:
            yield factors

    def _joined(self, terms: Terms) -> Iterator[Terms]:
        """One fraction: all that is divided by taken out."""
        lowest: dict[Atom, Number] = {}
        for product in terms:
            for base, power in product:
                if power < lowest.get(base, 0) and base.op != "exp":
                    lowest[base] = power
        if lowest:
            common = dict(common_product(terms)) | lowest
            yield self._with_bracket(terms, tuple(sorted(common.items(), key=lambda item: item[0].key)))

    def _with_bracket(self, terms: Terms, common: Product) -> Terms:
        """common*(terms/common), the bracket in its best form."""
        left = algebra.inverse(common)
        inner = sums.added(
            sums.scaled(algebra.times(product, left), value) for product, value in terms.items()
        )
        if not inner:
            return inner
        out = sums.content(inner)
        inner = sums.scaled(inner, 1 / Fraction(out))
        bracket = self.best(self.inside(inner), fractions=False)
        return algebra.multiplied([sums.number(out), {common: 1}, bracket])

    def _grouped(self, terms: Terms) -> Iterator[Terms]:
        """Some of the terms over a factor that they share; never powers of one variable inside of each other."""
        if len(terms) < 3:
            return
        counts: dict[Atom, list[Product]] = {}
        for product in terms:
            for base, power in product:
                if power > 0 or base.op == "exp":
                    counts.setdefault(base, []).append(product)
        yield from self._with_fractions_grouped(terms)
        for base in sorted(counts, key=lambda base: base.key):
            group = {product: terms[product] for product in counts[base]}
            if not 1 < len(group) < len(terms):
                continue
            common = common_product(group)
            rest = {product: value for product, value in terms.items() if product not in group}
            joined = self._with_bracket(group, common)
            if not is_nested(joined, common):
                yield sums.added([rest, joined])

    def _with_fractions_grouped(self, terms: Terms) -> Iterator[Terms]:
        """Those of the terms that are divided by powers of the same as one fraction."""
        lower = sorted(
            {base for product in terms for base, power in product if power < 0}, key=lambda base: base.key
        )
        for divisor in lower:
            group = {
                product: value
                for product, value in terms.items()
                if any(b == divisor and p < 0 for b, p in product)
            }
            if 1 < len(group) < len(terms):
                rest = {product: value for product, value in terms.items() if product not in group}
                for joined in self._joined(group):
                    yield sums.added([rest, joined])


def _multiplied_out(terms: Terms) -> Terms | None:
    """The sum without brackets, where it has some and is not too long without."""
    if not any(
        base.op == "sum" and power > 0 and power == int(power) for product in terms for base, power in product
    ):
        return None
    try:
        return algebra.expanded(terms)
    except TooLong:
        return None


def form(
    terms: Terms,
    own: Restrictions,
    writer: Writer,
    *,
    one_corner: bool = False,
    along: str = "",
) -> Term:
    """The formula that is shown, as a term.

    own: the restrictions of f. one_corner: whether all corners of f lie inside of one. along: the variable of the derivative.
    """
    shown = writer.term(Chooser(writer, own).chosen(terms))
    seams = steps(terms)
    if not seams or not (one_corner or len(seams) == 1 or apart(seams)):
        return shown
    choose = Chooser(writer, frozenset()).chosen
    stepped = {product: value for product, value in terms.items() if steps({product: value})}
    rest = {product: value for product, value in terms.items() if product not in stepped}
    others = [pieced(terms, choose, along), sums.added([choose(rest), pieced(stepped, choose, along)])]
    return min(shown, *map(writer.term, others), key=cost)
