"""The name that was nearly certainly meant: capitals, one slip of the fingers, an abbreviation. No guess by mere likeness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

#: Letters that two names must have for two slips to be forgiven instead of one.
_LONG = 10

#: Letters that an abbreviation must have.
_ABBREVIATION = 3

#: Letters of a stem at least, and of an end at most.
_STEM, _END = 5, 3


def likely(
    name: str, known: Iterable[str], shortest: int = 3, meaning: Mapping[str, str] | None = None
) -> str | None:
    """The name in *known* that *name* is a slip or an abbreviation of, or None where none or several could be meant.

    shortest: the letters that both names must have, unless two letters only changed places or one came twice.
    meaning: what the names mean, for two spellings of one meaning are no doubt.
    """
    meanings = meaning or {}
    known = list(known)
    same = [word for word in known if _plain(word) == _plain(name)]
    same = same or [word for word in known if _sound(word) == _sound(name)]
    if same:
        return min(same, key=lambda word: (word != word.lower(), word))
    typed = name.casefold()
    kinds = [
        [word for word in known if _fumbled(typed, word.casefold())],
        [word for word in known if _is_slip(typed, word.casefold(), shortest)],
        [word for word in known if _begins(name, word, shortest)],
    ]
    if shortest == _ABBREVIATION:  # words of a language, and no names of functions, which end alike
        kinds.append([word for word in known if _inflected(typed, word.casefold())])
    return next(filter(None, (_only(words, meanings) for words in kinds)), None)


def _only(words: list[str], meanings: Mapping[str, str]) -> str | None:
    """The first of *words* where all of them mean the same."""
    if len({meanings.get(word, word) for word in words}) != 1:
        return None
    return min(words, key=lambda word: (len(word), word != word.lower(), word))


def _plain(name: str) -> str:
    return name.casefold().replace("_", "").replace("-", "")


def _sound(name: str) -> str:
    """alfa is alpha."""
    return _plain(name).replace("ph", "f")


def _begins(name: str, word: str, shortest: int) -> bool:
    """Whether *name* is *word* cut off after more than half of its letters, or at a joint."""
    typed, whole = name.casefold(), word.casefold()
    if len(typed) < max(_ABBREVIATION, shortest) or not whole.startswith(typed):
        return False
    return shortest == _ABBREVIATION or 2 * len(typed) > len(whole) or whole[len(typed)] in "_-"


def _inflected(typed: str, word: str) -> bool:
    """Whether two words have a stem in common and differ in their ends: scripts, scripting."""
    stem = next(
        (i for i, (a, b) in enumerate(zip(typed, word, strict=False)) if a != b), min(len(typed), len(word))
    )
    ends = typed[stem:], word[stem:]
    return stem >= _STEM and all(len(end) <= _END and (end.isalpha() or not end) for end in ends)


def _is_slip(typed: str, word: str, shortest: int) -> bool:
    """Whether one slip, or two in long names, leads from *word* to *typed*, whose first letters are the same."""
    less, more = sorted((typed, word), key=len)
    if len(more) - len(less) > 2 or not less:
        return False
    inside = len(typed) > len(word) > _ABBREVIATION and typed[-1] == word[-1]  # squrt
    if typed[0] != word[0] or len(less) < shortest - inside or len(more) <= _ABBREVIATION:
        return False
    if [a for a in typed if a.isdigit()] != [b for b in word if b.isdigit()]:
        return False  # x1 is no slip of x2
    return _slips(typed, word) <= (2 if len(less) >= _LONG else 1)


def _fumbled(typed: str, word: str) -> bool:
    """Whether two letters of *word* changed places, or one came twice or once instead of twice."""
    less, more = sorted((typed, word), key=len)
    return _changed_places(typed, word) or _doubled(less, more)


def _changed_places(one: str, other: str) -> bool:
    """Whether two neighboring letters changed places."""
    if (
        len(one) != len(other)
        or len(one) < _ABBREVIATION
        or (len(one) == _ABBREVIATION and one[0] != other[0])
    ):
        return False
    apart = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(apart) != 2 or apart[1] != apart[0] + 1:
        return False
    first, second = apart
    return one[first] == other[second] and one[second] == other[first]


def _doubled(less: str, more: str) -> bool:
    """Whether the longer name has one letter of the shorter one twice."""
    if len(more) != len(less) + 1 or len(less) < 2:
        return False
    return any(more[i] == more[i - 1] and more[:i] + more[i + 1 :] == less for i in range(1, len(more)))


def _slips(one: str, other: str) -> int:
    """Letters that are wrong, missing, too many or have changed places with their neighbor (Damerau 1964)."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, start=1):
        row = [i]
        for j, b in enumerate(other, start=1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
