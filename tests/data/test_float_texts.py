"""Texts of floats by PyArrow: those of `repr`, for floats of every size and shape."""

import pytest

from gradcli.data.writers import float_texts

np = pytest.importorskip("numpy", reason="arrays need the extra gradcli[data]")
pytest.importorskip("pyarrow", reason="arrays of Arrow need the extra gradcli[data]")


def floats(count, seed=3):
    """Bit patterns, decimals of few digits, whole numbers, powers of two and of ten and their neighbours."""
    random = np.random.default_rng(seed)
    bits = random.integers(0, 2**64, size=count, dtype=np.uint64).view(np.float64)
    tens = 10.0 ** np.arange(-30.0, 30)
    return np.concatenate([
        bits[np.isfinite(bits)], np.round(random.normal(size=count) * 1e3), np.round(random.normal(size=count), 3),
        random.normal(size=count), 10.0 ** random.uniform(-7, 18, size=count), np.ldexp(1.0, np.arange(-1074, 1024)),
        tens, np.nextafter(tens, 0), np.nextafter(tens, np.inf), [0.0, -0.0],
    ])  # fmt: skip


def test_they_are_those_of_python():
    """Each of them, whatever its size."""
    numbers = floats(20_000)
    assert float_texts.float_texts(numbers).to_pylist() == list(map(repr, numbers.tolist()))


def test_another_spelling_is_noticed(monkeypatch):
    """Then they are written one by one; nan is an empty text in both ways."""
    numbers = np.array([1.0, np.nan, 1e-7, 123456.5])
    expected = ["1.0", "", "1e-07", "123456.5"]
    assert float_texts.float_texts(numbers).to_pylist() == expected
    monkeypatch.setattr(float_texts, "_MOST", 1e30)  # as if PyArrow wrote no exponents there
    float_texts._is_spelled_so.cache_clear()
    assert not float_texts._is_spelled_so()
    assert float_texts.float_texts(numbers).to_pylist() == expected
    float_texts._is_spelled_so.cache_clear()
