"""NamedTuple as `typing` has it, for the records that every command makes before it can begin.

typing has Python compile a constructor, and the annotation of each field, for each kind of record: of the 80 ms of a step
its forty kinds took eight. Here the fields are places in a tuple, and what works with them is written once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["NamedTuple"]

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    from collections import _tuplegetter  # what reads a field of collections.namedtuple too

    class _Kind(type):
        """Makes a class whose body says fields, defaults and methods into a kind of record."""

        def __new__(cls, name, bases, body):
            if bases[0] is not tuple and bases[0].__bases__ != (tuple,):  # of a record: a class of its own
                return super().__new__(cls, name, bases, body)
            fields = tuple(body.get("__annotations__", ()))
            body["_field_defaults"] = {field: body[field] for field in fields if field in body}
            for place, field in enumerate(fields):
                body[field] = _tuplegetter(place, f"Alias for field number {place}")
            body |= {"__slots__": (), "_fields": fields, "__match_args__": fields}
            return super().__new__(cls, name, bases, body)

    class NamedTuple(tuple, metaclass=_Kind):
        """The base that records name."""

        def __new__(cls, *values, **named):
            """A record of one value for each field, in order or by name."""
            if named or len(values) != len(cls._fields):
                values = _filled(cls, values, named)
            return tuple.__new__(cls, values)

        #: The record of all its fields in order: how many there are is not looked at, for records made by the thousand.
        _make = classmethod(tuple.__new__)

        def _replace(self, /, **changes):
            """The same with other values in some of its fields."""
            if unknown := changes.keys() - set(self._fields):
                raise ValueError(f"{type(self).__name__} has no fields {sorted(unknown)}")
            return type(self)(*map(changes.get, self._fields, self))

        def _asdict(self):
            """The fields by name."""
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            fields = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
            return f"{type(self).__name__}({fields})"

        def __getnewargs__(self):
            return tuple(self)

    def _filled(kind, values, named):
        """One value for each field. Raises TypeError where there are too few, too many, or such as it has none for."""
        given = dict(zip(kind._fields, values, strict=False))
        fields = {**kind._field_defaults, **given, **named}
        many = len(values) > len(kind._fields) or given.keys() & named.keys()
        if many or fields.keys() != set(kind._fields):
            raise TypeError(f"{kind.__name__} has the fields {kind._fields}, not {values} and {named}")
        return tuple(map(fields.__getitem__, kind._fields))
