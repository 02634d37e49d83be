"""How long programs of value and gradient are: beside CasADi's, over fifty expressions from textbooks and test collections."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.calculus.graph.adjoint_scales import shortened
from gradcli.calculus.graph.reverse_sweep import compile_value, program_of, swept
from gradcli.language.parser import parse

ROWS = [
    (text, int(count))
    for text, count in (
        line.split("\t")
        for line in Path(__file__).with_name("casadi_instructions.tsv").read_text().splitlines()[1:]
    )
]


def length(program):
    """The instructions that are carried out at each point."""
    return len(program.code) - program.folded


def test_value_and_gradient_are_hardly_longer_than_casadis():
    """None is longer by more than a fifth, and half of them are not longer at all."""
    ratios = {text: length(compile_text([text], (), formulas=False).program) / count for text, count in ROWS}
    assert len(ratios) == 50
    assert max(ratios.values()) <= 1.2, max(ratios, key=ratios.get)
    assert median(ratios.values()) <= 1.0


def spelled(program, slot):
    """What a slot is calculated from, written out."""
    leaves = (*program.variables, *program.constants)
    if slot < program.first:
        return leaves[slot]
    op, *args = program.code[slot - program.first]
    return (op, *(spelled(program, place) for place in args))


def test_the_value_is_calculated_as_typed():
    """Whatever its gradient is made of: it is the same operations of the same operands in the same order."""
    for text, _ in ROWS:
        alone, whole = compile_value(text), compile_text([text], (), formulas=False).program
        assert spelled(whole, whole.value) == spelled(alone, alone.value), text


def test_scales_stand_where_they_cost_nothing():
    """Halves in literals, one factor for many products, differences turned round."""
    cases = {
        "sqrt(x)": 2,  # 0.5/sqrt(x)
        "1/(1+exp(-(w*x+b)))": 10,  # no sign is left
        "sqrt((x-u)**2+(y-v)**2)": 12,  # neither is a 2
        "-(x*y)": 4,  # -y and -x
    }
    for text, most in cases.items():
        tree = parse(text)
        assert length(program_of(shortened(swept(tree)), tree.variables)) <= most, text


def test_literals_stay_what_they_say():
    """A number is scaled only where that is written exactly: digits beyond floats count."""
    for text in ("0.1*x**2", "1234567*sqrt(x)*y**2/4096", "x**2/0.3*y", "123456789012345678*x**2"):
        program = compile_text([text], (), formulas=False).program
        for constant in program.constants:
            assert "e" not in constant and len(constant.strip("0.")) <= 18, (text, constant)


def depth(program, slot):
    """How many sums a slot waits for, one after the other."""
    if slot < program.first:
        return 0
    op, *args = program.code[slot - program.first]
    return max(depth(program, arg) for arg in args) + (op in ("add", "sub"))


def test_sums_of_adjoints_are_balanced():
    """What sixteen terms add to one slope is four sums deep, and the value's own sum stays as typed, fifteen deep."""
    program = compile_text(["+".join(f"sin({k}*x)*{k}" for k in range(2, 18))], (), formulas=False).program
    assert depth(program, program.gradient[0]) == 4
    assert depth(program, program.value) == 15
    long = compile_text(["+".join(f"sin({k}*x)*{k}" for k in range(2, 102))], (), formulas=False).program
    assert depth(long, long.gradient[0]) == 99  # one after the other, as a loop of machine code does
