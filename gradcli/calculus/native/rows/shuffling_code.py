"""The permutation of a seed and the numbers in its order, as machine code.

The things are sorted by the numbers of SplitMix64, as `data.batches` says. These are spread evenly, so that buckets of
their leading bits have about one thing each, and what is left to sort are neighbours.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import cache
from typing import Any

from gradcli.calculus.native.machine_code import MachineCode
from gradcli.calculus.native.rows.memory_places import address, as_doubles, zeros

_SOURCE = """
define internal i64 @key(i64 %state, i64 %index) alwaysinline {
  %n = add i64 %index, 1
  %step = mul i64 %n, -7046029254386353131
  %a = add i64 %state, %step
  %b = lshr i64 %a, 30
  %c = xor i64 %a, %b
  %d = mul i64 %c, -4658895280553007687
  %e = lshr i64 %d, 27
  %f = xor i64 %d, %e
  %g = mul i64 %f, -7723592293110705685
  %h = lshr i64 %g, 31
  %k = xor i64 %g, %h
  ret i64 %k
}

define void @permuted(i64 %state, i64 %count, i64 %shift, ptr %counts, i64 %buckets, ptr %keys, ptr %places) {
entry:
  br label %tally
tally:
  %i = phi i64 [0, %entry], [%in, %tally]
  %k = call i64 @key(i64 %state, i64 %i)
  %b = lshr i64 %k, %shift
  %p = getelementptr i64, ptr %counts, i64 %b
  %old = load i64, ptr %p
  %new = add i64 %old, 1
  store i64 %new, ptr %p
  %in = add i64 %i, 1
  %im = icmp ult i64 %in, %count
  br i1 %im, label %tally, label %sum
sum:
  %j = phi i64 [0, %tally], [%jn, %sum]
  %s = phi i64 [0, %tally], [%sn, %sum]
  %q = getelementptr i64, ptr %counts, i64 %j
  %own = load i64, ptr %q
  store i64 %s, ptr %q
  %sn = add i64 %s, %own
  %jn = add i64 %j, 1
  %jm = icmp ult i64 %jn, %buckets
  br i1 %jm, label %sum, label %spread
spread:
  %l = phi i64 [0, %sum], [%ln, %spread]
  %key = call i64 @key(i64 %state, i64 %l)
  %bucket = lshr i64 %key, %shift
  %r = getelementptr i64, ptr %counts, i64 %bucket
  %at = load i64, ptr %r
  %after = add i64 %at, 1
  store i64 %after, ptr %r
  %kp = getelementptr i64, ptr %keys, i64 %at
  store i64 %key, ptr %kp
  %pp = getelementptr i64, ptr %places, i64 %at
  store i64 %l, ptr %pp
  %ln = add i64 %l, 1
  %lm = icmp ult i64 %ln, %count
  br i1 %lm, label %spread, label %insert
insert:
  %m = phi i64 [0, %spread], [%mn, %put]
  %mk = getelementptr i64, ptr %keys, i64 %m
  %x = load i64, ptr %mk
  %mp = getelementptr i64, ptr %places, i64 %m
  %y = load i64, ptr %mp
  br label %back
back:
  %h = phi i64 [%m, %insert], [%hb, %move]
  %first = icmp eq i64 %h, 0
  br i1 %first, label %put, label %look
look:
  %hb = sub i64 %h, 1
  %bk = getelementptr i64, ptr %keys, i64 %hb
  %z = load i64, ptr %bk
  %above = icmp ugt i64 %z, %x
  br i1 %above, label %move, label %put
move:
  %bp = getelementptr i64, ptr %places, i64 %hb
  %w = load i64, ptr %bp
  %hk = getelementptr i64, ptr %keys, i64 %h
  store i64 %z, ptr %hk
  %hp = getelementptr i64, ptr %places, i64 %h
  store i64 %w, ptr %hp
  br label %back
put:
  %tk = getelementptr i64, ptr %keys, i64 %h
  store i64 %x, ptr %tk
  %tp = getelementptr i64, ptr %places, i64 %h
  store i64 %y, ptr %tp
  %mn = add i64 %m, 1
  %mm = icmp ult i64 %mn, %count
  br i1 %mm, label %insert, label %done
done:
  ret void
}

define void @picked(ptr %from, ptr %places, i64 %count, ptr %to) {
entry:
  br label %loop
loop:
  %i = phi i64 [0, %entry], [%next, %loop]
  %p = getelementptr i64, ptr %places, i64 %i
  %place = load i64, ptr %p
  %f = getelementptr double, ptr %from, i64 %place
  %x = load double, ptr %f
  %t = getelementptr double, ptr %to, i64 %i
  store double %x, ptr %t
  %next = add i64 %i, 1
  %more = icmp ult i64 %next, %count
  br i1 %more, label %loop, label %done
done:
  ret void
}
"""


class NativeShuffler:
    """What `data.batches` shuffles rows by: `permutation` of a state and a count, and numbers `picked` from some places.

    Raises ImportError, OSError and RuntimeError where LLVM cannot be used.
    """

    def __init__(self) -> None:
        self._permuted, self._picked = _functions()

    def permutation(self, state: int, count: int) -> array[int]:
        """The numbers from 0 to *count* - 1 in the order of the state."""
        bits = max(count.bit_length(), 1)
        counts, keys, places = zeros("q", 1 << bits), zeros("q", count), zeros("q", count)
        if count:
            signed = state - 2**64 if state >= 2**63 else state
            at = (address(counts), 1 << bits, address(keys), address(places))
            self._permuted(signed, count, 64 - bits, *at)
        return places

    def picked(self, pieces: Sequence[Any], places: array[int]) -> array[float]:
        """The numbers at some places of the pieces that follow one another."""
        whole = as_doubles(pieces[0]) if len(pieces) == 1 else _joined(pieces)
        found = zeros("d", len(places))
        if found:
            self._picked(address(whole), address(places), len(found), address(found))
        return found


def _joined(pieces: Sequence[Any]) -> array[float]:
    whole = array("d")
    for piece in pieces:
        whole.frombytes(memoryview(as_doubles(piece)).cast("B"))
    return whole


@cache
def _functions() -> tuple[Any, Any]:
    import ctypes

    code, whole, place = MachineCode(_SOURCE), ctypes.c_int64, ctypes.c_void_p
    permuted = code.function("permuted", None, whole, whole, whole, place, whole, place, place, locked=False)
    picked = code.function("picked", None, place, place, whole, place, locked=False)
    permuted.code = picked.code = code  # which must live as long as they do
    return permuted, picked
