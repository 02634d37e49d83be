"""Sums of products → terms as a person writes them: names before brackets before calls, a plus in front where there is one."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

from gradcli.calculus.formulas.formula_cost import cost
from gradcli.calculus.formulas.terms import ONE, ZERO, Term, divided, negative, raised
from gradcli.calculus.formulas.terms import number as literal
from gradcli.calculus.sums import sum_algebra as algebra
from gradcli.calculus.sums import sum_terms as sums
from gradcli.calculus.sums.sum_terms import Atom, Number, Product, Terms
from gradcli.calculus.symbolic.decimal_fractions import decimal_text


class Writer:
    """Writes sums as terms: with decimals where the user wrote decimals, and avoiding the names in *taken*.

    poles: bases whose powers may not be joined where that would take a pole away. typed: the keys of sums whose signs
    the user chose.
    """

    def __init__(
        self, decimal: bool, taken: Collection[str], poles: Collection[Atom], typed: Collection[str] = ()
    ) -> None:
        self.decimal, self.taken, self.poles, self.typed = decimal, taken, poles, typed
        self.known: dict[str, Term] = {}

    def term(self, terms: Terms) -> Term:
        """The sum as a term."""
        if not terms:
            return ZERO
        parts = [self._product(product, terms[product]) for product in self._ordered(terms)]
        return parts[0] if len(parts) == 1 else Term("+", tuple(parts))

    def _ordered(self, terms: Terms) -> list[Product]:
        """The products in order; where the first is taken away, backwards or with the first that is added in front."""
        products = sorted(terms, key=sums.order)
        if terms[products[0]] > 0 or all(value < 0 for value in terms.values()):
            return products
        if terms[products[-1]] > 0 and len({base for product in products for base, _ in product}) == 1:
            return products[::-1]
        front = next(product for product in products if terms[product] > 0)
        return [front, *(product for product in products if product != front)]

    def _product(self, product: Product, coefficient: Number) -> Term:
        plain = self._with_sign(product, coefficient)
        places = [i for i, (base, power) in enumerate(product) if base.op == "sum" and power == int(power)]
        if not places:
            return plain
        turned, sign = self._turned(product, places, coefficient < 0)
        if turned == product:
            return plain
        other = self._with_sign(turned, -coefficient if sign else coefficient)
        chosen = any(base.args[0].key in self.typed for base, _ in turned if base.op == "sum")
        return min((other, plain) if chosen else (plain, other), key=cost)

    def _turned(self, product: Product, places: list[int], minus: bool) -> tuple[Product, bool]:
        """The product with the signs of brackets turned to those that the user chose, or to take a minus in front.

        Beside it whether that turns the sign of the whole.
        """
        items = list(product)
        odd = [place for place in places if product[place][1] % 2]
        wanted = [place for place in places if self._is_turned(product[place][0])]
        turned = [place for place in wanted if place in odd]
        if len(turned) % 2 != minus:
            others = [place for place in odd if place not in turned]
            turned = turned[:-1] if not minus else [*turned, *others[:1]] if others else turned[:-1]
        for place in {*turned, *(place for place in wanted if place not in odd)}:
            base, power = product[place]
            items[place] = (sums.atom("sum", [sums.scaled(base.args[0].terms, -1)]), power)
        return tuple(items), len(turned) % 2 == 1

    def _is_turned(self, base: Atom) -> bool:
        """Whether the user typed this bracket with the other sign."""
        if base.args[0].key in self.typed or not self.typed:
            return False
        return sums.seal(sums.scaled(base.args[0].terms, -1)).key in self.typed

    def _with_sign(self, product: Product, coefficient: Number) -> Term:
        size = abs(Fraction(coefficient))
        upper, lower = self._factors(product)
        written = self._decimal(size) if size.denominator > 1 else None
        if written is not None:
            numerator = [written, *upper]
        else:
            numerator = [*([] if size.numerator == 1 else [self.number(size.numerator)]), *upper]
            if size.denominator > 1:
                lower = [self.number(size.denominator), *lower]
        whole = divided(_chained(numerator), _chained(lower))
        return negative(whole) if coefficient < 0 else whole

    def _factors(self, product: Product) -> tuple[list[Term], list[Term]]:
        """What is multiplied with, and what is divided by."""
        powers = dict(product)
        upper: list[Term] = []
        lower: list[Term] = []
        joined = [self._joined(base, powers, lower) for base, _ in product if base.op == "**"]
        joined = [power for power in joined if power != ONE]
        for base, power in powers.items():
            if base.op == "exp":
                upper.append(self._exponential(base, power))
            elif base.op != "**" and power > 0:
                upper.append(self._power(base, power))
            elif base.op != "**":
                lower.append(self._power(base, -power))
        return _arranged(upper, joined), lower

    def _joined(self, base: Atom, powers: dict[Atom, Number], lower: list[Term]) -> Term:
        """x**y*x**-1 as x**(y - 1), and what it takes is taken from *powers*; 2**-x goes below as 2**x."""
        inner = base.args[0].terms
        exponent = sums.scaled(base.args[1].terms, powers[base])
        plain = _plain(inner)
        if plain and plain.op == "**":  # which is joined with what it is a power of
            plain = None
        shift = powers.get(plain, 0) if plain else 0
        if plain and shift and not (shift < 0 and plain in self.poles):
            exponent = sums.added([exponent, sums.number(shift)])
            del powers[plain]
        value = sums.constant(inner)
        if value is not None and value > 0 and len(exponent) == 1 and min(exponent.values()) < 0:
            lower.append(raised(self.term(inner), self.term(sums.scaled(exponent, -1))))
            return ONE
        return raised(self.term(inner), self.term(exponent))

    def _exponential(self, base: Atom, power: Number) -> Term:
        exponent = sums.scaled(base.args[0].terms, power)
        if exponent == sums.ONE and "e" not in self.taken:
            return Term("constant", (), "e")
        self._check("exp")
        return Term("exp", (self.term(exponent),))

    def _check(self, function: str) -> None:
        """Raises TooLong for a function whose name is the user's own."""
        if function in self.taken:
            raise algebra.TooLong

    def _power(self, base: Atom, power: Number) -> Term:
        if power == Fraction(1, 2):
            self._check("sqrt")
            return Term("sqrt", (self.atom(base),))
        return raised(self.atom(base), self._rational(Fraction(power)))

    def atom(self, base: Atom) -> Term:
        """One atom as a term."""
        known = self.known.get(base.key)
        if known is None:
            known = self.known[base.key] = self._atom(base)
        return known

    def _atom(self, base: Atom) -> Term:
        if base.op == "sum":
            return self.term(base.args[0].terms)
        if base.op == "number":
            return self.number(int(base.text))
        if base.op == "constant" and base.text in self.taken:
            return Term("exp", (ONE,)) if base.text == "e" else Term("*", (literal(4), Term("atan", (ONE,))))
        if base.args:
            self._check(base.op)
        return Term(base.op, tuple(self.term(part.terms) for part in base.args), base.text)

    def number(self, value: int) -> Term:
        """A whole number; one with many zeros as a power of ten."""
        text = str(value)
        zeros = len(text) - len(text.rstrip("0"))
        return literal(f"{text[:-zeros]}e{zeros}" if self.decimal and zeros > 9 else text)

    def _rational(self, value: Fraction) -> Term:
        size = abs(value)
        decimal = self._decimal(size) if size.denominator > 1 else self.number(size.numerator)
        whole = decimal or Term("/", (self.number(size.numerator), self.number(size.denominator)))
        return negative(whole) if value < 0 else whole

    def _decimal(self, value: Fraction) -> Term | None:
        """A fraction whose expansion ends soon, as that decimal, where the user wrote decimals."""
        text = decimal_text(value) if self.decimal else None
        return None if text is None else literal(text)


def _plain(terms: Terms) -> Atom | None:
    """The atom that the sum is, or that it is as a factor."""
    if len(terms) > 1:
        return sums.atom("sum", [terms])
    [(product, value)] = terms.items() if terms else [((), 0)]
    return product[0][0] if value == 1 and len(product) == 1 and product[0][1] == 1 else None


def _arranged(upper: list[Term], powers: list[Term]) -> list[Term]:
    """The factors with powers of variable exponent behind the names."""
    names = [term for term in upper if _is_simple(term)]
    rest = [term for term in upper if not _is_simple(term)]
    powers = sorted(powers, key=lambda term: bool(term.args[0].args))
    return [*names, *powers, *rest]


def _is_simple(term: Term) -> bool:
    """Whether it is a name, a number, or a power or root of one."""
    return not term.args or (term.op in ("**", "sqrt") and not any(part.args for part in term.args))


def _chained(factors: list[Term]) -> Term:
    if not factors:
        return ONE
    return factors[0] if len(factors) == 1 else Term("*", tuple(factors))
