"""Texts at random at every door: expressions by the grammar, mangled and of bytes, JSON, names, streams, claims, session
rows, exporters, `--timeout` and options; and what must hold of each.

    GRADCLI_FUZZ=200000 GRADCLI_SEED=1 python -m tests.trust.fuzzing

tries so many of them and prints how they ended; the tests try a few thousand.
"""

from __future__ import annotations

import collections
import json
import os
import random
import time
from collections.abc import Sequence

from gradcli.calculus.effort.time_budget import OutOfTime, seconds
from gradcli.calculus.evaluation.gradient_at_point import evaluate
from gradcli.calculus.graph.reverse_sweep import program_of, swept
from gradcli.language.errors import STATUSES, GradcliError
from gradcli.language.expression_text import text_of
from gradcli.language.function_table import CONSTANTS, FUNCTIONS, SPELLINGS
from gradcli.language.parser import parse
from gradcli.language.tree import Expression
from gradcli.shell.problems.problem import Problem, from_stream

from .commanding import COMMANDS
from .intruding import DOORS

COUNT, SEED = int(os.environ.get("GRADCLI_FUZZ", "4000")), int(os.environ.get("GRADCLI_SEED", "1"))

#: Every so many inputs the numbers are computed as well; the others are read, printed, read again and differentiated.
EVALUATED = 12

#: Seconds of the processor after which an input counts as a hang, or eight times as many that go by.
HANG = 20.0

_NUMBERS = (
    "0",
    "1",
    "2",
    "3",
    "-1",
    "0.5",
    ".5",
    "1e-9",
    "1e300",
    "7.25",
    "1e-400",
    "123456789",
    "0.1",
    "5e-324",
    "1/3",
)
_NAMES = ("x", "y", "z", "alpha", "lambda", "Größe", "x_1", "e", "pi")
_SIGNS = (
    "+",
    "-",
    "*",
    "/",
    "**",
    "^",
    "·",
    "<",
    ">=",
    "==",
    " and ",
    " or ",
    ",",
    "(",
    ")",
    " ",
    "²",
    "√",
    "!",
    "%",
    "=",
    ".",
    "'",
    '"',
)
#: Functions whose computation takes long where it is hard; the others carry the load.
_SLOW = frozenset(
    (
        "zetaprime",
        "hyp1f1",
        "hyp2f1",
        "hyperu",
        "betainc",
        "hurwitz_zeta",
        "elliptic_pi",
        "polylog",
        "besselk",
        "bessely",
        "besseli",
        "besselj",
        "expint",
        "uppergamma",
        "lowergamma",
        "beta",
    )
)


def expression(chance: random.Random, depth: int) -> str:
    """A text that the grammar makes: mostly, but not always, one that means something."""
    kind = chance.random()
    if depth <= 0 or kind < 0.2:
        return chance.choice(_NUMBERS) if chance.random() < 0.4 else chance.choice(_NAMES)
    if kind < 0.6:
        sign = chance.choice(("+", "-", "*", "/", "**", " + ", " * ", "·", "^"))
        return expression(chance, depth - 1) + sign + expression(chance, depth - 1)
    if kind < 0.7:
        return f"({expression(chance, depth - 1)})"
    if kind < 0.75:
        return "-" + expression(chance, depth - 1)
    name = chance.choice(list(SPELLINGS))
    if SPELLINGS[name] in _SLOW and chance.random() < 0.9:
        name = "sin"
    if SPELLINGS[name] in ("where", "piecewise"):
        compare = chance.choice(("<", "<=", ">", "==", "!="))
        parts = [expression(chance, depth - 2) for _ in range(4)]
        return f"{name}({parts[0]}{compare}{parts[1]}, {parts[2]}, {parts[3]})"
    row = FUNCTIONS[SPELLINGS[name]]
    count = chance.randint(row.fewest, row.most or row.fewest + 3)
    return f"{name}({', '.join(expression(chance, depth - 1) for _ in range(max(count, 1)))})"


def mangled(chance: random.Random, text: str) -> str:
    """The text with a few characters lost, doubled, swapped or foreign."""
    characters = list(text)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(characters) + 1)
        match chance.randrange(4):
            case 0 if characters:
                del characters[min(place, len(characters) - 1)]
            case 1:
                characters.insert(place, chance.choice(_SIGNS))
            case 2:
                characters.insert(
                    place, chr(chance.choice((chance.randrange(0x250), chance.randrange(0xD800), 0x1F600)))
                )
            case _:
                characters[place:place] = characters[max(place - 3, 0) : place]
    return "".join(characters)


def octets(chance: random.Random) -> str:
    """Bytes at random, read as the shell hands them over."""
    return bytes(chance.randrange(256) for _ in range(chance.randint(0, 30))).decode(
        "utf-8", "surrogateescape"
    )


def problem(chance: random.Random) -> str:
    """A JSON problem, or nearly one."""
    junk = (
        None,
        True,
        1e400,
        [],
        {},
        "",
        "x",
        -0.0,
        10**400,
        [[]],
        {"x": {}},
        "1/0",
        "nan",
        "9**9**9",
        float("nan"),
    )
    data = {
        "expression": expression(chance, 3),
        "at": {n: chance.choice((1, 0.5, "1/3", "pi")) for n in _NAMES},
        "wrt": ["x"],
    }
    for _ in range(chance.randint(0, 2)):
        data[chance.choice(("expression", "at", "wrt", "more"))] = chance.choice(junk)
    text = json.dumps(data)
    return mangled(chance, text) if chance.random() < 0.4 else text


def ending(chance: random.Random, kind: str, numbers: bool = True) -> str:
    """Make one input of that kind and try it; how it ended. Raises what no user may see."""
    if door := {**DOORS, **COMMANDS}.get(kind):
        return door(chance)
    if kind == "json":
        found = list(from_stream([problem(chance) + "\n"], Problem((), {})))
        for one in found:
            if isinstance(one, Exception):
                return _status(one)
        return (
            " ".join(
                answered(one.texts[0], dict(one.at), numbers) for one in found if isinstance(one, Problem)
            )
            or "nothing"
        )
    way = chance.choice(("grammar", "mangled", "bytes"))
    text = octets(chance) if way == "bytes" else expression(chance, chance.randint(1, 5))
    if way == "mangled":
        text = mangled(chance, text)
    return answered(
        text, {name: chance.choice((0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 1e-9, 1e9)) for name in _NAMES}, numbers
    )


def answered(text: str, point: dict[str, object], numbers: bool) -> str:
    """Parse, print and parse again, differentiate, evaluate: the status that a command would end with."""
    given = [name for name in point if name not in CONSTANTS]
    try:
        tree = parse(text, given)
        assert same_tree(parse(text_of(tree), given), tree), text
        program = program_of(swept(tree), tree.variables)
        if not numbers:
            return "0"
        answer = evaluate(
            program,
            text,
            {
                name: float(str(point.get(name, 1.5)) if _plain(point.get(name, 1.5)) else 1.5)
                for name in tree.variables
            },
        )
    except GradcliError as error:
        return _status(error)
    return "3 partly" if None in answer.partials.values() else "0"


def same_tree(*expressions: Expression) -> bool:
    """Whether they are one tree, where what is shared in one (the middle of 0 < x < 2) may stand twice in another."""
    known: dict[tuple[str, tuple[int, ...], str], int] = {}
    ends = set()
    for expression in expressions:
        numbers: list[int] = []
        for node in expression.nodes:
            key = node.op, tuple(numbers[i] for i in node.args), node.text
            numbers.append(known.setdefault(key, len(known)))
        ends.add(numbers[-1])
    return len(ends) == 1


def _plain(value: object) -> bool:
    return isinstance(value, float | int)


def _status(error: Exception) -> str:
    assert isinstance(error, GradcliError), error
    assert error.status in STATUSES
    assert error.message
    return str(error.status)


#: The doors, each of which gets an equal part of the inputs.
KINDS = ("expressions", "json", *DOORS, *COMMANDS)


def fuzz(count: int, seed: int, kinds: Sequence[str] = KINDS) -> collections.Counter[str]:
    """Try *count* inputs and count the endings. Raises AssertionError with the input's seed at the first bad one."""
    endings: collections.Counter[str] = collections.Counter()
    for number in range(count):
        kind = kinds[number % len(kinds)]
        name = f"{seed}:{number}"
        try:
            with seconds(8 * HANG, wall=True), seconds(HANG):
                endings[
                    f"{kind} {ending(random.Random(name), kind, number // len(kinds) % EVALUATED == 0)}"
                ] += 1
        except OutOfTime as late:
            raise AssertionError(f"input {name} hangs: {getattr(late, '__notes__', '')}") from None
        except Exception as error:
            raise AssertionError(f"input {name}: {type(error).__name__}: {error}") from error
    return endings


def main() -> None:
    """Run and print."""
    started = time.monotonic()
    endings = fuzz(COUNT, SEED)
    for ended, times in sorted(endings.items()):
        print(f"{times:8} {ended}")
    print(
        f"{COUNT} inputs, seed {SEED}, {time.monotonic() - started:.0f} s: no traceback, no hang, no other status"
    )


if __name__ == "__main__":
    main()
