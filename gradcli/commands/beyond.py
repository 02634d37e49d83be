"""The options of `gradcli grad` beyond the plain gradient: weights, constants, directions, uncertainty."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from gradcli.commands.asking import unconnected_option, weights_of
from gradcli.commands.problems import Problem
from gradcli.commands.values import Value, assignments, listed, names, pieces
from gradcli.language.errors import UsageProblem, ValueProblem

if TYPE_CHECKING:
    from gradcli.memory.store import Store
    from gradcli.output.gradients import Gradient

F = TypeVar("F", bound=Callable[..., Any])

#: 5±0.1, 5+-0.1 and 5+/-0.1.
_MEASURED = re.compile(r"(.*?)(?:±|\+-|\+/-)(.*)", re.DOTALL)


class Beyond(NamedTuple):
    """What was asked for beside the gradient; sigmas: the variables' uncertainties as texts."""

    grad_ys: str | None
    stop: str | None
    unconnected: str
    along: str | None
    normalize: bool
    order: int | None
    sigmas: Mapping[str, str]

    @property
    def used(self) -> str | None:
        """The first option that was given, None for none."""
        given = {
            "--grad-ys": self.grad_ys, "--stop": self.stop, "--along": self.along, "--normalize": self.normalize,
            "--order": self.order, "±": self.sigmas, "--unconnected": self.unconnected == "zero",
        }  # fmt: skip
        return next((name for name, value in given.items() if value), None)


def beyond_options(function: F) -> F:
    """`--grad-ys`, `--stop`, `--unconnected`, `--along`, `--normalize`, `--order`."""
    options = [
        click.option("--grad-ys", metavar="W1,W2", help="Weights of several EXPR in their sum (1 each)."),
        click.option("--stop", metavar="X,Y", help="Hold these variables constant."),
        unconnected_option,
        click.option("--along", metavar="X=1,Y=2", help="The derivative along this direction as well."),
        click.option("--normalize", is_flag=True, help="Scale the direction of --along to length 1."),
        click.option("--order", type=click.IntRange(1), metavar="N",
                     help="Derivatives up to this order along one variable; --wrt x,x,y is a mixed one."),
    ]  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


def wanted(wrt: str | None, order: int | None) -> bool:
    """Whether the options ask for one derivative of higher order: --order, or a name twice in --wrt."""
    names = listed(wrt or "")
    return order is not None or len(set(names)) < len(names)


def measured(
    values: Iterable[tuple[str, str]], at: Sequence[str]
) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """All values as pairs of name and text, without their uncertainties; and those, by name.

    Raises ValueProblem for a ± without a number on both sides.
    """
    pairs = [pair for text in at for pair in assignments(text)] + list(values)
    plain, sigmas = [], {}
    for name, text in pairs:
        match = _MEASURED.fullmatch(text)
        if match:
            if not (match[1].strip() and match[2].strip()):
                raise ValueProblem(f"the value of {name} has a ± without a number on both sides", text=text,
                                   span=(0, len(text)), hint=f"for example --{name} 5±0.1")  # fmt: skip
            sigmas[name] = match[2]
        plain.append((name, match[1] if match else text))
    return plain, sigmas


def summed(problem: Problem, beyond: Beyond) -> Problem:
    """The problem with its expressions weighted. Raises UsageProblem for another number of weights."""
    if beyond.grad_ys is None:
        return problem
    weights_of(beyond.grad_ys, "--grad-ys", len(problem.texts), 15)
    texts = [piece.strip() for piece, _ in pieces(beyond.grad_ys)]
    weighted = (_times(weight, text) for weight, text in zip(texts, problem.texts, strict=True))
    return problem._replace(texts=tuple(weighted))


def _times(weight: str, text: str) -> str:
    plain = re.fullmatch(r"[0-9]+(\.[0-9]*)?", weight)
    return text if weight == "1" else f"{weight if plain else f'({weight})'}*({text})"


def alone(beyond: Beyond) -> None:
    """Raises UsageProblem where something is asked for that a derivative of higher order does not have."""
    if beyond.along is not None or beyond.sigmas or beyond.stop is not None:
        what = "--along" if beyond.along is not None else "±" if beyond.sigmas else "--stop"
        raise UsageProblem(f"{what} goes with a gradient, not with a derivative of higher order",
                           hint="leave out --order and name each variable once")  # fmt: skip


def free_of(
    problem: Problem, beyond: Beyond, variables: Callable[[], Sequence[str]]
) -> tuple[Problem, Sequence[str]]:
    """The problem along the variables that --stop leaves, and the names that were chosen with those it does not.

    Raises ValueProblem for a name that is not a variable.
    """
    stopped = names(beyond.stop, "--stop") or () if beyond.stop is not None else ()
    if not stopped:
        return problem, problem.wrt or ()
    known = variables()
    for name in stopped:
        if name not in (*known, *problem.at):
            raise ValueProblem(
                f"--stop {name}: it is not a variable", hint=f"the variables are {', '.join(known[:8])}"
            )
    chosen = known if problem.wrt is None else problem.wrt
    left = tuple(name for name in chosen if name not in stopped)
    return problem._replace(wrt=left), chosen


def completed(
    store: Store,
    gradient: Gradient,
    problem: Problem,
    chosen: Sequence[str],
    beyond: Beyond,
    digits: int,
    corner: str,
) -> Gradient:
    """The gradient with what was asked for beside it. chosen: all variables that were, those of --stop as well."""
    from gradcli.calculus.evaluate import Note

    notes = list(gradient.notes)
    partials = dict(gradient.answer.partials) if gradient.answer else {}
    stopped = [name for name in chosen if name not in gradient.formulas]
    formulas = {name: gradient.formulas.get(name) for name in chosen}
    partials = {name: partials.get(name) for name in chosen}
    if len(problem.texts) > 1:
        weights = f" with the weights {beyond.grad_ys}" if beyond.grad_ys else ""
        notes.insert(0, Note("sum", f"the {len(problem.texts)} outputs are summed{weights}"))
    for name in stopped:
        notes.append(Note("unconnected", f"{name} is not connected: --stop holds it constant", name))
    if beyond.unconnected == "zero":
        blank = [note.variable for note in notes if note.kind == "unconnected" and note.variable]
        zero: Value = 0.0 if digits <= 15 else "0"
        partials |= dict.fromkeys(blank, zero)
        formulas |= dict.fromkeys(blank, "0")
    if gradient.answer is None:
        return gradient._replace(formulas=formulas, notes=notes)
    whole = gradient._replace(
        answer=gradient.answer._replace(partials=partials), formulas=formulas, notes=notes
    )
    from gradcli.commands.following import followed

    return followed(store, whole, problem, beyond, digits, corner)
