"""`x=0:10,y=:5` → intervals, and `exponential:rate=0.9` → a schedule: what options of descents spell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradcli.language.errors import ValueProblem
from gradcli.language.names import normal
from gradcli.shell.problems.values import Value, assignments, number

if TYPE_CHECKING:
    from gradcli.descent.rules.learning_rate_schedules import Schedule

Interval = tuple[float | None, float | None]


def schedule_typed(text: str) -> Schedule:
    """A kind of schedule with the parameters that are given. Raises UsageProblem and ValueProblem."""
    from gradcli.descent.rules.learning_rate_schedules import schedule_of

    kind, _, rest = text.partition(":")
    given = assignments(rest, "--schedule") if rest else []
    return schedule_of(kind, {name: float(number(name, value)) for name, value in given})


def end_of(option: str, name: str, text: str) -> Value:
    """The number that an end of *name*'s interval spells. Raises ValueProblem, about the interval of *option*."""
    try:
        return number(name, text)
    except ValueProblem as problem:
        _, said, why = problem.message.partition("is not a number: ")
        if not said:
            raise
        raise ValueProblem(
            f"{option} {name}: an end is not a number: {why}", text=problem.text, span=problem.span,
            hint=f"{option} takes LOW:HIGH: {option} {name}=-5:5",
        ) from None  # fmt: skip


def intervals(text: str, option: str) -> dict[str, Interval]:
    """`x=0:10,y=:5` → the lowest and the highest value of each variable, None where there is none."""
    found: dict[str, Interval] = {}
    for name, interval in assignments(text, option):
        low, colon, high = interval.partition(":")
        if not colon:
            raise ValueProblem(
                f"{option} takes NAME=LOW:HIGH", text=text, hint=f"for example {option} x=0:10,y=:5"
            )
        sides = [float(end_of(option, name, side)) if side.strip() else None for side in (low, high)]
        found[normal(name)] = (sides[0], sides[1])
    return found
