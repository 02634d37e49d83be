"""The order of a block's lines: each number is computed shortly before it is needed. The numbers are the same in any order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

_NAME = re.compile(r"%n\d+")


def operands(line: str) -> list[str]:
    """The names of the lines whose numbers a line needs."""
    return _NAME.findall(line.partition(" = ")[2])


def in_order_of_need(lines: Sequence[str], roots: Sequence[str]) -> list[str]:
    """The lines, what each of *roots* needs together; all others as soon as their operands are there."""
    by_name = {line.partition(" = ")[0]: line for line in lines}
    needs = {name: list(dict.fromkeys(operands(line))) for name, line in by_name.items()}
    users: dict[str, list[str]] = {name: [] for name in by_name}
    missing = {name: len(of) for name, of in needs.items()}
    for name, of in needs.items():
        for one in of:
            users[one].append(name)
    needed = _reached(roots, needs)
    order: list[str] = []
    done = set[str]()

    def put(name: str) -> None:
        """The line, and those that wait for nothing else."""
        waiting = [name]
        while waiting:
            one = waiting.pop()
            done.add(one)
            order.append(by_name[one])
            for user in users[one]:
                missing[user] -= 1
                if not missing[user] and user not in needed:
                    waiting.append(user)

    for name in by_name:
        if not needs[name] and name not in needed:
            put(name)
    for root in roots:
        for name in _post_order(root, needs, done.__contains__):
            put(name)
    return order


def _reached(roots: Sequence[str], needs: dict[str, list[str]]) -> set[str]:
    found, waiting = set[str](), [root for root in roots if root in needs]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += needs[name]
    return found


def _post_order(root: str, needs: dict[str, list[str]], done: Callable[[str], bool]) -> Iterator[str]:
    """What *root* needs and is not done, operands first."""
    stack = [(root, False)] if root in needs else []
    while stack:
        name, opened = stack.pop()
        if done(name):
            continue
        if opened:
            yield name
        else:
            stack.append((name, True))
            stack += [(one, False) for one in reversed(needs[name])]
