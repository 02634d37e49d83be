"""`gradcli optimizers`: the update rules as mathematics, from the table that computes them."""

from __future__ import annotations

from typing import Any

import click

from gradcli.descent.minimization.plan import ALSO_CALLED, METHOD_RULES, METHODS
from gradcli.descent.rules.optimizer_table import ALSO_CALLED as OTHER_NAMES
from gradcli.descent.rules.optimizer_table import HYPERPARAMETERS, OPTIMIZERS, differences
from gradcli.language.errors import NameProblem
from gradcli.language.names import nearest
from gradcli.output.text.document import Document, Line, Table, line
from gradcli.output.text.number_text import shown
from gradcli.shell.help.documented_command import Documented
from gradcli.shell.options.common_options import output_options
from gradcli.shell.options.optimizer_options import flag
from gradcli.shell.writers.answer_writer import OutputOptions, Report, write_answer


@click.command(cls=Documented, examples=(("gradcli optimizers adam", "its rule and its settings"),))
@click.argument("name", required=False)
@output_options(("text", "json", "jsonl", "csv", "tsv"))
def optimizers(name: str | None, format_: str, get: str | None, digits: int | None, color: str) -> None:
    """List the optimizers, or show one: its rule, its defaults in each dialect, and where dialects differ."""
    name = ALSO_CALLED.get(name or "", name)
    if name in METHODS:
        write_answer(
            Report(lambda: _method(name), lambda: [_method(name)], lambda: _method_document(name)),
            OutputOptions(format_, get, digits or 10, color),
        )
        return
    if name is not None and name not in OPTIMIZERS:
        known = [*OPTIMIZERS, *METHODS]
        found = nearest(name, known)
        if name.casefold() in OTHER_NAMES:
            meant = OTHER_NAMES[name.casefold()]
            hint = f"it is --optimizer {meant} here: gradcli optimizers {meant.partition(' ')[0]}"
            raise NameProblem(f"{name} is not an optimizer", hint=hint)
        hint = f"did you mean {found}?" if found else f"there are {', '.join(known)}"
        raise NameProblem(f"{name} is not an optimizer", hint=hint)
    manner = OutputOptions(format_, get, digits or 10, color)
    records = [_record(one) for one in ([name] if name else OPTIMIZERS)]
    if format_ == "jsonl" and get is None:
        for record in records:
            write_answer(Report(record.copy, list, list), manner)
        return
    whole = records[0] if name else {"optimizers": records}
    write_answer(
        Report(lambda: whole, lambda: _rows(records), lambda: _one(name) if name else _all()), manner
    )


def _record(name: str) -> dict[str, Any]:
    row = OPTIMIZERS[name]
    return {
        "name": name,
        "summary": row.summary,
        "source": row.source,
        "dialects": {
            dialect: {
                "defaults": dict(rule.defaults),
                "rule": [{"line": one.text, "when": one.when} for one in rule.lines],
                "slots": {
                    slot: {"initial": kept.initial, "is": kept.summary} for slot, kept in rule.slots.items()
                },
            }
            for dialect, rule in row.rules.items()
        },
        "differences": list(differences(name, tuple(row.rules))),
    }


def _method(name: str) -> dict[str, Any]:
    """A method of whole descents: what it is, its rule, and where it is from."""
    rule, source = METHOD_RULES[name]
    return {"name": name, "summary": METHODS[name], "source": source, "rule": list(rule)}


def _method_document(name: str) -> Document:
    rule, source = METHOD_RULES[name]
    lines = [line("  ", ("formula", one)) for one in rule]
    ends = "w are the variables, g their gradient, a the length that the line search finds."
    used = f"It is a method of descents, and has no settings: gradcli minimize --optimizer {name}."
    return [line(("name", name), f": {METHODS[name]}"), line(""), *lines, line(""), line(ends), line(used),
            line(("note", "source"), f" {source}")]  # fmt: skip


def _rows(records: list[dict[str, Any]]) -> list[dict[str, object]]:
    return [
        {"name": record["name"], "dialect": dialect, "setting": setting, "default": default}
        for record in records
        for dialect, rule in record["dialects"].items()
        for setting, default in rule["defaults"].items()
    ]


def _all() -> Document:
    rows = tuple(
        (("name", name), ("text", row.summary), ("note", ", ".join(row.rules)))
        for name, row in OPTIMIZERS.items()
    )
    methods = tuple((("name", name), ("text", text), ("note", "minimize")) for name, text in METHODS.items())
    return [Table(("", "", "in"), (*rows, *methods))]


def _one(name: str) -> Document:
    """Every dialect's rule, what its names mean, and the differences."""
    row = OPTIMIZERS[name]
    parts: list[Line | Table] = [line(("name", name), f": {row.summary}")]
    for dialect, rule in row.rules.items():
        defaults = ", ".join(f"{setting} {_setting(value)}" for setting, value in rule.defaults.items())
        parts += [line(""), line(("name", dialect), f": {defaults}")]
        for one in rule.lines:
            parts.append(
                line("  ", ("formula", one.text), ("note", f"    if {one.when}" if one.when else ""))
            )
        for slot, kept in rule.slots.items():
            initial = kept.initial if isinstance(kept.initial, str) else shown(kept.initial)
            parts.append(line("  slot ", ("variable", slot), f", at first {initial}: {kept.summary}"))
    parts += [line(""), line("w is the variable, g its gradient, t the step counted from 1.")]
    names = dict.fromkeys(setting for rule in row.rules.values() for setting in rule.defaults)
    parts += [line(("variable", _named(setting)), f": {HYPERPARAMETERS[setting]}") for setting in names]
    parts += [line(("note", "differs"), f" {sentence}") for sentence in differences(name, tuple(row.rules))]
    return [*parts, line(("note", "source"), f" {row.source}")] if row.source else parts


def _named(setting: str) -> str:
    """A setting, and the option that sets it: `beta1, --beta1`."""
    return f"{setting}, {flag(setting)}"


def _setting(value: float | bool) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else shown(value)
