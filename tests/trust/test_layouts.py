"""The short layout of adjoints answers as the plain one: numbers to the last bit, corners, domains, reasons and spans.

`GRADCLI_LAYOUTS=20000 pytest -s tests/trust/test_layouts.py` tries 20,000 expressions and prints the counts.
"""

from __future__ import annotations

import os
from collections import Counter

from tests.trust.layouts import beyond_its_bound, floats, points, programs, said, tells_more

#: Expressions.
COUNT, SEED = int(os.environ.get("GRADCLI_LAYOUTS", "150")), int(os.environ.get("GRADCLI_SEED", "1"))


def test_the_short_layout_answers_as_the_plain_one() -> None:
    """Over the whole table of functions, at a point anywhere and at one with corners and edges."""
    instructions, kinds = [0, 0], Counter[str]()
    for text, plain, short in programs(SEED, COUNT):
        assert (plain.variables, plain.unknown) == (short.variables, short.unknown), text
        assert [slot is None for slot in plain.gradient] == [slot is None for slot in short.gradient], text
        instructions[0] += len(plain.code) - plain.folded
        instructions[1] += len(short.code) - short.folded
        for point in points(text, plain.variables):
            found, answered = floats(plain, point), said(plain, text, point)
            assert found == floats(short, point), (text, point)
            if answered != (again := said(short, text, point)):  # a clock may have stopped one of them
                kinds["asked again"] += 1
                answered, again = said(plain, text, point), said(short, text, point)
            if answered != again and tells_more(again, answered):  # 7/y*y-7 is 0 where products are joined
                kinds["told more"] += 1
            else:
                assert answered == again or "LimitProblem" in (answered[0], again[0]), (text, point)
            kinds[found if isinstance(found, str) else "floats"] += 1
            kinds[
                answered[0] if isinstance(answered[0], str) else "noted" if answered[1] else "answered"
            ] += 1
            assert not beyond_its_bound(short, text, point), (text, point)
    print(f"{COUNT} expressions, instructions {instructions[0]} and {instructions[1]}; {dict(kinds)}")
    assert instructions[1] < instructions[0]
