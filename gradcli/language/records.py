"""NamedTuple as `typing` has it, for the records that every command makes before it can begin.

typing compiles the annotation of each field to check it, where only mypy reads them: of the 80 ms of a step, making its
forty kinds of records took six, and takes three with `collections.namedtuple`, on which both are built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["NamedTuple"]

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    from collections import namedtuple

    class _Record(type):
        """What makes a class whose body says fields, defaults and methods into a named tuple with them."""

        def __new__(cls, name, bases, body):
            """The named tuple; `NamedTuple` itself, which has no fields, is only a name to write behind `class`."""
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = body.get("__annotations__", {})
            defaults = [body.pop(field) for field in fields if field in body]
            made = namedtuple(name, fields, defaults=defaults, module=body["__module__"])
            for attribute, value in body.items():
                if attribute not in ("__module__", "__qualname__"):
                    setattr(made, attribute, value)
            return made

    class NamedTuple(metaclass=_Record):
        """The base that records name."""
