"""What `fit` was asked, checked as far as that needs no file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.language.column_names import is_element
from gradcli.language.errors import UsageProblem, ValueProblem
from gradcli.language.names import is_name, normal
from gradcli.language.records import NamedTuple
from gradcli.language.tokens import tokens
from gradcli.shell.problems.interval_lists import Interval, intervals
from gradcli.shell.problems.problem import Problem, from_command_line
from gradcli.shell.problems.values import Value, assignments, gathered, names

if TYPE_CHECKING:
    from gradcli.shell.files.file_columns import DataRequest


class FitQuestion(NamedTuple):
    """A fit as it was asked for.

    model, target: texts. starts, fixed: values by name. bounds: by name. sigma, weights: expressions of a row's standard
    deviation and of its weight. absolute: whether errors are not scaled. look: whether points beyond the start are tried.
    level: of the intervals, a share. derive: quantities made of parameters, NAME = EXPR. predict: numbers of columns,
    or a file. profile: whether likelihood intervals are wanted. by_row: whether CSV has the rows of the
    data. loss, scale: of the residuals, the scale None where it follows from their spread.
    compare: another model. by: a column of groups, share: parameters that these have in common.
    likelihood: whether the model is a negative log-likelihood, and nothing is fitted to a target.
    sigma_x: standard deviations of columns, EXPR or NAME=EXPR.
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
    likelihood: bool = False
    sigma_x: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """All texts that may name columns."""
        texts = (self.model, self.target, self.sigma, self.weights, self.compare, self.by)
        return (*(one for one in texts if one), *(text.rpartition("=")[2] for text in self.sigma_x))

    @property
    def given(self) -> tuple[str, ...]:
        """The names that are parameters because they have values or bounds."""
        return tuple(dict.fromkeys((*self.starts, *self.fixed, *self.bounds)))


def fit_question(
    expressions: Sequence[str], values: Sequence[tuple[str, str]], at: Sequence[str], data: DataRequest | None,
    how: Mapping[str, Any],
) -> FitQuestion:  # fmt: skip
    """The question of a command line. Raises UsageProblem and ValueProblem for what is missing or contradicts itself."""
    problem = _problem(expressions, values, at, how["nll"])
    if data is None:
        raise UsageProblem("fit needs a file of data", hint="--data points.csv has the columns")
    if how["nll"] is not None:
        _check_likelihood(how, named=bool(expressions))
    elif how["to"] is None:
        raise _no_target(problem.texts)
    fixed = gathered([pair for text in how["fix"] for pair in assignments(text, "--fix")])
    bounds = intervals(how["bounds"], "--bounds") if how["bounds"] else {}
    _check_apart(problem.at, fixed, bounds)
    if how["sigma_y"] is not None and how["weights"] is not None:
        raise UsageProblem("--sigma-y and --weights both say how much a row counts", hint="give one of them")
    if how["sigma_x"]:
        _check_orthogonal(how)
    if how["share"] is not None and how["by"] is None:
        raise UsageProblem("--share says what groups have in common", hint="--by COLUMN has the groups")
    absolute = bool(how["absolute_sigma"])
    if absolute and how["sigma_y"] is None and how["weights"] is None:
        raise UsageProblem(
            "--absolute-sigma needs standard deviations", hint="--sigma-y s, or --weights 1/s**2"
        )
    return FitQuestion(
        problem.texts[0], how["to"] or "", data, problem.at, fixed, bounds, how["sigma_y"], how["weights"], absolute,
        how["start"] == "auto", how["confidence"] / 100, how["derive"], how["predict"], how["profile"], how["residuals"],
        *loss_of(how["loss"]), how["compare"], how["by"], names(how["share"], "--share", "a,b") or (),
        how["nll"] is not None, how["sigma_x"],
    )  # fmt: skip


def _no_target(texts: Sequence[str]) -> UsageProblem:
    """What is said where --to is missing; `y = a*x + b` says it in another place."""
    left, equals, right = texts[0].partition("=") if len(texts) == 1 else ("", "", "")
    if equals and is_name(normal(left.strip())) and right.strip() and not set(right) & set("=;\n"):
        hint = f'gradcli fit "{right.strip()}" --to {left.strip()}'
        return UsageProblem("a model is typed without what it is equal to", hint=hint)
    return UsageProblem(
        "nothing says what is fitted", hint="--to y is the column y, --to 'log(y)' its logarithm"
    )


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
    try:
        scale = float(number("--loss", rest))
    except ValueProblem as error:
        raise ValueProblem(
            f"--loss {text}: the scale is not a number", text=error.text, span=error.span,
            hint="--loss huber:0.5 counts what is beyond 0.5 less",
        ) from None  # fmt: skip
    if name == "linear" or scale <= 0:
        why = "linear has no scale" if name == "linear" else "a scale is above 0"
        raise ValueProblem(f"--loss {text}: {why}", hint="--loss huber:0.5 counts what is beyond 0.5 less")
    return name, scale


def _problem(
    expressions: Sequence[str], values: Sequence[tuple[str, str]], at: Sequence[str], nll: str | None
) -> Problem:
    problem = from_command_line(expressions, values, at, None)
    if nll is not None:
        problem = problem._replace(texts=(_cost(problem.texts, nll),))
    elif tuple(expressions) == ("-",):
        from gradcli.shell.problems.problem_source import only_problem

        problem = only_problem(problem)
    left, tilde, right = problem.texts[0].partition("~") if len(problem.texts) == 1 else ("", "", "")
    if tilde:
        raise UsageProblem(
            "a model is typed without ~", hint=f'gradcli fit "{right.strip()}" --to "{left.strip()}"'
        )
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


#: Options that are about residuals, by the parameters that have them.
_OF_RESIDUALS = {
    "to": "--to", "sigma_x": "--sigma-x", "bounds": "--bounds", "sigma_y": "--sigma-y", "weights": "--weights",
    "absolute_sigma": "--absolute-sigma", "share": "--share", "compare": "--compare", "profile": "--profile",
    "predict": "--predict", "residuals": "--residuals", "plot": "--plot", "plot_out": "--out with a picture",
}  # fmt: skip


def _check_likelihood(how: Mapping[str, Any], *, named: bool) -> None:
    """Raises UsageProblem for what does not go with a likelihood, and for a MODEL that it says nothing of."""
    other = next((option for name, option in _OF_RESIDUALS.items() if how.get(name)), None)
    other = other or ("--loss" if how["loss"] != "linear" else None)
    if other is not None:
        raise UsageProblem(f"{other} and --nll do not go together", hint="--nll has all that is to be least")
    if named and "model" not in {token.text for token in tokens(how["nll"], rows=True)}:
        raise UsageProblem(
            "--nll says nothing of the MODEL", hint="in EXPR it is called model: (y - model)**2"
        )


def _check_orthogonal(how: Mapping[str, Any]) -> None:
    """Raises UsageProblem for what does not go with errors in the columns."""
    if how["sigma_y"] is None:
        raise UsageProblem("--sigma-x needs the standard deviation of what is fitted", hint="--sigma-y EXPR")
    other = next((one for name, one in (("profile", "--profile"), ("compare", "--compare"), ("by", "--by"),
                                        ("residuals", "--residuals")) if how[name]), None)  # fmt: skip
    other = other or ("--loss" if how["loss"] != "linear" else None)
    if other is not None:
        raise UsageProblem(f"{other} and --sigma-x do not go together")


def spread_texts(asked: FitQuestion, columns: tuple[str, ...]) -> dict[str, str]:
    """The expressions of --sigma-x by column: EXPR for the model's only one, or NAME=EXPR. Raises UsageProblem."""
    found: dict[str, str] = {}
    for text in asked.sigma_x:
        name, equals, expression = text.partition("=")
        own = normal(name.strip())
        if not (equals and is_name(own)):
            if len(columns) != 1:
                hint = f"for example --sigma-x {columns[0]}=0.1" if columns else None
                raise UsageProblem(f"--sigma-x {text}: the model has {len(columns)} columns", hint=hint)
            own, expression = columns[0], text
        if own not in columns:
            listed = ", ".join(columns)
            raise UsageProblem(
                f"--sigma-x {own}: it is no column of the model", hint=f"its columns are {listed}"
            )
        if own in found:
            raise UsageProblem(
                f"--sigma-x: {own} is there twice", hint="each column has one standard deviation"
            )
        found[own] = expression.strip()
    return found


def _cost(texts: Sequence[str], nll: str) -> str:
    """The cost of a row, in which a MODEL is called `model`. Raises UsageProblem for several models."""
    from gradcli.language.problem_text import divided

    if len(texts) > 1 or tuple(texts) == ("-",):
        raise UsageProblem("--nll takes one MODEL at most", hint="in EXPR it is called model")
    if not texts:
        return nll
    parts = divided(texts[0])
    return "; ".join((*parts.definitions, f"model = {parts.expression}", nll))


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
