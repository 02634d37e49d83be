"""Numbers that options take."""

from __future__ import annotations

from math import isfinite
from typing import Any

import click


class Rate(click.types.FloatParamType):
    """A learning rate, or the word for the one that must descend."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """A float, or `safe`."""
        return value if value == "safe" else super().convert(value, param, ctx)


class Finite(click.FloatRange):
    """A finite float in a range: click's own takes nan to be in every range, and inf in those without an end."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """As click does. Fails for nan, inf, and what is too large for a float."""
        number = super().convert(value, param, ctx)
        if not isfinite(number):
            self.fail(f"{value} is not a valid number", param, ctx)
        return number
