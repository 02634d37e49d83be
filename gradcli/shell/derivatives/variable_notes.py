"""Notes about names without values that are variables, and look like something else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gradcli.calculus.program.point_answer import Note
from gradcli.language.call_signatures import usage
from gradcli.language.function_table import SPELLINGS
from gradcli.shell.problems.value_checks import TYPED_CONSTANTS, product_of


def variable_notes(texts: Sequence[str], variables: Sequence[str]) -> list[Note]:
    """A note for each variable called as a function or a constant is, and for those that could be products."""
    notes = []
    for name in variables:
        if name in SPELLINGS:
            notes.append(f"{name} is a variable here: the function is written {usage(SPELLINGS[name])}")
        elif TYPED_CONSTANTS.get(name) == "pi":  # E and tau are variables as often as not
            notes.append(f"{name} is a variable here: the constant is written pi")
        elif name.casefold() in ("inf", "infinity", "nan"):
            notes.append(f"{name} is a variable here: all numbers are finite")
        elif name in ("True", "False"):
            notes.append(f"{name} is a variable here: a choice is written where(x > 0, a, b)")
        elif len(name) > 1 and "π" in name and name.isalpha():
            product = "*".join(filter(None, re.split("(π)", name)))
            notes.append(f"{name} is one variable here: a product is written {product}")
        elif len(name) > 1 and not set(name) - set("xyz"):
            notes.append(f"{name} is one variable here: a product is written {product_of(name, texts)}")
    notes += [f"{above} and {below} are variables here: grad differentiates by itself"
              for above, below in _quotients(texts) if above in variables and below in variables]  # fmt: skip
    return [Note("name", message) for message in notes]


def derivative_notes(texts: Sequence[str]) -> list[Note]:
    """A note where a text is one derivative, of which the gradient is asked for."""
    told = "diff(…) is a derivative already, and grad differentiates it once more"
    return [Note("name", told)] if any(map(_is_derivative, texts)) else []


def _quotients(texts: Sequence[str]) -> list[tuple[str, str]]:
    """dy/dx: the names in a text that is such a quotient and nothing else."""
    found = (re.fullmatch(r"\s*(d[a-z])\s*/\s*(d[a-z])\s*", text) for text in texts)
    return [(match[1], match[2]) for match in found if match]


def _is_derivative(text: str) -> bool:
    """Whether a text is a call of diff and nothing else."""
    bare = text.strip()
    if not bare.startswith("diff(") or not bare.endswith(")"):
        return False
    depth = 0
    for place, sign in enumerate(bare):
        depth += (sign == "(") - (sign == ")")
        if sign == ")" and depth == 0:
            return place == len(bare) - 1
    return False
