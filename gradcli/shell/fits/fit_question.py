"""What `fit` was asked, checked as far as that needs no file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.language.column_names import is_element
from gradcli.language.errors import UsageProblem, ValueProblem
from gradcli.language.records import NamedTuple
from gradcli.shell.problems.interval_lists import Interval, intervals
from gradcli.shell.problems.problem import Problem, from_command_line
from gradcli.shell.problems.values import Value, assignments, gathered, names

if TYPE_CHECKING:
    from gradcli.shell.problems.file_columns import DataRequest


class FitQuestion(NamedTuple):
    """A fit as it was asked for.

    model, target: texts. starts, fixed: values by name. bounds: by name. sigma, weights: expressions of a row's standard
    deviation and of its weight. absolute: whether errors are not scaled. look: whether points beyond the start are tried.
    level: of the intervals, a share. derive: quantities made of parameters, NAME = EXPR. predict: numbers of columns,
    or a file. profile: whether likelihood intervals are wanted. by_row: whether CSV has the rows of the
    data. loss, scale: of the residuals, the scale None where it follows from their spread.
    compare: another model. by: a column of groups, share: parameters that these have in common.
    """

    model: str
    target: str
    request: DataRequest
    starts: Mapping[str, Value]
    fixed: Mapping[str, Value]
    bounds: Mapping[str, Interval]
    sigma: str | None
    weights: str | None
    absolute: bool
    look: bool
    level: float
    derive: tuple[str, ...] = ()
    predict: str | None = None
    profile: bool = False
    by_row: bool = False
    loss: str = "linear"
    scale: float | None = None
    compare: str | None = None
    by: str | None = None
    share: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """All texts that may name columns."""
        texts = (self.model, self.target, self.sigma, self.weights, self.compare, self.by)
        return tuple(one for one in texts if one is not None)

    @property
    def given(self) -> tuple[str, ...]:
        """The names that are parameters because they have values or bounds."""
        return tuple(dict.fromkeys((*self.starts, *self.fixed, *self.bounds)))


def fit_question(
    expressions: Sequence[str], values: Sequence[tuple[str, str]], at: Sequence[str], data: DataRequest | None,
    how: Mapping[str, Any],
) -> FitQuestion:  # fmt: skip
    """The question of a command line. Raises UsageProblem and ValueProblem for what is missing or contradicts itself."""
    problem = _problem(expressions, values, at)
    if data is None:
        raise UsageProblem("fit needs a file of data", hint="--data points.csv has the columns")
    if how["to"] is None:
        raise UsageProblem(
            "nothing says what is fitted", hint="--to y is the column y, --to 'log(y)' its logarithm"
        )
    fixed = gathered([pair for text in how["fix"] for pair in assignments(text, "--fix")])
    bounds = intervals(how["bounds"], "--bounds") if how["bounds"] else {}
    _check_apart(problem.at, fixed, bounds)
    if how["sigma_y"] is not None and how["weights"] is not None:
        raise UsageProblem("--sigma-y and --weights both say how much a row counts", hint="give one of them")
    if how["share"] is not None and how["by"] is None:
        raise UsageProblem("--share says what groups have in common", hint="--by COLUMN has the groups")
    absolute = bool(how["absolute_sigma"])
    if absolute and how["sigma_y"] is None and how["weights"] is None:
        raise UsageProblem(
            "--absolute-sigma needs standard deviations", hint="--sigma-y s, or --weights 1/s**2"
        )
    return FitQuestion(
        problem.texts[0], how["to"], data, problem.at, fixed, bounds, how["sigma_y"], how["weights"], absolute,
        how["start"] == "auto", how["confidence"] / 100, how["derive"], how["predict"], how["profile"], how["residuals"],
        *loss_of(how["loss"]), how["compare"], how["by"], names(how["share"], "--share", "a,b") or (),
    )  # fmt: skip


def loss_of(text: str) -> tuple[str, float | None]:
    """`huber:0.5` → the loss and its scale. Raises UsageProblem for one that is not there, ValueProblem for no scale."""
    from gradcli.fitting.models.loss_functions import NAMES
    from gradcli.language.names import nearest
    from gradcli.shell.problems.values import number

    name, colon, rest = text.partition(":")
    if name not in NAMES:
        close = nearest(name, NAMES)
        hint = f"did you mean {close}?" if close else f"losses are {', '.join(NAMES)}"
        raise UsageProblem(f"--loss {name}: there is no such loss", hint=hint)
    if not colon:
        return name, None
    scale = float(number("--loss", rest))
    if name == "linear" or scale <= 0:
        why = "linear has no scale" if name == "linear" else "a scale is above 0"
        raise ValueProblem(f"--loss {text}: {why}", hint="--loss huber:0.5 counts what is beyond 0.5 less")
    return name, scale


def _problem(expressions: Sequence[str], values: Sequence[tuple[str, str]], at: Sequence[str]) -> Problem:
    problem = from_command_line(expressions, values, at, None)
    if tuple(expressions) == ("-",):
        from gradcli.shell.problems.problem_source import only_problem

        problem = only_problem(problem)
    if len(problem.texts) != 1:
        raise UsageProblem(
            "fit needs one model", hint='gradcli fit "a*x + b" --to y --data points.csv --a 1 --b 0'
        )
    typed = next((name for name in problem.at if is_element(name)), None)
    if typed is not None:
        raise UsageProblem(
            f"{typed.partition('[')[0]} has typed numbers: the columns of a fit are those of files"
        )
    return problem


def _check_apart(
    starts: Mapping[str, Value], fixed: Mapping[str, Value], bounds: Mapping[str, Interval]
) -> None:
    for name in fixed:
        if name in starts:
            raise UsageProblem(f"{name} has a start and is fixed", hint=f"--fix {name}=… alone holds it")
        if name in bounds:
            raise UsageProblem(f"{name} is fixed, and has bounds", hint="leave one of them out")
    for name, (low, high) in bounds.items():
        if low is not None and high is not None and low >= high:
            raise ValueProblem(
                f"--bounds {name}: {low:g} is not below {high:g}", hint=f"--fix {name}={low:g} holds it"
            )
