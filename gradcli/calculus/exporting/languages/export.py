"""A compiled expression → the source of a function, in a language of the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import NamedTuple

from gradcli.calculus.backends.float_backend import constant, quiet, table
from gradcli.calculus.corners.framework_answers import FRAMEWORKS, answers
from gradcli.calculus.exporting.expected_floats import tested
from gradcli.calculus.exporting.exported_program import exported_program
from gradcli.calculus.exporting.graph_building import Lacking
from gradcli.calculus.exporting.identifiers import checked_name, safe_names, temporary_prefix
from gradcli.calculus.exporting.languages.c import C
from gradcli.calculus.exporting.languages.cpp import CPP
from gradcli.calculus.exporting.languages.definition_names import Defined
from gradcli.calculus.exporting.languages.fortran import FORTRAN
from gradcli.calculus.exporting.languages.javascript import JAVASCRIPT
from gradcli.calculus.exporting.languages.jax import JAX
from gradcli.calculus.exporting.languages.julia import JULIA
from gradcli.calculus.exporting.languages.matlab import MATLAB, OCTAVE
from gradcli.calculus.exporting.languages.numpy import NUMPY
from gradcli.calculus.exporting.languages.python import PYTHON
from gradcli.calculus.exporting.languages.rust import RUST
from gradcli.calculus.exporting.languages.sql import SQL
from gradcli.calculus.exporting.languages.tensorflow import TENSORFLOW
from gradcli.calculus.exporting.languages.torch import TORCH
from gradcli.calculus.exporting.lowering.lowered_program import lowered
from gradcli.calculus.exporting.statements import statements
from gradcli.calculus.exporting.target_language import Language, Parts, Test
from gradcli.calculus.program.program import Program
from gradcli.language.errors import DomainProblem, UsageProblem

LANGUAGES = {
    row.name: row
    for row in (PYTHON, NUMPY, JAX, TORCH, TENSORFLOW, C, CPP, RUST, JULIA, FORTRAN, JAVASCRIPT, MATLAB, OCTAVE, SQL)
}  # fmt: skip

#: Columns of a comment.
_WIDTH = 90


class Wish(NamedTuple):
    """What is to be written: the function's name, what is answered at corners, the variables of the gradient.

    points: where the function is to be tested, the first of them in any case. defined: what has a name in the text.
    heading: the text as the comment has it, where that is another.
    """

    name: str
    corner: str
    along: tuple[str, ...]
    points: tuple[Mapping[str, float], ...] = ()
    defined: Defined | None = None
    heading: str = ""


class Exported(NamedTuple):
    """The source, and the name that each variable has in it."""

    code: str
    names: Mapping[str, str]


def exported(
    language: Language, program: Program, formulas: Mapping[str, str | None], text: str, wish: Wish
) -> Exported:
    """The source of a function of value and gradient.

    text: the expression as it was read. Raises UsageProblem for what the language lacks, DomainProblem for a
    derivative that is not known, for constants without a value, and where a test is asked for at a point at which
    floats have none.
    """
    for name in program.unknown:
        message = f"the derivative along {name} is not known in closed form"
        raise DomainProblem(message, hint="--wrt leaves it out")
    _check_constants(program)
    plain = _lowered(language, exported_program(program, text, wish.along), text, wish.corner)
    function = checked_name(wish.name, language)
    taken = [function]
    if language.missing == "NULL":  # columns of the code's own
        taken += [f"{letter}_{name}" for letter in "dv" for name in (*wish.along, *program.variables)]
    own = wish.defined.slots if wish.defined else ()
    names = safe_names(dict.fromkeys([*program.variables, *wish.along, *own]), language, taken)
    doc = _doc(text, formulas, names, program.variables, wish)
    doc += _promise(wish.corner, language.missing)
    parts = _parts(language, plain, wish, names, doc)
    parts = parts._replace(tests=_tests(language, program, plain, wish))
    return Exported(language.frame(parts), {name: names[name] for name in program.variables})


def _parts(
    language: Language, plain: Program, wish: Wish, names: Mapping[str, str], doc: tuple[str, ...]
) -> Parts:
    """The statements and the texts of the results, with every variable under its safe name."""
    defined = wish.defined.found_in(plain) if wish.defined else {}
    named = {slot: names[name] for slot, name in defined.items()}
    made = statements(plain, language, names, temporary_prefix(names.values()), named)
    gradient = [made.gradient.get(name, made.nothing) for name in wish.along]
    arguments = tuple(names[name] for name in plain.variables)
    operations = frozenset(instruction[0] for instruction in plain.code)
    return Parts(wish.name, arguments, tuple(names[name] for name in wish.along), made.lines, made.value,
                 tuple(gradient), doc, operations)  # fmt: skip


def _tests(language: Language, program: Program, plain: Program, wish: Wish) -> tuple[Test, ...]:
    """Tests at the points where the code's floats give numbers."""
    found = [tested(program, plain, language, point, wish.along) for point in wish.points]
    if found and found[0] is None:
        raise DomainProblem("--with-test: the code answers NaN at this point: a number on the way is not finite",
                            hint="choose another point")  # fmt: skip
    return tuple(test for test in found if test is not None)


def _check_constants(program: Program) -> None:
    """Raises DomainProblem where what is always needed has no value, whatever the variables are."""
    slots = [0.0] * len(program.variables) + [constant(text) for text in program.constants]
    if any(abs(number) == float("inf") for number in slots):
        raise DomainProblem("a number in the expression is too large for a float")
    for index, function in enumerate(table(program)[: program.folded]):
        op, *places = program.code[index]
        slots.append(quiet(function)(*(slots[place] for place in places)))
        if index not in program.guarded and not abs(slots[-1]) < float("inf"):
            raise DomainProblem(
                f"{op} has no value at a constant of the expression, or none that a float holds"
            )


def _lowered(language: Language, program: Program, text: str, corner: str) -> Program:
    ties = answers(program, text, corner) if corner in FRAMEWORKS else None
    try:
        return lowered(program, language, ties)
    except Lacking as lacking:
        others = [row.name for row in LANGUAGES.values() if _has(row, program, ties)]
        hint = f"{', '.join(others)} have all it needs" if others else None
        raise UsageProblem(f"{language.name} has no {lacking.args[0]}", hint=hint) from None


def _has(language: Language, program: Program, ties: Mapping[str | int, str] | None) -> bool:
    try:
        lowered(program, language, ties)
    except Lacking:
        return False
    return True


def _doc(
    text: str,
    formulas: Mapping[str, str | None],
    names: Mapping[str, str],
    variables: Sequence[str],
    wish: Wish,
) -> tuple[str, ...]:
    """The comment: what the results are, and what is promised of them."""
    rows = [f"Value and gradient of f = {wish.heading or text}", ""]
    for index, name in enumerate(wish.along):
        formula = formulas.get(name)
        meaning = "0, f does not depend on it" if name not in variables else formula or "(too long to print)"
        rows.append(f"gradient {index + 1}: df/d{name} = {meaning}")
    own = wish.defined.slots if wish.defined else ()
    rows += [f"{names[name]} stands for {name}" for name in (*variables, *own) if names[name] != name]
    return _wrapped(rows)


def _promise(corner: str, missing: str) -> tuple[str, ...]:
    """What the comment promises of the numbers."""
    ties = (
        f"is {missing}, unless no answer there would change it"
        if corner == "none"
        else f"is what {corner} answers"
    )
    return _wrapped(
        [
            "",
            "Generated by gradcli, whose numbers these are to 1e-12, but for digits that floats lose.",
            f"Where f has no value, or a number on the way to it is not finite, all is {missing}. A partial at a corner or "
            f"a jump {ties}; where a number on the way to it is not finite (a pole, an overflow, an infinite slope), it "
            f"is {missing}.",
        ]
    )


def _wrapped(rows: Sequence[str]) -> tuple[str, ...]:
    return tuple(piece for row in rows for piece in wrap(row, _WIDTH) or [""])


def check_constants(program: Program) -> None:
    """Raises DomainProblem where what a program always needs has no value, whatever its variables are."""
    _check_constants(program)
