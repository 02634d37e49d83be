"""Notes about names without values that are variables, and look like something else."""

from __future__ import annotations

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
        elif len(name) > 1 and not set(name) - set("xyz"):
            notes.append(f"{name} is one variable here: a product is written {product_of(name, texts)}")
    return [Note("name", message) for message in notes]
