"""Numbers that options take: decimals, and constant expressions such as 1/10 and 10**3."""

from __future__ import annotations

from math import isfinite
from typing import Any

import click

from gradcli.language.errors import GradcliError
from gradcli.shell.problems.values import number


class Real(click.FloatRange):
    """A float, which may be out of its range for reasons that are told later."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """As click does, of a constant expression its value."""
        return super().convert(_valued(value, float), param, ctx)


class Rate(Real):
    """A learning rate, or the word for the one that must descend."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """A float, or `safe`."""
        return value if value == "safe" else super().convert(value, param, ctx)


class Finite(Real):
    """A finite float in a range: click's own takes nan to be in every range, and inf in those without an end."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """As click does, of a constant expression its value. Fails for nan, inf, and what is too large for a float."""
        found = super().convert(value, param, ctx)
        if not isfinite(found):
            self.fail(f"{value} is not a valid number", param, ctx)
        return found


class Whole(click.IntRange):
    """A whole number in a range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """As click does, of a constant expression its value where that is whole."""
        return super().convert(_valued(value, int), param, ctx)


def _valued(value: Any, kind: type[int] | type[float]) -> Any:
    """The number that a text spells that is none to Python; the text where it spells none, or none of its *kind*."""
    if not isinstance(value, str):
        return value
    try:
        kind(value)
    except ValueError:
        try:
            found = float(number("it", value))
        except GradcliError:
            return value
        return found if kind is float else int(found) if found.is_integer() else value
    return value
