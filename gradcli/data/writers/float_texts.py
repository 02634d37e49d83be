"""Arrays of floats → arrays of their shortest decimals, spelled as Python spells them.

The digits of a shortest decimal are one thing (Steele & White 1990), and PyArrow finds the same ones five times as fast as
`repr`, one after the other. Where it spells them otherwise, without a point or with another exponent, they are written anew.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from gradcli.data.readers.arrow_library import arrow_doubles

#: Between these sizes neither gives a decimal an exponent.
_LEAST, _MOST = 1e-4, 1e10

#: Numbers whose texts are compared once: PyArrow may come to spell them otherwise.
_SAMPLE = (
    0.1, -1 / 3, 1e-4, -0.00012345678901234567, 2.5, 9999999999.5, 9999999999.0, -7.0, 0.0, -0.0, 123456.78901234567,
    4503599627370495.5, 9007199254740993.0, 1e16, 1e22, 5e-324, -1.7976931348623157e308, 1e-5, 3.3e-7,
)  # fmt: skip


def float_texts(numbers: Any) -> Any:
    """The texts of an array of floats, as `repr` has them, and empty ones for nan: an array of Arrow."""
    if not _is_spelled_so():
        return _one_by_one(numbers)
    return _texts(numbers)


def _one_by_one(numbers: Any) -> Any:
    import pyarrow

    return pyarrow.array([repr(x) if x == x else "" for x in numbers.tolist()], pyarrow.string())  # noqa: PLR0124


@cache
def _is_spelled_so() -> bool:
    import numpy as np

    return bool(_texts(np.array(_SAMPLE)).to_pylist() == list(map(repr, _SAMPLE)))


def _texts(numbers: Any) -> Any:
    import numpy as np
    import pyarrow
    from pyarrow import compute

    sizes = np.abs(numbers)
    whole = (numbers == np.floor(numbers)) & (sizes < _MOST)
    odd = ~(whole | ((sizes >= _LEAST) & (sizes < _MOST)))  # nan as well
    texts = arrow_doubles(np.ascontiguousarray(numbers, dtype=float)).cast(pyarrow.string())
    if whole.any():
        pointed = compute.binary_join_element_wise(texts, ".0", "")
        texts = compute.if_else(pyarrow.array(whole), pointed, texts)
    if odd.any():
        texts = compute.replace_with_mask(texts, pyarrow.array(odd), _one_by_one(numbers[odd]))
    return texts
