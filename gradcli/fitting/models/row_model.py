"""A model: an expression in each row, of columns and of parameters, compiled with its first and second derivatives."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from gradcli.calculus.program.derivative_table import Matrix, matrix_from_data, matrix_to_data
from gradcli.calculus.program.program import Program, from_data, to_data
from gradcli.language.records import NamedTuple

#: Operations that come back to the same values again and again.
_WAVES = frozenset(("sin", "cos", "tan", "cot", "sec", "csc", "mod", "sinc", "besselj", "bessely"))


class RowModel(NamedTuple):
    """A model's programs.

    columns, parameters: the names of the text, each in one of the two. program: f in one row, with its slopes along the
    parameters. second: f with its first and second derivatives along them; None where nobody knows one of them.
    """

    text: str
    columns: tuple[str, ...]
    parameters: tuple[str, ...]
    program: Program
    second: Matrix | None

    @property
    def is_known(self) -> bool:
        """Whether every slope along a parameter is known."""
        return not set(self.program.unknown) & set(self.parameters)

    @property
    def oscillates(self) -> bool:
        """Whether f is made of waves, so that a sum of squares has a minimum about each period."""
        return any(op in _WAVES for op, *_ in self.program.code)

    @property
    def has_seams(self) -> bool:
        """Whether some row may lie at a corner or a jump that parameters move."""
        return any(op in _TAKEN or op in _FLAT for op, *_ in self.program.code)

    def idle(self) -> tuple[str, ...]:
        """The parameters on which f does not depend, whatever their values."""
        slots = zip(self.program.variables, self.program.gradient, strict=True)
        return tuple(
            name
            for name, slot in slots
            if name in self.parameters and (slot is None or _is_constant_zero(self.program, slot))
        )

    def is_zero(self, slot: int) -> bool:
        """Whether a slot of the second derivatives is the constant 0."""
        assert self.second is not None  # noqa: S101  (whose slot it is)
        return _is_constant_zero(self.second.program, slot)

    def linear(self) -> frozenset[str]:
        """Parameters in which f is linear together: no second derivative along two of them, as the program has it.

        Those that move a corner or a jump are none: f is linear in them between these alone. The largest such set that is
        found by leaving out, again and again, the parameter that is curved along most others.
        """
        if self.second is None:
            return frozenset()
        moving = _moving_seams(self.program, self.parameters)
        names = [name for name in self.parameters if name not in moving]
        curved = {
            name: {
                other
                for other, slot in zip(self.parameters, row, strict=True)
                if slot is not None and not self.is_zero(slot)
            }
            for name, row in zip(self.parameters, self.second.slots, strict=True)
        }
        kept = [name for name in names if name not in curved[name]]
        while any(curved[name] & set(kept) for name in kept):
            kept.remove(max(reversed(kept), key=lambda name: len(curved[name] & set(kept))))
        return frozenset(kept)


def _moving_seams(program: Program, parameters: Collection[str]) -> set[str]:
    """The parameters of which what is compared at a corner or a jump is made."""
    parts: list[set[str]] = [{name} & set(parameters) for name in program.variables]
    parts += [set() for _ in program.constants]
    moving = set[str]()
    for op, *places in program.code:
        parts.append(set().union(*(parts[place] for place in places)))
        if op in _TAKEN or op in _FLAT:
            moving |= parts[-1]
    return moving


def _is_constant_zero(program: Program, slot: int) -> bool:
    place = slot - len(program.variables)
    return 0 <= place < len(program.constants) and program.constants[place] in ("0", "0.0", "-0")


def compile_model(text: str, given: Collection[str], columns: Collection[str]) -> RowModel:
    """The model that *text* spells, in which all names that are no *columns* are parameters.

    given: names that have values, so that they are no constants. Raises what the parser raises.
    """
    from gradcli.calculus.formulas.texts.compiler import compile_text
    from gradcli.calculus.tables.hessian_table import hessian_of
    from gradcli.language.errors import LimitProblem
    from gradcli.language.parser.outputs import total

    known = {*given, *columns}
    names = total([text], known).variables
    parameters = tuple(name for name in names if name not in columns)
    own = tuple(name for name in names if name in columns)
    program = compile_text([text], known, parameters, formulas=False).program
    try:
        second = hessian_of([text], known, parameters, formulas=False) if parameters else None
    except LimitProblem:  # too many of them: what needs them goes without
        second = None
    if second is not None:
        second = (
            None if second.unknown else second._replace(program=off_data_seams(second.program, parameters))
        )
    return RowModel(text, own, parameters, off_data_seams(program, parameters), second)


#: Conditions beside their seams -> the conditions themselves.
_CONDITIONS = {"lt_side": "lt", "le_side": "le", "eq_side": "eq", "ne_side": "ne"}


def off_data_seams(program: Program, parameters: Collection[str]) -> Program:
    """The program in which a condition that no parameter moves has no seam: where(t < 3, …) at t = 3 has slopes."""
    moved = [name in parameters for name in program.variables] + [False] * len(program.constants)
    code = []
    for op, *places in program.code:
        moves = any(moved[place] for place in places)
        code.append((_CONDITIONS.get(op, op) if not moves else op, *places))
        moved.append(moves)
    return program._replace(code=tuple(code))


#: Slopes beside a seam -> what the point itself takes: the piece of a condition, the mean of both sides of a corner.
_TAKEN = {
    **_CONDITIONS, "sign_side": "sign", "floor_side": "floor",
    **dict.fromkeys(("heaviside_side", "first_side", "second_side", "relu_side"), "heaviside"),
}  # fmt: skip

#: What is 0 beside its seams.
_FLAT = frozenset(("flat_zero", "flat_cut", "flat_integer"))


def on_seams(program: Program) -> Program:
    """The program with slopes at its seams as well: those of the piece that the value belongs to, or a mean of two sides.

    A search walks over such points, and its sum of squares there is that of the point. No verdict may rest on these slopes.
    """
    code = tuple(
        ("sub", places[0], places[0]) if op in _FLAT else (_TAKEN.get(op, op), *places)
        for op, *places in program.code
    )
    return program._replace(code=code)


def model_to_data(model: RowModel) -> list[Any]:
    """The model as JSON-ready lists."""
    second = None if model.second is None else matrix_to_data(model.second)
    return [model.text, list(model.columns), list(model.parameters), to_data(model.program), second]


def model_from_data(data: Any) -> RowModel:
    """What `model_to_data` gave. Raises ValueError for anything else."""
    try:
        text, columns, parameters, program, second = data
        whole = None if second is None else matrix_from_data(second)
        return RowModel(str(text), _names(columns), _names(parameters), from_data(program), whole)
    except TypeError as error:
        raise ValueError("not a model") from error


def _names(data: Sequence[Any]) -> tuple[str, ...]:
    return tuple(map(str, data))
