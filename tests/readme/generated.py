"""The parts of the guide that are written from the tables that the program reads."""

from __future__ import annotations

import re
import textwrap

from gradcli.descent.rules.learning_rate_schedules import SCHEDULES
from gradcli.descent.rules.optimizer_table import HYPERPARAMETERS, OPTIMIZERS, differences
from gradcli.descent.rules.update_rule import Rule
from gradcli.language.call_signatures import usage
from gradcli.language.function_table import FUNCTIONS
from gradcli.language.limits import LIMITS

from ..conftest import command_line

_PART = re.compile(r"(<!-- (\w+): written by .*? -->\n)(.*?)(<!-- end of \2 -->)", re.DOTALL)


def functions() -> str:
    """An item for each group, with every function as it is called and its other spellings."""
    groups: dict[str, list[str]] = {}
    for name, row in FUNCTIONS.items():
        others = f" ({', '.join(f'`{alias}`' for alias in row.aliases)})" if row.aliases else ""
        groups.setdefault(row.group, []).append(f"`{usage(name)}`{others}")
    return "".join(_item(f"**{group}**: {', '.join(names)}") for group, names in groups.items())


def schedules() -> str:
    """A table of the kinds, as they are typed."""
    head = "| schedule | the factor after k steps |\n|---|---|\n"
    return head + "".join(f"| `{_typed(kind)}` | {row.summary} |\n" for kind, row in SCHEDULES.items())


def _typed(kind: str) -> str:
    parameters = ",".join(f"{name}={value:g}" for name, value in SCHEDULES[kind].defaults.items())
    return f"{kind}:{parameters}" if parameters else kind


def rules() -> str:
    """A section for each optimizer: what it is, its rule in each dialect, where these differ; then the settings."""
    means = "".join(_item(f"`{name}`: {meaning}") for name, meaning in HYPERPARAMETERS.items())
    return "".join(map(_rule, OPTIMIZERS)) + f"## What the settings mean\n\n{means}"


def _rule(name: str) -> str:
    row = OPTIMIZERS[name]
    lines = "\n".join(text for dialect, rule in row.rules.items() for text in _lines(dialect, rule))
    unlike = "".join(map(_item, differences(name, tuple(row.rules))))
    source = f"\n{textwrap.fill(f'Source: {row.source}', 80)}\n" if row.source else ""
    summary = textwrap.fill(row.summary[0].upper() + row.summary[1:], 79)
    return f"## {name}\n\n{summary}.\n\n```text\n{lines}\n```\n{unlike and chr(10) + unlike}{source}\n"


def _lines(dialect: str, rule: Rule) -> list[str]:
    settings = ", ".join(f"{name} {_setting(value)}" for name, value in rule.defaults.items())
    lines = [f"{line.text}    if {line.when}" if line.when else line.text for line in rule.lines]
    return [f"{dialect}: {settings}", *(f"  {line}" for line in lines)]


def _setting(value: float | bool) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else f"{value:g}"


#: What the table of corners asks.
CORNERS = {
    "`abs(x)` at 0": ("abs(x)", "0"), "`relu(x)` at 0": ("relu(x)", "0"), "`max(x, 0)` at 0": ("max(x, 0)", "0"),
    "`max(0, x)` at 0": ("max(0, x)", "0"), "`clip(x, 0, 1)` at 1": ("clip(x, 0, 1)", "1"),
    "`leaky_relu(x)` at 0": ("leaky_relu(x)", "0"), "`sign(x)` at 0": ("sign(x)", "0"),
    "`relu6(x)` at 6": ("relu6(x)", "6"), "`hardtanh(x)` at 1": ("hardtanh(x)", "1"),
    "`hard_sigmoid(x)` at 3": ("hard_sigmoid(x)", "3"), "`hard_swish(x)` at 3": ("hard_swish(x)", "3"),
    "`selu(x)` at 0": ("selu(x)", "0"), "`softshrink(x)` at 0.5": ("softshrink(x)", "0.5"),
    "`hardshrink(x)` at 0.5": ("hardshrink(x)", "0.5"),
}  # fmt: skip
_CHOICES = ("least", "left", "right", "tf1", "torch", "jax")


def corners() -> str:
    """A table of what `--corner` answers; a dash where there is no number."""
    head = f"| | {' | '.join(_CHOICES)} |\n|---|{'---|' * len(_CHOICES)}\n"
    rows = (f"| {name} | {' | '.join(_answers(*asked))} |\n" for name, asked in CORNERS.items())
    return head + "".join(rows)


def _answers(expression: str, x: str) -> list[str]:
    asked = ("grad", expression, "--x", x, "--no-save", "--get", "gradient.x", "--corner")
    ends = [command_line([*asked, choice]) for choice in _CHOICES]
    return [f"{float(end.out):g}" if end.status == 0 else "–" for end in ends]


def limits() -> str:
    """A table of the limits with both of their values."""
    head = "| limit | usual | `service` | bounds |\n|---|---|---|---|\n"
    return head + "".join(
        f"| `{name}` | {row.default:,.0f} | {row.service:,.0f} | {row.meaning} |\n"
        for name, row in LIMITS.items()
    )


def _item(text: str) -> str:
    """An item of a list within 80 columns; what stands between backquotes is not divided."""
    kept = re.sub(r"`[^`]*`", lambda code: code.group().replace(" ", "\0"), f"- {text}")
    lines = textwrap.wrap(kept, 80, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines).replace("\0", " ") + "\n"


PARTS = {"functions": functions, "schedules": schedules, "rules": rules, "corners": corners, "limits": limits}


def parts(text: str) -> list[str]:
    """The names of the generated parts of a document."""
    return [match.group(2) for match in _PART.finditer(text)]


def with_parts(text: str) -> str:
    """A document with its generated parts as they are now."""
    return _PART.sub(lambda match: f"{match.group(1)}\n{PARTS[match.group(2)]()}\n{match.group(4)}", text)
