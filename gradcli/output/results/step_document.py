"""Steps of an optimizer → record, rows and document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.language.errors import UsageProblem
from gradcli.language.name_meanings import is_plain
from gradcli.language.records import NamedTuple
from gradcli.output.text.document import Document, Line, Table, line, steepest
from gradcli.output.text.number_text import shown

if TYPE_CHECKING:
    from gradcli.calculus.program.point_answer import Note
    from gradcli.descent.steps.step_problem import Stage


class StepsOverFiles(NamedTuple):
    """What steps over files of data were taken of: the keys for JSON, and a line about batches, empty without."""

    record: Mapping[str, Any]
    batches: str


class Steps(NamedTuple):
    """Steps that were taken: `taken` of them, the last being number `step` of the session's problem."""

    expression: str | list[str]
    before: Stage
    after: Stage
    step: int
    taken: int
    optimizer: str
    dialect: str
    settings: Mapping[str, Any]
    slots: Mapping[str, Mapping[str, float]]
    notes: Sequence[Note] = ()
    ascend: bool = False
    wrt: Sequence[str] | None = None
    constraints: Sequence[str] = ()
    files: StepsOverFiles | None = None


def steps_record(steps: Steps) -> dict[str, Any]:
    """The JSON record; `at` is the new point, so that it can be piped into the next command."""
    from gradcli.output.gradients.gradient_document import chosen, note_record

    return {
        "expression": steps.expression,
        "at": dict(steps.after.at),
        "lr": steps.settings.get("lr"),
        "optimizer": steps.optimizer,
        "dialect": steps.dialect,
        "step": steps.step,
        "taken": steps.taken,
        "before": stage_record(steps.before),
        "after": stage_record(steps.after),
        "settings": dict(steps.settings),
        "slots": {name: dict(slot) for name, slot in steps.slots.items()},
        "notes": [note_record(note) for note in steps.notes],
        **chosen(steps.wrt),
        **({"constraints": list(steps.constraints)} if steps.constraints else {}),
        **(steps.files.record if steps.files else {}),
    }


def stage_record(stage: Stage) -> dict[str, Any]:
    """A point with its value and gradient."""
    return {"at": dict(stage.at), "value": stage.value, "gradient": dict(stage.gradient)}


def stage_row(step: int, stage: Stage) -> dict[str, object]:
    """One point of a path for CSV: step, value, the variables, their partials as grad.NAME."""
    partials = {f"grad.{name}": partial for name, partial in stage.gradient.items()}
    return {"step": step, "value": stage.value, **stage.at, **partials}


def steps_rows(steps: Steps) -> Iterable[dict[str, object]]:
    """The first and the last point; a command that takes many steps streams those between."""
    yield stage_row(steps.step - steps.taken, steps.before)
    if steps.taken:
        yield stage_row(steps.step, steps.after)


def steps_document(steps: Steps, digits: int, *, slots: bool = False, most: int | None = None) -> Document:
    """The text: before, gradient and after of every variable and of f. most: variables at the most, steepest first."""
    names, left_out = steepest(steps.before.at, steps.before.gradient, most)
    rows = [_row(name, steps, digits) for name in names]
    rows.append((
        ("name", "value"), ("before", shown(steps.before.value, digits)), ("text", ""),
        ("after", shown(steps.after.value, digits)),
    ))  # fmt: skip
    parts: list[Line | Table] = [
        _heading(steps),
        Table(("", "before", "grad", "after"), tuple(rows)),
        *left_out,
        by_line(steps.optimizer, steps.dialect, steps.settings),
    ]
    if steps.files and steps.files.batches:
        parts.append(line(("name", "batches"), ": ", steps.files.batches))
    if slots:
        parts += [
            line(
                ("name", f"slot {name}"),
                ": ",
                ("value", ", ".join(f"{v} {shown(slot[v], digits)}" for v in names if v in slot)),
            )
            for name, slot in steps.slots.items()
        ]
    return parts


def by_line(optimizer: str, dialect: str | None, settings: Mapping[str, Any]) -> Line:
    """`by: sgd lr 0.1, weight_decay 0.5`: the learning rate, and the settings that are not the optimizer's defaults."""
    from gradcli.descent.rules.optimizer_choice import choose

    try:
        usual = choose(optimizer, dialect)
    except UsageProblem:  # a session of another version
        return line(("name", "by"), f": {optimizer}")
    known = [name for name in usual.settings if name in settings]
    told = [name for name in known if name == "lr" or settings[name] != usual.settings[name]]
    pairs = ", ".join(f"{name} {_setting(settings[name])}" for name in told)
    whose = f" ({dialect})" if dialect != choose(optimizer).dialect else ""
    return line(("name", "by"), f": {optimizer}{whose} {pairs}".rstrip())


def _setting(value: Any) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else shown(value)


def _heading(steps: Steps) -> Line:
    whole = steps.expression
    text = whole if isinstance(whole, str) and is_plain(whole) else _headed(whole)
    which = (
        f"step {steps.step}" if steps.taken == 1 else f"steps {steps.step - steps.taken + 1} to {steps.step}"
    )
    return line(("heading", f"{which} of {steps.optimizer}: f = "), ("formula", text[:500]))


def _headed(whole: str | list[str]) -> str:
    from gradcli.language.problem_text import heading

    return heading(whole)


def _row(name: str, steps: Steps, digits: int) -> tuple[tuple[str, str], ...]:
    moved = name in steps.before.gradient
    return (
        ("variable", name),
        ("before", shown(steps.before.at[name], digits)),
        ("gradient", shown(steps.before.gradient[name], digits) if moved else ""),
        ("after", shown(steps.after.at[name], digits)),
    )
