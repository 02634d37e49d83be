"""Rows shared between two threads: the same bits as from one, failing rows and corners as well."""

import pytest

from gradcli.calculus.rows import array_blocks, level_result
from gradcli.calculus.rows.row_data import RowData
from gradcli.calculus.rows.row_evaluation import RowEvaluation
from gradcli.calculus.rows.row_program import compile_levels
from gradcli.language.errors import DomainProblem
from gradcli.language.rows.level_reading import levels_of

np = pytest.importorskip("numpy", reason="arrays need the extra gradcli[plot]")

POINT = {"a": 0.75, "b": -1.25}


def evaluations(text, x, y):
    columns = {"x": x, "y": y}
    rows = compile_levels(levels_of((text,), dict.fromkeys(columns, len(x)), POINT), tuple(POINT))
    return RowEvaluation(rows, RowData(columns), arrays=True)


def both(monkeypatch, work):
    """What *work* gives in one thread, and in two."""
    monkeypatch.setattr(array_blocks, "BLOCK", 100)
    found = []
    for least in (float("inf"), 0):
        monkeypatch.setattr(level_result, "SHARED", least)
        found.append(work())
    return found


@pytest.mark.parametrize("count", [1, 99, 100, 1_950])
@pytest.mark.parametrize(
    "text",
    ["mean((y - a*x - b)**2)", "sum(exp(a*x)*y + b*x)", "std(a*x + b*y)", "sum(abs(x - a)*b)", "sum(sqrt(x*x)*a + b)",
     "max(a*x)*sum(b*y)", "sum((x - 0.75)/(x - a) + b)"],
)  # fmt: skip
def test_no_bit_depends_on_the_threads(text, count, monkeypatch):
    """Values, slopes and both sides of corners; bounds of errors up to their own rounding."""
    random = np.random.default_rng(3)
    x, y = np.round(random.normal(size=count) * 2) / 2 + 0.25, random.normal(size=count) * 1e3
    evaluation = evaluations(text, x, y)

    def answer():
        try:
            return evaluation.at(POINT, bounds=True)
        except DomainProblem as error:
            return error.message

    one, two = both(monkeypatch, answer)
    if isinstance(one, str):
        assert one == two
        return
    assert one.value == two.value and one.corners == two.corners
    assert two.error == pytest.approx(one.error, rel=1e-12)
    for name, here in one.slopes.items():
        there = two.slopes[name]
        assert (here.left, here.right, here.origins) == (there.left, there.right, there.origins)
        assert there.error == pytest.approx(here.error, rel=1e-12)


def test_rows_without_a_value_are_named_in_their_order(monkeypatch):
    """The first three of both halves together, all counted; also where nearly all rows fail."""
    x = np.ones(1_000)
    x[[7, 480, 720, 999]] = -1.0
    evaluation = evaluations("sum(log(x)*a + b*y)", x, np.ones(1_000))

    def said():
        with pytest.raises(DomainProblem) as error:
            evaluation.at(POINT)
        return error.value.message

    one, two = both(monkeypatch, said)
    assert one == two and "4 rows have no value: 7, 480, 720, …" in one
    monkeypatch.setattr(level_result, "_MOST_FAILED", 1)
    assert said() == one


def test_an_interrupt_does_not_wait_for_the_other_half(monkeypatch):
    """The thread beside sees it at its next block."""
    monkeypatch.setattr(array_blocks, "BLOCK", 10)
    monkeypatch.setattr(level_result, "SHARED", 0)
    plain, seen = array_blocks.array_blocks, []

    def slow(program, bindings, count, *, bounds, first=0):
        for block in plain(program, bindings, count, bounds=bounds, first=first):
            seen.append(block.start)
            if first == 0:
                raise KeyboardInterrupt
            yield block

    monkeypatch.setattr(array_blocks, "array_blocks", slow)
    evaluation = evaluations("sum(a*x + b*y)", np.ones(2_000_000), np.ones(2_000_000))
    with pytest.raises(KeyboardInterrupt):
        evaluation.at(POINT)
    assert len(seen) < 50_000
