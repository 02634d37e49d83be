"""Permutations from a seed: each thing has a number of 64 bits, and the things are sorted by their numbers.

The numbers are those of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014): the
i-th is a bijection of i, so no two are equal, and the order is defined without any library's shuffle. The state that it
begins with is the first eight bytes of BLAKE2b of a text, read from the lowest on.
"""

from __future__ import annotations

import hashlib
from typing import Any

from gradcli.language.rows.loadable_libraries import has_arrays

_MASK = 2**64 - 1

#: The step of SplitMix64, and the factors of its two rounds, each after a shift.
_STEP = 0x9E3779B97F4A7C15
_ROUNDS = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
_LAST = 31

#: So many things are sorted sooner by NumPy, if it is there, than it takes to be loaded.
_MANY = 100_000


def state_of(*words: object) -> int:
    """The state that some words stand for: those of a seed, an epoch, a part of the data."""
    digest = hashlib.blake2b(" ".join(map(str, words)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def number(state: int, index: int) -> int:
    """The number of SplitMix64 with that index, counted from 0."""
    mixed = (state + (index + 1) * _STEP) & _MASK
    for shift, factor in _ROUNDS:
        mixed = ((mixed ^ (mixed >> shift)) * factor) & _MASK
    return mixed ^ (mixed >> _LAST)


def permutation(state: int, count: int) -> Any:
    """The numbers from 0 to *count* - 1 in an order that depends on nothing but both: a list, or an array of int64."""
    if count >= _MANY and has_arrays():
        return array_permutation(state, count)
    return sorted(range(count), key=lambda index: number(state, index))


def array_permutation(state: int, count: int) -> Any:
    """The same permutation as an array, made by NumPy."""
    import numpy as np

    mixed = np.arange(1, count + 1, dtype=np.uint64)
    mixed *= np.uint64(_STEP)
    mixed += np.uint64(state)
    for shift, factor in _ROUNDS:
        mixed ^= mixed >> np.uint64(shift)
        mixed *= np.uint64(factor)
    mixed ^= mixed >> np.uint64(_LAST)
    return np.argsort(mixed, kind="stable")
