"""What goes with a gradient where it was asked for: weights, constants, a direction, an uncertainty."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.language.column_names import as_rows, is_element, spread, whole_names
from gradcli.language.errors import UsageProblem, ValueProblem
from gradcli.language.problem_text import wrapped
from gradcli.memory.compiled_cache import cached, compiled_or_cached
from gradcli.shell.options.gradient_options import GradientOptions, direction_of, weights_of
from gradcli.shell.problems.expression_arguments import summed
from gradcli.shell.problems.problem import Problem
from gradcli.shell.problems.values import Value, assignments, names, number, pieces

if TYPE_CHECKING:
    from gradcli.calculus.program.point_answer import Note
    from gradcli.memory.database import Store
    from gradcli.output.gradients.gradient_document import Gradient
    from gradcli.shell.options.gradient_options import GradientOptions
if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.output.gradients.gradient_document import Gradient


def weighted_sum(problem: Problem, beyond: GradientOptions) -> Problem:
    """The problem with its expressions weighted. Raises UsageProblem for another number of weights."""
    if beyond.grad_ys is None:
        return problem
    weights_of(beyond.grad_ys, "--grad-ys", len(problem.texts), 15)
    texts = [piece.strip() for piece, _ in pieces(beyond.grad_ys)]
    weighted = (_times(weight, text) for weight, text in zip(texts, problem.texts, strict=True))
    return problem._replace(texts=tuple(weighted))


def _times(weight: str, text: str) -> str:
    plain = re.fullmatch(r"[0-9]+(\.[0-9]*)?", weight)
    return text if weight == "1" else wrapped(text, f"{weight if plain else f'({weight})'}*(", ")")


def check_order_alone(beyond: GradientOptions) -> None:
    """Raises UsageProblem where something is asked for that a derivative of higher order does not have."""
    asked = {"--along": beyond.along is not None, "--rigorous": beyond.rigorous, "±": bool(beyond.sigmas),
             "--stop": beyond.stop is not None}  # fmt: skip
    what = next((name for name, typed in asked.items() if typed), None)
    if what is not None:
        raise UsageProblem(f"{what} goes with a gradient, not with a derivative of higher order",
                           hint="leave out --order and name each variable once")  # fmt: skip


def without_stopped(
    problem: Problem, beyond: GradientOptions, variables: Callable[[], Sequence[str]]
) -> tuple[Problem, Sequence[str]]:
    """The problem along the variables that --stop leaves, and the names that were chosen with those it does not.

    Raises ValueProblem for a name that is not a variable.
    """
    stopped = _stopped(beyond, problem)
    if not stopped:
        return problem, problem.wrt or ()
    known = variables()
    for name in stopped:
        if name not in (*known, *problem.at):
            raise ValueProblem(
                f"--stop {name}: it is not a variable",
                hint=f"the variables are {', '.join(whole_names(known)[:8])}",
            )
    chosen = known if problem.wrt is None else problem.wrt
    left = tuple(name for name in chosen if name not in stopped)
    return problem._replace(wrt=left), chosen


def with_extras(
    store: Store,
    gradient: Gradient,
    problem: Problem,
    chosen: Sequence[str],
    beyond: GradientOptions,
    digits: int,
    corner: str,
) -> Gradient:
    """The gradient with what was asked for beside it. chosen: all variables that were, those of --stop as well."""
    from gradcli.calculus.program.point_answer import Note

    notes = list(gradient.notes)
    partials = dict(gradient.answer.partials) if gradient.answer else {}
    stopped = [name for name in chosen if name not in gradient.formulas]
    formulas = {name: gradient.formulas.get(name) for name in chosen}
    partials = {name: partials.get(name) for name in chosen}
    if len(problem.texts) > 1:
        notes.insert(0, Note("sum", summed(len(problem.texts), beyond.grad_ys)))
    for name in stopped:
        notes.append(Note("unconnected", f"{name} is not connected: --stop holds it constant", name))
    if beyond.unconnected == "zero":
        blank = [note.variable for note in notes if note.kind == "unconnected" and note.variable]
        zero: Value = 0.0 if digits <= 15 else "0"
        partials |= dict.fromkeys(blank, zero)
        formulas |= dict.fromkeys(blank, "0")
    if gradient.answer is None:
        if beyond.rigorous:
            raise UsageProblem(
                "--rigorous encloses numbers, and no variable has a value", hint="for example --x 5±0.1"
            )
        return gradient._replace(formulas=formulas, notes=notes)
    whole = gradient._replace(
        answer=gradient.answer._replace(partials=partials), formulas=formulas, notes=notes
    )
    return with_direction_and_uncertainty(store, whole, problem, beyond, digits, corner)


def with_direction_and_uncertainty(
    store: Store, gradient: Gradient, problem: Problem, beyond: GradientOptions, digits: int, corner: str
) -> Gradient:
    """The gradient with the slope along a direction and the uncertainty of f, where they were asked for."""
    from gradcli.calculus.evaluation.directional_derivative import Along, propagated_uncertainty

    answer = gradient.answer
    if answer is None:
        return gradient
    blank = {note.variable for note in gradient.notes if note.kind == "unconnected"}
    zero: Value = 0.0 if digits <= 15 else "0"
    partials = {name: zero if name in blank else partial for name, partial in answer.partials.items()}
    if beyond.along is not None:
        direction = direction_of(beyond.along, "--along", list(partials), digits)
        if beyond.normalize and not any(float(x) for x in direction.values()):
            raise ValueProblem(
                "--along: a direction of length 0 cannot be normalized", hint="for example --along x=1"
            )
        slope, note = _slope(
            store, problem, beyond, direction, digits, partials if corner != "none" else None
        )
        formula = _formula(store, problem, beyond)
        gradient = gradient._replace(
            along=Along(direction, slope, formula, beyond.normalize),
            notes=[*gradient.notes, *([note] if note else [])],
        )
    sigmas: dict[str, Value] = {}
    if beyond.sigmas:
        sigmas = {name: number(name, text, digits) for name, text in beyond.sigmas.items()}
        for name, sigma in sigmas.items():
            if float(sigma) < 0:
                raise ValueProblem(
                    f"the uncertainty of {name} is negative", hint=f"for example --{name} 5±0.1"
                )
            if name not in partials:
                raise UsageProblem(f"{name} has an uncertainty, but --wrt leaves it out")
        gradient = gradient._replace(uncertainty=propagated_uncertainty(partials, sigmas, digits))
    return _enclosed(store, gradient, problem, sigmas, digits) if beyond.rigorous else gradient


def _enclosed(
    store: Store, gradient: Gradient, problem: Problem, sigmas: Mapping[str, Value], digits: int
) -> Gradient:
    """The gradient with the intervals that it must lie in, along the variables that f depends on."""
    from gradcli.shell.derivatives.rigorous_enclosure import rigorous_enclosure

    program = compiled_or_cached(store, problem.texts, problem.at.keys(), formulas=False).program
    moving = {name: sigma for name, sigma in sigmas.items() if name in program.variables}
    blank = {note.variable for note in gradient.notes if note.kind == "unconnected"}
    names = [name for name in gradient.formulas if name in program.variables and name not in blank]
    found = rigorous_enclosure(program, problem, moving, names, digits)
    jumps = {note.variable for note in gradient.notes if note.kind == "jump"} if not moving else set()
    partials = {name: None if name in jumps else ends for name, ends in found.partials.items()}
    return gradient._replace(rigorous=found._replace(partials=partials))


def _slope(
    store: Store, problem: Problem, beyond: GradientOptions, direction: Mapping[str, Value], digits: int,
    chosen: Mapping[str, Value | None] | None,
) -> tuple[Value | None, Note | None]:  # fmt: skip
    """The derivative along the direction, variables that --stop holds left where they are."""
    from gradcli.calculus.evaluation.directional_derivative import directional_derivative

    stopped = _stopped(beyond, problem)
    wrt = None if not stopped else [name for name in direction if name not in stopped]
    compiled = compiled_or_cached(
        store, problem.texts, problem.at.keys(), problem.wrt if wrt is None else wrt, formulas=False
    )
    held = {f" {name}" if name in stopped else name: x for name, x in direction.items()}
    return directional_derivative(
        compiled.program, compiled.text, problem.at, held, digits, normalized=beyond.normalize, chosen=chosen
    )


def _stopped(beyond: GradientOptions, problem: Problem) -> tuple[str, ...]:
    found = names(beyond.stop, "--stop") or () if beyond.stop is not None else ()
    return spread(found, problem.at) if any(map(is_element, problem.at)) else found


def _typed_direction(text: str) -> dict[str, str]:
    """By name, what a direction's components were typed as."""
    found: dict[str, str] = {}
    for name, typed in assignments(text, "--along"):
        if typed.startswith("["):
            found |= as_rows(name, [part for part, _ in pieces(typed[1:-1])])
        else:
            found[name] = typed
    return found


def _formula(store: Store, problem: Problem, beyond: GradientOptions) -> str | None:
    given, held = sorted(problem.at), list(_stopped(beyond, problem))
    direction = _typed_direction(beyond.along or "")

    def make() -> Any:
        from gradcli.calculus.evaluation.directional_derivative import directional_formula

        return directional_formula(problem.texts, given, direction, beyond.normalize, held)

    details = [direction, beyond.normalize, held]
    return cached(store, "along", problem.texts, given, details, make)  # type: ignore[no-any-return]
