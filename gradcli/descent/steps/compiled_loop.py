"""Gradient program and update rule → one Python loop.

Its text is made of slot numbers alone, as that of `float_backend.compiled` is. A step changes the point and the
slots only at its end, so an operation that fails leaves the state before that step; what stops being finite
is seen at the end of a block, by a sum that infinities and NaN cannot leave. Both go to the careful path,
step by step, which finds the answer or the reason, and the loop goes on behind it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from gradcli.calculus.backends import float_backend
from gradcli.descent.rules.gradient_clipping import limited, shrinking
from gradcli.descent.steps.inlined_rule import Inlined
from gradcli.descent.steps.step_evaluator import StepEvaluator
from gradcli.descent.steps.step_problem import Stage, State, StepProblem

#: Steps between two looks at whether all is still finite.
BLOCK = 512

Loop = Callable[..., tuple[float, ...]]


def run_compiled_loop(watch: StepEvaluator, state: State, steps: int) -> tuple[State, Stage]:
    """*steps* steps from *state*, bit for bit those of the careful path."""
    end = state.taken + steps
    try:
        loop = compiled_loop(watch.course, tuple(count - state.taken for count in state.counts))
    except (ValueError, ArithmeticError):  # settings from which no value can be made: the steps say which
        return (state := _carefully(watch, state, end)), watch.stage(state, state.taken)
    while state.taken < end:
        last = min(end, state.taken + BLOCK)
        reached, finite = _advanced(watch.course, loop, state, last)
        if not finite:
            state = _carefully(watch, state, last)
        elif reached.taken < last:
            state = _carefully(watch, reached, reached.taken + 1)
        else:
            state = reached
    return state, watch.stage(state, state.taken)


def _carefully(watch: StepEvaluator, state: State, last: int) -> State:
    stage = watch.stage(state, state.taken)
    while state.taken < last:
        state = watch.stepped(state, stage)
        stage = watch.stage(state, state.taken)
    return state


def _advanced(course: StepProblem, loop: Loop, state: State, last: int) -> tuple[State, bool]:
    """The state that the loop reaches, and whether all on the way was finite, but for slots that were not before."""
    kept = [number for slots in state.slots for number in slots]
    taken, check, *numbers = loop(state.taken, last, *state.point, *kept)
    point, flat, width = numbers[: len(state.point)], numbers[len(state.point) :], len(course.update.slots)
    slots = tuple(tuple(flat[i * width : (i + 1) * width]) for i in range(len(course.moving)))
    counts = tuple(count + int(taken) - state.taken for count in state.counts)
    finite = all(map(math.isfinite, [check, *point])) and all(
        math.isfinite(new) or (new == old and not math.isnan(old))
        for old, new in zip(kept, flat, strict=True)
    )
    return State(tuple(point), slots, int(taken), counts), finite


def compiled_loop(course: StepProblem, offsets: Sequence[int]) -> Loop:
    """The function (steps taken, last step, point…, slots…) → (steps taken, check, point…, slots…).

    offsets: how many more steps were counted for each moving variable.
    """
    rule = Inlined(course.update, _prepared(course)[1], dict(zip(course.moving, offsets, strict=True)))
    point = [f"v{i}" for i in range(len(course.program.variables))]
    state = ", ".join([*point, *(name for place in course.moving for name in rule.kept(place))])
    source = "\n".join([
        f"def loop(t, last, {state}):",
        "    check = zero",
        "    try:",
        "        for t in numbers(t + 1, last + 1):",
        *(f"            {line}" for line in _body(course, rule)),
        "    except failures:",
        f"        return (t - 1, check, {state})",
        f"    return (last, check, {state})",
    ])  # fmt: skip
    return float_backend.assemble(source, _names(course, rule))  # type: ignore[no-any-return]


def _body(course: StepProblem, rule: Inlined) -> list[str]:
    program = course.program
    lines = [
        f"v{program.first + i} = {float_backend.statement(program, i)}"
        for i in range(program.folded, len(program.code))
    ]
    watched = [program.value, *(program.gradient[place] for place in course.moving)]
    lines += [f"check = check + v{slot}" for slot in watched]
    lines += _prepared(course)[0] + rule.shared()
    for place in course.moving:
        lines += rule.lines(place)
    return lines + [line for place in course.moving for line in rule.assignments(place)]


def _prepared(course: StepProblem) -> tuple[list[str], dict[int, str]]:
    """The lines between gradient and rule, for its sign and its limits; each partial's name behind them."""
    names = {place: f"v{course.program.gradient[place]}" for place in course.moving}
    lines: list[str] = []
    forms = ["-{}"] if course.ascend else []
    forms += ["limited(bound, {})"] if course.clip.value is not None else []
    for form in forms:
        lines += [f"g{place} = {form.format(name)}" for place, name in names.items()]
        names = {place: f"g{place}" for place in names}
    if course.clip.norm is not None:
        lines.append(f"factor = shrinking(radius, beside, {', '.join(names.values())})")
        lines += [f"g{place} = factor * {name}" for place, name in names.items()]
        names = {place: f"g{place}" for place in names}
    return lines, names


def _names(course: StepProblem, rule: Inlined) -> dict[str, Any]:
    return {
        **rule.environment,
        **float_backend.environment(course.program),
        "zero": 0.0, "numbers": range, "failures": (ValueError, ArithmeticError),
        "limited": limited, "shrinking": shrinking, "bound": course.clip.value, "radius": course.clip.norm,
        "beside": course.clip.beside,
    }  # fmt: skip
