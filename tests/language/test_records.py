"""Records are what `typing.NamedTuple` would have made of them."""

from __future__ import annotations

import pickle
import typing

import pytest

from gradcli.language.records import NamedTuple
from gradcli.memory.session_record import State

BODY = '''
class Made(NamedTuple):
    """A record."""

    first: int
    second: str = "b"
    third: tuple[int, ...] = ()

    @property
    def both(self) -> str:
        return f"{self.first}{self.second}"

    @classmethod
    def of(cls, first: int) -> "Made":
        return cls(first)

    def longer(self) -> int:
        return len(self.third) + 1
'''


def made(base):
    """The class that BODY says, on *base*."""
    names = {"NamedTuple": base, "__name__": __name__}
    exec(BODY, names)
    return names["Made"]


def test_a_record_has_all_that_typing_gives_it():
    """Fields, defaults, annotations, methods, equality and text are the same."""
    ours, theirs = made(NamedTuple), made(typing.NamedTuple)
    assert (ours._fields, ours._field_defaults) == (theirs._fields, theirs._field_defaults)
    assert list(ours.__annotations__) == list(theirs.__annotations__)
    assert (ours.__doc__, ours.__module__) == (theirs.__doc__, theirs.__module__)
    assert issubclass(ours, tuple) and ours.__match_args__ == theirs.__match_args__
    assert not hasattr(ours(1), "__dict__")
    for arguments in ((1,), (1, "x"), (1, "x", (2, 3))):
        one, other = ours(*arguments), theirs(*arguments)
        assert one == other == tuple(one) and repr(one) == repr(other)
        assert (one.both, one.longer(), hash(one)) == (other.both, other.longer(), hash(other))
        assert one._replace(second="y") == other._replace(second="y") and one._asdict() == other._asdict()
        assert type(one._replace(third=())) is ours and ours._make((4, "z", ())) == theirs._make((4, "z", ()))
    assert ours.of(5) == theirs.of(5) == ours(first=5) and ours(5, third=(1,)) == theirs(5, third=(1,))
    with pytest.raises(AttributeError):
        ours(1).first = 2
    with pytest.raises(ValueError):
        ours(1)._replace(fourth=2)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ((), {}),
        ((), {"first": 1, "fourth": 2}),
        ((1,), {"first": 2}),
        ((1, "x", (), 4), {}),
        ((), {"second": "x"}),
    ],
)
def test_wrong_fields_are_refused(values, named):
    """As by typing's."""
    for base in (NamedTuple, typing.NamedTuple):
        with pytest.raises(TypeError):
            made(base)(*values, **named)


def test_a_record_can_be_pickled():
    """It is found again under its name."""
    state = State(1, "grad", ("x",), {"x": 1.0}, 1.0, None, 0, 0, "sgd", {}, {}, 0.0)
    again = pickle.loads(pickle.dumps(state))
    assert again == state and type(again) is State
