"""`--optimizer NAME --help`: the settings of one optimizer, with its defaults in each dialect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import click

from gradcli.descent.minimization.plan import METHODS
from gradcli.descent.rules.optimizer_choice import choose
from gradcli.descent.rules.optimizer_table import HYPERPARAMETERS, OPTIMIZERS
from gradcli.descent.rules.update_rule import Rule, Setting
from gradcli.output.text.number_text import shown
from gradcli.shell.help.help_text import Row, row, typed, write_groups, write_text
from gradcli.shell.help.option_groups import Option

Options = Mapping[str, click.Option]


def write_settings(
    command: click.Command, ctx: click.Context, page: click.HelpFormatter, optimizer: str, dialect: str | None
) -> None:
    """Write the page. Raises UsageProblem for an optimizer, or a dialect of it, that does not exist."""
    options = {str(param.name): param for param in command.params if isinstance(param, click.Option)}
    rules: dict[str, Rule] = {}
    if optimizer in METHODS and options["optimizer"].default in METHODS:
        summary = f"{METHODS[optimizer]}; it chooses its own step lengths, and has no settings"
    else:
        choose(optimizer, dialect)
        rules = {name: rule for name, rule in OPTIMIZERS[optimizer].rules.items() if dialect in (None, name)}
        summary = OPTIMIZERS[optimizer].summary
    pieces = [f"--optimizer {optimizer}", *command.collect_usage_pieces(ctx)]
    page.write_usage(ctx.command_path, " ".join(pieces))
    write_text(page, f"{optimizer}: {summary}.")
    page.write_paragraph()
    if rules:
        write_groups(page, [(f"Settings of {optimizer}", list(_rows(ctx, options, rules)))])
        page.write_paragraph()
        page.write_text(f"The rule itself: gradcli optimizers {optimizer}.")
    page.write_text(f"All other options: {ctx.command_path} --help.")


def _rows(ctx: click.Context, options: Options, rules: Mapping[str, Rule]) -> Iterable[Row]:
    """Whose definition, a row for each setting with what it starts from, and what else has a bearing on them."""
    yield typed(ctx, options["dialect"]), f"Whose definition: {', '.join(rules)} [{next(iter(rules))}]."
    for name in dict.fromkeys(name for rule in rules.values() for name in rule.defaults):
        one = options.get(f"set_{name}")
        if one is None:  # a rate that is no mere number
            yield row(ctx, [options["rate"]])
            continue
        meaning = f"{HYPERPARAMETERS[name][:1].upper()}{HYPERPARAMETERS[name][1:]}"
        off = f"; off: {one.secondary_opts[0]}" if one.secondary_opts else ""
        yield typed(ctx, one), f"{meaning} [{_defaults(name, rules)}]{off}."
    for one in options.values():
        if isinstance(one, Option) and one.details:
            yield typed(ctx, one), one.details


def _defaults(name: str, rules: Mapping[str, Rule]) -> str:
    """`0.9`; `torch 0.001, tf1 0.01` where dialects differ, or some of them have no such setting."""
    found = {dialect: _shown(rule.defaults[name]) for dialect, rule in rules.items() if name in rule.defaults}
    if len(found) == len(rules) and len(set(found.values())) == 1:
        return next(iter(found.values()))
    return ", ".join(f"{dialect} {value}" for dialect, value in found.items())


def _shown(value: Setting) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else shown(value)
