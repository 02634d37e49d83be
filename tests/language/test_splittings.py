"""A text split at random into definitions and functions computes the same bits as the text written out."""

from __future__ import annotations

import random

import pytest

from gradcli.calculus.backends import float_backend
from gradcli.calculus.graph.reverse_sweep import program_of, swept
from gradcli.language.expression_text import text_of
from gradcli.language.parser import parse

VARIABLES = ("x", "y", "z")
FORMS = (
    "({a} + {b})", "({a} - {b})", "({a}*{b})", "({a}/(1 + ({b})**2))", "sin({a})", "exp(-({a})**2)", "({a})**2", "(-{a})",
    "max({a}, {b})", "sqrt(1 + ({a})**2)", "where({a} > {b}, {a}, {b}*{a})", "({a} + {b} + {a}*{b})",
)  # fmt: skip


class Splitting:
    """The same tree twice: as a text with definitions and functions of its own, and written out."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.rows = []
        self.values = {}
        self.functions = {}

    def pair(self, depth, names):
        """A random tree: how it stands in the text, and written out. names: what each leaf is written out."""
        chance = self.random.random()
        if depth == 0 or chance < 0.1:
            if self.values and chance < 0.06 and names is VARIABLES:
                name = self.random.choice(sorted(self.values))
                return name, f"({self.values[name]})"
            leaf = self.random.choice([*names, str(self.random.randint(1, 9)), "0.5"])
            return leaf, leaf
        form = self.random.choice(FORMS)
        (a, written_a), (b, written_b) = self.pair(depth - 1, names), self.pair(depth - 1, names)
        text, written = form.format(a=a, b=b), form.format(a=written_a, b=written_b)
        return self.named(text, written) if names is VARIABLES else (text, written)

    def named(self, text, written):
        """The tree as it is, as a definition, or as a call of a function of the text's own."""
        chance = self.random.random()
        if chance < 0.25:
            name = f"u{len(self.rows)}"
            self.rows.append(f"{name} = {text}")
            self.values[name] = written
            return name, f"({written})"
        if chance < 0.4:
            name = f"f{len(self.rows)}"
            body, meaning = self.pair(2, ("p", "q"))
            self.rows.append(f"{name}(p, q) = {body}")
            other, written_other = self.pair(1, VARIABLES)
            out = (
                meaning.replace("p", "\0")
                .replace("q", "\1")
                .replace("ex\0(", "exp(")
                .replace("s\1rt(", "sqrt(")
            )
            out = out.replace("\0", f"({written})").replace("\1", f"({written_other})")
            return f"{name}({text}, {other})", f"({out})"
        return text, written

    def texts(self):
        """The text with definitions, and the one without."""
        text, written = self.pair(4, VARIABLES)
        return "; ".join([*self.rows, text]), written


def bits(expression, wrt, point):
    """Value and gradient as hexadecimal texts; the kind of error where there is no value."""
    program = program_of(swept(expression, wrt), expression.variables)
    try:
        slots = float_backend.run(program, [point[name] for name in program.variables])
    except (ValueError, ArithmeticError) as error:
        return type(error).__name__
    partials = dict(zip(program.variables, program.gradient, strict=True))
    return [slots[program.value].hex()] + [
        "none" if partials.get(name) is None else slots[partials[name]].hex() for name in wrt
    ]


@pytest.mark.parametrize("block", range(10))
def test_a_splitting_computes_the_same_bits(block):
    """Twenty texts each: the program of the text with definitions is that of the text written out, slot by slot."""
    compared = 0
    for seed in range(20 * block, 20 * block + 20):
        text, written = Splitting(seed).texts()
        if len(written) > 20_000:
            continue
        split, whole = parse(text, VARIABLES), parse(written, VARIABLES)
        assert text_of(split) == text_of(whole), text
        names = tuple(name for name in VARIABLES if name in whole.variables)
        rng = random.Random(seed)
        for _ in range(3):
            point = {name: rng.uniform(-2, 2) for name in VARIABLES}
            assert bits(split, names, point) == bits(whole, names, point), text
        compared += 1
    assert compared >= 15
