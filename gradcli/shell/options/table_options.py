"""The options of commands whose answer is a table of derivatives, or a product with it, as one value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from gradcli.language.records import NamedTuple
from gradcli.shell.help.option_groups import OptionGroup
from gradcli.shell.options.common_options import (
    corner_option,
    digits_checked,
    output_options,
    problem_options,
    session_options,
)
from gradcli.shell.options.data_options import rows_option
from gradcli.shell.options.gradient_options import unconnected_option
from gradcli.shell.problems.problem_source import Question
from gradcli.shell.writers.answer_writer import OutputOptions

if TYPE_CHECKING:
    from gradcli.shell.files.file_columns import DataRequest

F = TypeVar("F", bound=Callable[..., Any])


class TableOptions(NamedTuple):
    """What was typed beside the expressions. zero: whether a slope is 0 where nothing is connected."""

    values: Sequence[tuple[str, str]]
    at: Sequence[str]
    wrt: str | None
    corner: str
    zero: bool
    session: str
    manner: OutputOptions
    data: DataRequest | None

    def question(self, expressions: Sequence[str], *, apart: bool = False) -> Question:
        """What *expressions* are asked. apart: several of them are several outputs."""
        return Question(expressions, self.values, self.at, self.wrt, apart=apart, files=True, data=self.data)


def table_options(function: F) -> F:
    """`--corner`, the options of problems, files, sessions and answers, `--unconnected`: *function* gets them as `asked`."""

    @wraps(function)
    def wanted(*args: Any, **options: Any) -> Any:
        precision = digits_checked(options.pop("digits"))
        manner = OutputOptions(options.pop("format_"), options.pop("get"), precision, options.pop("color"))
        zero = options.pop("unconnected") == "zero"
        typed = {name: options.pop(name) for name in ("values", "at", "wrt", "corner", "session", "data")}
        return function(*args, asked=TableOptions(zero=zero, manner=manner, **typed), **options)

    found: Any = wanted
    for add in (output_options(), session_options, unconnected_option, rows_option, problem_options):
        found = add(found)
    return cast("F", corner_option("none", OptionGroup.COMPUTED)(found))
