"""Every name of the lists of other places: a function here, or one with a reason, and never both."""

from __future__ import annotations

import pytest

from gradcli.language.errors import NameProblem
from gradcli.language.function_table import FUNCTIONS, SPELLINGS
from gradcli.language.parser import parse
from tests.language.lists_elsewhere import LISTS, REASONS

NAMES = sorted({name for names in LISTS.values() for name in names.split()})
REASONED = {name: reason for reason, names in REASONS.items() for name in names.split()}


def test_every_name_is_a_function_or_has_a_reason():
    """A new name in a list needs a row, an alias or a reason; a reason for what is a function here is out of date."""
    assert [name for name in NAMES if name not in SPELLINGS and name not in REASONED] == []
    assert [name for name in REASONED if name in SPELLINGS] == []
    assert [name for name in REASONED if name not in NAMES] == []
    assert sum(len(names.split()) for names in REASONS.values()) == len(REASONED)


@pytest.mark.parametrize("name", [name for name in NAMES if name in SPELLINGS])
def test_a_function_of_another_place_is_read_here(name):
    """With the fewest arguments that it takes."""
    row = FUNCTIONS[SPELLINGS[name]]
    letters = "xyzuvw"[: max(row.fewest, 1)]
    assert parse(f"{name}({', '.join(letters)})", ()).variables == tuple(sorted(letters))


@pytest.mark.parametrize("name", sorted(REASONED))
def test_a_name_with_a_reason_is_told_to_be_none(name):
    """And no product is made of it."""
    with pytest.raises(NameProblem):
        parse(f"{name}(x)", ())


def test_a_name_with_a_reason_stays_a_variable():
    """Without brackets nothing is called."""
    for name in REASONED:
        assert set(parse(f"{name}*x", ()).variables) == {name, "x"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("beta*x + gamma", ("beta", "x", "gamma")),
        ("mean*x + norm", ("mean", "x", "norm")),
        ("i0 + j1*x", ("i0", "j1", "x")),
        ("huber*legendre - round/frac", ("huber", "legendre", "round", "frac")),
        ("k0 e1 y1", None),
    ],
)
def test_a_new_name_never_breaks_a_text_in_which_it_was_a_variable(text, names):
    """All names of functions are variables where no bracket follows."""
    if names is None:
        names = tuple(text.split())
        text = "*".join(names)
    assert set(parse(text, ()).variables) == set(names)


@pytest.mark.parametrize("name", sorted(SPELLINGS))
def test_the_name_of_a_function_may_have_a_value(name):
    """And is a variable then, also before a bracket."""
    if not name.isidentifier():
        return
    assert parse(f"{name} + 1", {name: 1.0}).variables == (name,)
