"""An optimizer's rule → the program that carries it out for one variable.

The lines of the rule are parsed and compiled as any expression is: the mathematics that is shown is the
mathematics that runs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache

from gradcli.calculus.backends import float_backend
from gradcli.calculus.program.program import Program
from gradcli.descent.rules.optimizer_choice import Choice, rule_of
from gradcli.descent.rules.update_rule import COUNTED_EACH, Line, Setting
from gradcli.language.errors import DomainProblem
from gradcli.language.records import NamedTuple

_NAME = re.compile(r"[a-z]\w*")

#: Rules that are carried out most, compiled before: a single step then needs no parser.
_READY: dict[tuple[str, ...], Program] = {
    ("w = w - lr*g",): Program(
        variables=("w", "g", "t", "lr"), constants=(), code=(("mul", 3, 1), ("sub", 0, 4)), folded=0, value=5,
        gradient=(None,) * 4, unknown=(), spans=(None, None), guarded=frozenset(),
    ),
}  # fmt: skip


class Update(NamedTuple):
    """A rule with its settings, ready to run.

    program: its variables are w, g, t, the names of `slots`, then those of `constants`; its value is the
    new w, and its gradient holds the new slots. initial: the slots before the first step. constants: the
    hyper-parameters. each: whether t counts the steps of each variable by itself.
    """

    program: Program
    slots: tuple[str, ...]
    initial: tuple[float, ...]
    constants: tuple[float, ...]
    each: bool = False


def update_of(choice: Choice, kept: Collection[str] = ()) -> Update:
    """The compiled rule of *choice*, conditional lines included or left out by its settings.

    kept: the slots that there are from steps before.
    """
    rule, lines = rule_of(choice), active_lines(choice, kept)
    assigned = {assigned_name(line) for line in lines}
    slots = tuple(name for name in rule.slots if name in assigned)
    initial = tuple(_initial(rule.slots[name].initial, choice.settings) for name in slots)
    texts = tuple(line.text for line in lines)
    named = set(_NAME.findall(" ".join(texts)))
    numbers = {name: float(value) for name, value in choice.settings.items() if name in named}
    program = _READY.get(texts) or compiled_rule(texts, slots, tuple(numbers))
    return Update(program, slots, initial, tuple(numbers.values()), choice.dialect in COUNTED_EACH)


def active_lines(choice: Choice, kept: Collection[str] = ()) -> tuple[Line, ...]:
    """The lines of the rule that the settings of *choice* include, and the slots that are *kept*."""
    rule = rule_of(choice)
    known = {**{slot: slot in kept for slot in rule.slots}, **choice.settings}
    return tuple(line for line in rule.lines if _holds(line.when, known))


def assigned_name(line: Line) -> str:
    """The name on the left of a line."""
    return line.text.partition(" = ")[0]


def _holds(when: str, known: Mapping[str, Setting]) -> bool:
    terms = when.split(" and ") if when else []
    return all(any(_is(one, known) for one in term.split(" or ")) for term in terms)


def _is(term: str, known: Mapping[str, Setting]) -> bool:
    return bool(known[term.removeprefix("not ")]) != term.startswith("not ")


def _initial(initial: float | str, settings: Mapping[str, Setting]) -> float:
    return float(settings[initial]) if isinstance(initial, str) else initial


@cache
def compiled_rule(lines: tuple[str, ...], slots: tuple[str, ...], constants: tuple[str, ...]) -> Program:
    """The program of a rule's lines, in which the settings *constants* occur."""
    from gradcli.calculus.graph.expression_graph import Graph
    from gradcli.calculus.graph.reverse_sweep import Sweep, program_of
    from gradcli.language.parser import parse

    graph, inputs = Graph(), ("w", "g", "t", *slots, *constants)
    names = {name: graph.node("name", text=name) for name in inputs}
    for line in lines:
        name, _, text = line.partition(" = ")
        names[name] = graph.include(parse(text, tuple(names)), names)
    return program_of(Sweep(graph, names["w"], {slot: names[slot] for slot in slots}, ()), inputs)


Runner = Callable[..., tuple[float, ...]]


def apply_update(
    update: Update, numbers: Sequence[float], compiled: Runner | None = None
) -> tuple[float, tuple[float, ...]]:
    """(w, g, t, slots…) → the variable and its slots after the step. Raises what the operations raise."""
    inputs = [*numbers, *update.constants]
    if compiled is not None:
        value, *slots = compiled(*inputs)
        return value, tuple(slots)
    results = float_backend.run(update.program, inputs)
    places = (place for place in update.program.gradient if place is not None)
    return results[update.program.value], tuple(results[place] for place in places)


def applied_update(
    update: Update, numbers: Sequence[float], name: str, compiled: Runner | None = None
) -> tuple[float, tuple[float, ...]]:
    """`apply_update` for the variable *name*. Raises DomainProblem where the update has no value."""
    try:
        value, slots = apply_update(update, numbers, compiled)
    except (ValueError, ArithmeticError) as error:
        raise DomainProblem(f"the update of {name} has no value ({error})") from None
    for slot, number in zip(update.slots, slots, strict=True):
        if math.isnan(number):
            raise DomainProblem(f"the update of {name} has no value (its {slot} is not a number)")
    return value, slots
