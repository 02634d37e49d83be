"""Inputs at random for the doors: names, streams, claims, session rows; and what must hold of each."""

from __future__ import annotations

import json
import random
import unicodedata
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory

from gradcli.language.errors import GradcliError, SessionProblem
from gradcli.memory.record_fields import KINDS
from gradcli.memory.session_record import State, from_json, to_json
from gradcli.shell.problems.claim_files import claims
from gradcli.shell.problems.json_documents import documents
from gradcli.shell.problems.problem import Problem, from_command_line, from_stream
from gradcli.shell.sessions.command_lines import line_of, posing

from .strangers import NAMES

#: A word of the files that no error may show.
SECRET = "hunter2"

_STATE = State(
    1, "step", ("x**2+x*y",), {"x": 0.6, "y": 2.0}, 1.56, ("x",), 4, 2, "adam",
    {"dialect": "torch", "lr": 0.1, "nesterov": False, "since": 2,
     "wish": {"from": {"x": 0.8, "y": 2.0}, "ascend": False, "corner": "least", "clip_norm": None, "clip_value": 1.0}},
    {"m": {"x": 0.25}}, 1.7e9,
)  # fmt: skip

_JUNK = (
    None,
    True,
    False,
    0,
    -1,
    1,
    2**70,
    0.5,
    1e308,
    "",
    "x",
    [],
    {},
    [[]],
    {"x": {}},
    "nan",
    "$(id)",
    {"from": {}},
)


def name(chance: random.Random) -> str:
    """A name that is none, or nearly none, or one."""
    kind = chance.random()
    if kind < 0.3:
        return chance.choice(NAMES)
    letters = "xyzé_λ名1９²\u0301\u200d\u202e ½ªⅷ-.'\"`<;\n\t\x00\x1b\ud800$\\{}"
    text = "".join(chance.choice(letters) for _ in range(chance.randint(1, 6)))
    return f"{text}{chance.choice(NAMES)}" if kind < 0.5 else text


def is_dull(text: str) -> bool:
    """Whether no character of a name means anything to a language, a terminal, a shell or a page: Unicode's word for it."""
    return bool(text) and all(unicodedata.category(c)[0] in "LMN" or c == "_" for c in text)


def named(chance: random.Random) -> str:
    """A name at one of the doors: let in if it is dull, refused with status 2 otherwise."""
    given = name(chance)
    door = chance.randrange(4)
    try:
        if door == 0:
            found = from_command_line(["x**2"], (), [f"x=1,{given}=2"], None).at
        elif door == 1:
            found = from_command_line(["x**2"], (), ["x=1"], f"x,{given}").wrt or ()
        elif door == 2:
            found = Problem.from_record({"expression": "x", "at": {"x": 1.0, given: 2}}).at
        else:
            found = Problem.from_record({"expression": "x", "wrt": ["x", given]}).wrt or ()
    except GradcliError as error:
        assert error.status == 2
        assert error.message
        return "2"
    assert all(map(is_dull, found)), given
    return "0"


def streamed(chance: random.Random) -> str:
    """Rubbish between problems that are whole: these are all found, in order, and no line is found twice."""
    rubbish = ("{", "[", "}", "]", "}}", '"', "x +", '{"a": [', ",", '{"expression":', "1", '"x": 1,', '"x"', ":", "nul",
               '{"at": {"x":', "\ufeff{", "{}", "[1,2]", '{"a": "\\u12"', "\x00", "\udcff", '"a": {', "1e5,")  # fmt: skip
    lines, wanted = [], []
    for number in range(chance.randint(1, 8)):
        lines += [
            chance.choice(rubbish) + chance.choice(("", " ", "\r")) for _ in range(chance.randint(0, 6))
        ]
        wanted.append({"expression": "x", "at": {"x": number}})
        lines.append(json.dumps(wanted[-1]))
    found = list(documents(line + "\n" for line in lines))
    assert [
        one.data for one in found if one.data and "at" in one.data and one.data.get("expression")
    ] == wanted, lines
    assert len(found) <= len(lines)
    problems = list(from_stream((line + "\n" for line in lines), Problem((), {})))
    assert len(problems) == len(found)
    statuses = {one.status for one in problems if isinstance(one, GradcliError)}
    assert statuses <= {2}
    return f"{max(statuses, default=0)}"


def claimed(chance: random.Random) -> str:
    """A file at random as claims: what is read has names, and an error has nothing of the file."""
    pieces = ("x", " = ", "=", "2*x", SECRET, "\n", "#", "{", '"x"', ":", "}", ",", "+", "(", "\ufeff", "\x00", "\x1b", "y",
              f"{SECRET}=1\n", f'{{"{SECRET} x": 1}}', f"x={SECRET}\n", "\r\n", "\u2028", "[", "é", "claims")  # fmt: skip
    content = "".join(chance.choice(pieces) for _ in range(chance.randint(0, 12)))
    raw = content.encode("utf-8", "surrogatepass") + (b"\xff" if chance.random() < 0.1 else b"")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "file"
        file.write_bytes(raw)
        try:
            found = claims([], [str(file)])
        except GradcliError as error:
            assert error.status in (2, 4)
            assert SECRET not in f"{error.message} {error.text} {error.hint}", content
            return str(error.status)
    assert all(is_dull(claim.name) for claim in found), content
    return "0"


def remembered(chance: random.Random) -> str:
    """A session's row, changed at random: noticed where it has a checksum, and held to its fields where it has none."""
    text = to_json(_STATE)
    if chance.random() < 0.5:
        place = chance.randrange(len(text))
        changed = text[:place] + chance.choice('0123456789"{}[],:x ') + text[place + chance.randrange(2) :]
        try:
            assert from_json(changed, 1, "s") == _STATE, changed
            return "0"
        except SessionProblem:
            return "4"
    fields = {key: value for key, value in json.loads(text).items() if key != "crc"}
    for _ in range(chance.randint(1, 2)):
        _forge(chance, fields)
    try:
        state = from_json(json.dumps(fields), 1, "s")
    except SessionProblem as error:
        assert error.status == 4
        return "4"
    assert state.kind in KINDS
    assert all(map(is_dull, (*state.at, *(state.wrt or ()))))
    line = f"{posing('grad', state.expressions, state.at, ['--wrt', ','.join(state.wrt or ())])} {line_of(None, state)}"
    assert "$(id)" not in line.replace("'$(id)'", "")
    return "0"


def _forge(chance: random.Random, fields: dict[str, object]) -> None:
    """Put something else into one of the fields, or into one of theirs."""
    place: dict[str, object] = fields
    while True:
        inner = [value for value in place.values() if isinstance(value, dict)]
        if not inner or chance.random() < 0.4:
            break
        place = chance.choice(inner)
    key = chance.choice(list(place)) if place and chance.random() < 0.7 else name(chance)
    place[key] = deepcopy(chance.choice((name(chance), [name(chance)], {name(chance): 1.0}, *_JUNK)))


DOORS = {"names": named, "streams": streamed, "claims": claimed, "rows": remembered}
