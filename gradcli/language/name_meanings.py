"""What a text may have, told by its characters alone, and which given names change what it means."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from gradcli.language.column_names import columns_among, is_element

#: Names that mean numbers or calls unless they have values: whether they have one is part of a library key.
_MEANING = ("pi", "e", "π", "deg")

#: What is in every name that is refused where it has no value, as sin and cos2x are.
_REFUSED = ("sin", "cos", "tan", "exp", "log", "ln", "rt", "abs")

#: What stands before an opening bracket: a name, or more than a name. Linear in the length of the text.
_CALLED = r"(?<![^\s()+*/^,<>=-])([^\s()+*/^,<>=-]++)\s*+\("


#: Characters of which a text has none where it is an expression alone, and stands on one line.
_DIVIDING = ("=", ";", "#", "\n", "\r", "\ufeff", "subject")


def is_plain(text: str) -> bool:
    """Whether a text is surely one expression that can be put into brackets."""
    return not any(mark in text for mark in _DIVIDING)


def has_definitions(text: str) -> bool:
    """Whether a text may have definitions: an = that is no part of a comparison."""
    return "=" in text and re.search(r"(?<![=<>!])=(?!=)", text) is not None


def may_have_remarks(text: str) -> bool:
    """Whether there may be something to be said about a text by itself."""
    if "sum" in text or "prod" in text or has_definitions(text) or has_divided_power(text):
        return True
    # No pattern: this is asked of every expression, also where it is known, and a pattern has to be compiled.
    others = {ord(c): " " for c in set(text) if not c.isalpha()}
    return bool(glued_letters({*text.translate(others).split()}))


def glued_letters(names: Collection[str]) -> list[str]:
    """The names that consist of others of one letter, as xy beside x and y: products are meant as a rule."""
    letters = {name for name in names if len(name) == 1}
    return sorted(name for name in names if len(name) > 1 and letters.issuperset(name)) if letters else []


def has_divided_power(text: str) -> bool:
    """Whether a power of 1 seems to be divided, as in x^1/2: a root is meant as a rule."""
    return "^1/" in text or "**1/" in text


#: Calls over an index.
_SUMS = ("sum", "prod")


def reinterpreted(texts: Sequence[str], given: Collection[str]) -> list[str]:
    """The given names that change what the text means: constants, names that are called, and those that functions are in."""
    from gradcli.language.names import normal

    if any(map(is_element, given)):
        columns = [f"{name}[{rows}]" for name, rows in sorted(columns_among(given).items())]
        return [*columns, *sorted(name for name in given if not is_element(name))]
    if any(map(has_definitions, texts)):  # a value may be that of a definition, or of a name that is not used
        return sorted(given)
    called = {name for text in texts if "(" in text for name in re.findall(_CALLED, normal(text))}
    if not called.isdisjoint(_SUMS):  # a value may be that of a name in an empty sum alone
        return sorted(given)
    return sorted(
        n for n in given if n in _MEANING or may_be_refused(n) or any(name.endswith(n) for name in called)
    )


def may_be_refused(name: str) -> bool:
    """Whether *name* without a value may be refused for the function in it; quick, and right where it says no."""
    return any(part in name for part in _REFUSED)
