"""What a command is asked about: expressions, a point, variables that count; typed, piped or remembered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.calculus.program.typed_numbers import TypedFloat, text_of
from gradcli.language.column_names import as_rows, column_of, element, is_element, spread, whole_names
from gradcli.language.errors import GradcliError, SessionProblem, UsageProblem, ValueProblem
from gradcli.language.limits import limit
from gradcli.language.names import checked_name, normal
from gradcli.language.records import NamedTuple
from gradcli.shell.problems.values import Value, assignments, gathered, names, number

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.memory.session_record import State
    from gradcli.shell.files.file_rows import FileRows
    from gradcli.shell.problems.json_documents import Document


class SessionOverFiles(UsageProblem):
    """The session's problem is over files of data: its state."""

    def __init__(self, state: State, session: str) -> None:
        files = state.settings["data"]["files"]
        first = files[0][0].replace("\\", "/").rpartition("/")[2]
        more = f" and {len(files) - 1} more" if len(files) > 1 else ""
        super().__init__(
            f"the problem of session {session} is over {first}{more}, and this command reads no files of data",
            hint="an EXPR of its own begins another problem",
        )
        self.state = state


class Problem(NamedTuple):
    """Expressions (their sum is f), values, and the variables to differentiate along (None: all).

    data: the columns of files that it is a loss over; without a program where they are written out in the point.
    constraints: the texts of what is to hold beside.
    """

    texts: tuple[str, ...]
    at: Mapping[str, Value]
    wrt: tuple[str, ...] | None = None
    data: FileRows | None = None
    constraints: tuple[str, ...] = ()

    @property
    def expression(self) -> str | list[str]:
        """As records show it: a string, or a list for several outputs."""
        return self.texts[0] if len(self.texts) == 1 else list(self.texts)

    @property
    def own_at(self) -> Mapping[str, Value]:
        """The point without the numbers of files, which records do not repeat."""
        return (
            self.at if self.data is None else {name: x for name, x in self.at.items() if not is_element(name)}
        )

    @classmethod
    def from_record(cls, data: Mapping[str, Any], digits: int = 15) -> Problem:
        """The problem of a JSON record; without expressions where it has none. Raises UsageProblem, ValueProblem."""
        wrt, at = _along(data.get("wrt")), dict[str, Value]()
        for name, value in _mapping(data).items():
            normal_name = checked_name(normal(name), '"at"')
            if normal_name in at or element(normal_name, 0) in at:
                raise ValueProblem(f'"at" has {normal_name} twice', hint="give each variable one value")
            if isinstance(value, list):
                at |= _column(normal_name, value, digits)
            else:
                at[normal_name] = _value(normal_name, value, digits)
        return cls(_texts(data), at, wrt, None, _constraints(data))

    def whole(self) -> Problem:
        """The problem with the numbers of a column in the place of its name in `wrt`."""
        if self.wrt is None or not any(map(is_element, self.at)):
            return self
        return self._replace(wrt=spread(self.wrt, self.at))


def with_constraints(store: Store, problem: Problem, typed: Sequence[str] = ()) -> Problem:
    """The problem with the constraints of --subject-to in the place of others, and with those that its texts hold.

    The store is told of them: what is said of definitions depends on who uses them.
    """
    whole = _with_constraints(problem, typed)
    store.beside = whole.constraints
    return whole


def _with_constraints(problem: Problem, typed: Sequence[str]) -> Problem:
    if not (typed or problem.constraints or any("subject" in text for text in problem.texts)):
        return problem
    if not any("subject" in text for text in problem.texts):
        return problem._replace(constraints=tuple(typed or problem.constraints))
    from gradcli.language.constraints.subject_to import separated

    apart = [separated(text) for text in problem.texts]
    inside = tuple(one for part in apart for one in part.constraints)
    return problem._replace(
        texts=tuple(part.text for part in apart), constraints=(*inside, *(typed or problem.constraints))
    )


def held(store: Store, problem: Problem) -> Problem:
    """The problem of a descent: where numbers stand beside columns it is they that move, unless `wrt` says otherwise.

    A notice of the store says so.
    """
    numbers = tuple(name for name in problem.at if not is_element(name))
    if problem.wrt is not None or not numbers or len(numbers) == len(problem.at):
        return problem
    whole = whole_names(problem.at)
    columns = [name for name in whole if name not in numbers]
    listed = columns[0] if len(columns) == 1 else f"{', '.join(columns[:-1])} and {columns[-1]}"
    rests = "rests" if len(columns) == 1 else "rest"
    store.notices.append(f"{listed} {rests}, and the numbers move: --wrt {','.join(whole)} moves all of them")
    return problem._replace(wrt=numbers)


def from_command_line(
    expressions: Sequence[str],
    values: Iterable[tuple[str, str]],
    at: Sequence[str],
    wrt: str | None,
    digits: int = 15,
) -> Problem:
    """The problem that the command line spells. Raises ValueProblem for a value that is none."""
    pairs = [pair for text in at for pair in assignments(text)] + list(values)
    return Problem(tuple(expressions), gathered(pairs, digits), names(wrt)).whole()


def from_session(problem: Problem, state: State | None, session: str, *, files: bool = False) -> Problem:
    """The session's problem, moved to the values asked for. Raises SessionProblem where there is none.

    files: whether the command reads files of data; raises SessionOverFiles where the problem is over some, and it does not.
    """
    if state is None:
        raise SessionProblem(
            f"session {session} does not exist: there is no problem to go on with",
            hint='begin one: gradcli grad "x**2+x*y+3" --x 5 --y 3'
            + (f" --session {session}" if session != "default" else ""),
        )
    if not files and "data" in state.settings:
        raise SessionOverFiles(state, session)
    kept = problem.constraints or tuple(state.settings.get("constraints", ()))
    wrt = problem.wrt or state.wrt
    return Problem(state.expressions, moved(state.at, problem.at), wrt, None, kept).whole()


def moved(at: Mapping[str, Value], values: Mapping[str, Value]) -> dict[str, Value]:
    """*at* with the *values* of some names: a column is given whole, and a number may take its place."""
    given = {column_of(name) for name in values}
    kept = (
        at
        if not any(map(is_element, (*at, *values)))
        else {n: x for n, x in at.items() if column_of(n) not in given}
    )
    return {**kept, **values}


def from_stream(lines: Iterable[str], base: Problem, digits: int = 15) -> Iterator[Problem | GradcliError]:
    """The problems on *lines*: an expression or a JSON problem each; what cannot be read is its error.

    A JSON object may spread over several lines. Values on the command line win over piped ones.
    """
    from gradcli.shell.problems.json_documents import documents

    for document in documents(lines):
        try:
            problem = problem_of(document, base, digits)
        except GradcliError as error:
            yield error
            continue
        yield problem


def problem_of(document: Document, base: Problem, digits: int) -> Problem:
    """The problem of one document, *base* winning where both say something. Raises what is wrong with it."""
    if document.error is not None:
        raise document.error
    if not document.text.startswith("{"):
        return Problem((document.text,), base.at, base.wrt, None, base.constraints)
    from gradcli.shell.problems.json_documents import EXAMPLE, record_of

    data = record_of(document.text) if document.data is None else document.data
    problem = Problem.from_record(data, digits)
    if not problem.texts:
        raise UsageProblem('a JSON problem needs "expression", a string or a list of strings', hint=EXAMPLE)
    constraints = base.constraints or problem.constraints
    wrt = base.wrt or problem.wrt
    whole = Problem(problem.texts, moved(problem.at, base.at), wrt, None, constraints).whole()
    check_beside(data, whole)
    return whole


#: The keys of a JSON problem that are read; others are an answer's, and ignored.
READ = ("expression", "at", "wrt", "constraints")


def check_beside(data: Mapping[str, Any], problem: Problem) -> None:
    """Raises UsageProblem for a number in *data* that stands beside `at`, and has the name of a variable without a value."""
    beside = {normal(key): value for key, value in data.items() if key not in READ}
    asked = {
        name: value for name, value in beside.items() if name not in problem.at and _is_number(name, value)
    }
    if not any(name in text for name in asked for text in problem.texts):
        return
    from gradcli.language.parser.outputs import total

    try:
        variables = total(problem.texts, problem.at.keys()).variables
    except GradcliError:
        return  # which is said where it is compiled
    for name, value in asked.items():
        if name in variables:
            import json

            message = f'"{name}" stands beside "expression", where no value is read: values stand in "at"'
            raise UsageProblem(
                message, hint=f'"at": {{{json.dumps(name, ensure_ascii=False)}: {json.dumps(value)}}}'
            )


def _is_number(name: str, value: Any) -> bool:
    """Whether a value of JSON could be that of a variable."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return False
    if isinstance(value, str):
        try:
            number(name, value)
        except GradcliError:
            return False
    return True


def _texts(data: Mapping[str, Any]) -> tuple[str, ...]:
    expression = data.get("expression")
    texts = [expression] if isinstance(expression, str) else [] if expression is None else expression
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        from gradcli.shell.problems.json_documents import EXAMPLE

        raise UsageProblem('"expression" must be a string or a list of strings', hint=EXAMPLE)
    return tuple(texts)


def _constraints(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The texts in a record's "constraints": strings, or objects with `text`."""
    found = data.get("constraints")
    if found is None:
        return ()
    texts = (
        [one.get("text") if isinstance(one, Mapping) else one for one in found]
        if isinstance(found, list)
        else [None]
    )
    if not all(isinstance(text, str) for text in texts):
        raise UsageProblem('"constraints" must be a list of texts, or of objects with "text"',
                           hint='"constraints": ["x + y = 1"]')  # fmt: skip
    return tuple(texts)  # type: ignore[arg-type]


def _mapping(data: Mapping[str, Any]) -> Mapping[str, Any]:
    at = data.get("at", {})
    if not isinstance(at, Mapping):
        raise UsageProblem('"at" must be an object of names and values', hint='"at": {"x": 5}')
    return at


def _along(wrt: Any) -> tuple[str, ...] | None:
    """The names in a record's "wrt", each once; None for none."""
    if wrt is None:
        return None
    if not (isinstance(wrt, list) and all(isinstance(name, str) for name in wrt)):
        raise UsageProblem('"wrt" must be a list of names')
    found = dict.fromkeys(map(normal, wrt))
    if len(wrt) - len(found) > limit("order"):  # answers of higher order name a variable again for each order
        raise UsageProblem('"wrt" has the same names again and again', hint="name each variable once")
    return tuple(checked_name(name, '"wrt"') for name in found)


def _column(name: str, numbers: list[Any], digits: int) -> dict[str, Value]:
    """An array of JSON as the numbers of a column. Raises ValueProblem for none."""
    if not numbers:
        raise ValueProblem(f'{name} has no numbers in "at"', hint=f'"at": {{"{name}": [1, 2, 3]}}').about(
            name
        )
    plain = digits <= 15
    return as_rows(
        name,
        [
            TypedFloat(one, repr(one))
            if plain and type(one) is float and -_LARGEST <= one <= _LARGEST
            else _value(element(name, row), one, digits)
            for row, one in enumerate(numbers)
        ],
    )


#: The largest float.
_LARGEST = 1.7976931348623157e308


def _value(name: str, value: Any, digits: int) -> Value:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise UsageProblem(f'the value of {name} in "at" must be a number or a constant expression')
    if isinstance(value, float) and digits <= 15 and abs(value) < float("inf") and text_of(value) is None:
        return TypedFloat(value, repr(value))
    return number(name, text_of(value) or repr(value), digits)
