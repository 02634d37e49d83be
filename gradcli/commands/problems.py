"""What a command is asked about: expressions, a point, variables that count; typed, piped or remembered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.calculus.backends.texts import TypedFloat
from gradcli.commands.values import Value, assignments, gathered, names, number
from gradcli.language.errors import GradcliError, SessionProblem, SyntaxProblem, UsageProblem

if TYPE_CHECKING:
    from gradcli.memory.records import State

#: Lines that one JSON problem may spread over.
MOST_LINES = 10_000

EXAMPLE = '{"expression": "x**2", "at": {"x": 5}}'


class Problem(NamedTuple):
    """Expressions (their sum is f), values, and the variables to differentiate along (None: all)."""

    texts: tuple[str, ...]
    at: Mapping[str, Value]
    wrt: tuple[str, ...] | None = None

    @property
    def expression(self) -> str | list[str]:
        """As records show it: a string, or a list for several outputs."""
        return self.texts[0] if len(self.texts) == 1 else list(self.texts)

    @classmethod
    def from_record(cls, data: Mapping[str, Any], digits: int = 15) -> Problem:
        """The problem of a JSON record; without expressions where it has none. Raises UsageProblem, ValueProblem."""
        at = {name: _value(name, value, digits) for name, value in _mapping(data).items()}
        wrt = data.get("wrt")
        if wrt is not None and not (isinstance(wrt, list) and all(isinstance(name, str) for name in wrt)):
            raise UsageProblem('"wrt" must be a list of names')
        return cls(_texts(data), at, None if wrt is None else tuple(wrt))


def asked(
    expressions: Sequence[str],
    values: Iterable[tuple[str, str]],
    at: Sequence[str],
    wrt: str | None,
    digits: int = 15,
) -> Problem:
    """The problem that the command line spells. Raises ValueProblem for a value that is none."""
    pairs = [pair for text in at for pair in assignments(text)] + list(values)
    return Problem(tuple(expressions), gathered(pairs, digits), names(wrt))


def remembered(problem: Problem, state: State | None, session: str) -> Problem:
    """The session's problem, moved to the values asked for. Raises SessionProblem where there is none."""
    if state is None:
        raise SessionProblem(
            f"session {session} does not exist: there is no problem to go on with",
            hint='begin one: gradcli grad "x**2+x*y+3" --x 5 --y 3',
        )
    return Problem(state.expressions, {**state.at, **problem.at}, problem.wrt or state.wrt)


def piped(lines: Iterable[str], base: Problem, digits: int = 15) -> Iterator[Problem | Exception]:
    """The problems on *lines*: an expression or a JSON problem each; what cannot be read is its error.

    A JSON object may spread over several lines. Values on the command line win over piped ones.
    """
    for text, data in documents(lines):
        try:
            problem = problem_of(text, data, base, digits)
        except GradcliError as error:
            yield error
            continue
        yield problem


def problem_of(text: str, data: Mapping[str, Any] | None, base: Problem, digits: int) -> Problem:
    """The problem of one document, *base* winning where both say something. Raises SyntaxProblem, UsageProblem."""
    if not text.lstrip().startswith("{"):
        return Problem((text,), base.at, base.wrt)
    problem = Problem.from_record(record_of(text) if data is None else data, digits)
    if not problem.texts:
        raise UsageProblem('a JSON problem needs "expression", a string or a list of strings', hint=EXAMPLE)
    return Problem(problem.texts, {**problem.at, **base.at}, base.wrt or problem.wrt)


def documents(lines: Iterable[str]) -> Iterator[tuple[str, Mapping[str, Any] | None]]:
    """Each expression or JSON text on *lines*, with the object that it spells where it spells one.

    A text ends where its brackets are closed. One that is cut off ends where the next problem begins, or when
    it has grown beyond all reason.
    """
    waiting: list[str] = []
    depth = 0
    for line in lines:
        stripped = line.strip()
        if not waiting and not stripped.startswith("{"):
            if stripped:
                yield stripped, None
            continue
        ends = stripped.endswith("}")
        data = _object(line) if ends and (not waiting or stripped.startswith("{")) else None
        if waiting and (data is None or "expression" not in data):
            waiting.append(line)
            depth += _deeper(line)
            data = _object("".join(waiting)) if depth <= 0 else None
        else:
            if waiting:
                yield "".join(waiting), None
            waiting, depth = [line], 0 if data is not None else _deeper(line)
        whole = len(waiting) == 1 and ends and stripped.count("{") == stripped.count("}")
        if data is not None or whole or depth <= 0 or len(waiting) > MOST_LINES:
            yield "".join(waiting), data
            waiting = []
    if waiting:
        yield "".join(waiting), None


def _deeper(line: str) -> int:
    """How many more brackets a line of JSON opens than it closes. No string of JSON goes on in the next line."""
    import re

    bare = re.sub(r'"(?:[^"\\]++|\\.)*+"?', "", line)
    return sum(map(bare.count, "{[")) - sum(map(bare.count, "}]"))


def _object(text: str) -> Mapping[str, Any] | None:
    import json

    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def record_of(text: str) -> Mapping[str, Any]:
    """The JSON object that *text* spells. Raises SyntaxProblem for anything else."""
    import json

    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        place = min(getattr(error, "pos", 0), len(text.rstrip()))  # not in the empty line after it
        raise SyntaxProblem(
            "this is not a JSON problem", text=text, span=(place, place + 1), hint=EXAMPLE
        ) from error
    if not isinstance(data, Mapping):
        raise SyntaxProblem("this is JSON, but not an object", text=text, span=(0, 1), hint=EXAMPLE)
    return data


def _texts(data: Mapping[str, Any]) -> tuple[str, ...]:
    expression = data.get("expression")
    texts = [expression] if isinstance(expression, str) else [] if expression is None else expression
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise UsageProblem('"expression" must be a string or a list of strings', hint=EXAMPLE)
    return tuple(texts)


def _mapping(data: Mapping[str, Any]) -> Mapping[str, Any]:
    at = data.get("at", {})
    if not isinstance(at, Mapping):
        raise UsageProblem('"at" must be an object of names and values', hint='"at": {"x": 5}')
    return at


def _value(name: str, value: Any, digits: int) -> Value:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise UsageProblem(f'the value of {name} in "at" must be a number or a constant expression')
    if isinstance(value, float) and digits <= 15 and abs(value) < float("inf"):
        return value if isinstance(value, TypedFloat) else TypedFloat(value, repr(value))
    return number(name, value if isinstance(value, str) else repr(value), digits)
