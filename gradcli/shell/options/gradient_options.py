"""The options of `gradcli grad` beyond the plain gradient: weights, constants, directions, uncertainty."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import click

from gradcli.language.column_names import spread_values, whole_names
from gradcli.language.errors import UsageProblem, ValueProblem
from gradcli.language.records import NamedTuple
from gradcli.shell.help.option_groups import OptionGroup, listing, option
from gradcli.shell.options.common_options import sum_option
from gradcli.shell.options.number_types import Whole
from gradcli.shell.problems.values import Value, assignments, gathered, listed

F = TypeVar("F", bound=Callable[..., Any])

#: 5±0.1, 5+-0.1 and 5+/-0.1.
_BESIDE = ("±", "+-", "+/-")
_MEASURED = rf"(.*?)(?:{'|'.join(map(re.escape, _BESIDE))})(.*)"


#: How the formulas of a text with definitions are written.
FORMULAS = ("written", "defined")


class GradientOptions(NamedTuple):
    """What was asked for beside the gradient; sigmas: the variables' uncertainties as texts."""

    grad_ys: str | None
    stop: str | None
    unconnected: str
    along: str | None
    normalize: bool
    order: int | None
    sigmas: Mapping[str, str]
    formulas: str = "written"
    columns: str | None = None
    rigorous: bool = False

    @property
    def used(self) -> str | None:
        """The first option that was given, None for none."""
        given = {
            "--grad-ys": self.grad_ys is not None, "--stop": self.stop is not None, "--along": self.along is not None,
            "--normalize": self.normalize, "--order": self.order is not None, "±": bool(self.sigmas),
            "--unconnected": self.unconnected == "zero", "--columns": self.columns is not None,
            "--rigorous": self.rigorous,
        }  # fmt: skip
        return next((name for name, typed in given.items() if typed), None)

    def checked(self) -> GradientOptions:
        """The same. Raises UsageProblem where --normalize has no direction to scale."""
        if self.normalize and self.along is None:
            hint = "for example --along x=3,y=4 --normalize"
            raise UsageProblem("--normalize scales the direction of --along", hint=hint)
        return self


def gradient_options(function: F) -> F:
    """`--formulas`, `--columns`, `--grad-ys`, `--stop`, `--unconnected`, `--along`, `--normalize`, `--order`, `--rigorous`."""
    options = [
        option("--formulas", group=OptionGroup.COMPUTED, type=click.Choice(FORMULAS), default="written", metavar="HOW",
               show_default=True, help="Written out, or in terms defined."),
        listing("--columns", group=OptionGroup.COMPUTED, metavar="X,Y",
               help="Columns: for formulas, or of a file without header."),
        listing("--along", group=OptionGroup.COMPUTED, metavar="X=1,Y=2",
               help="The derivative along this direction as well."),
        option("--normalize", group=OptionGroup.COMPUTED, is_flag=True, help="Scale the direction to length 1."),
        option("--order", group=OptionGroup.COMPUTED, type=Whole(1), metavar="N",
               help="Derivatives up to this order in one variable."),
        option("--rigorous", group=OptionGroup.COMPUTED, is_flag=True,
               help="The intervals that it must be in, with --x 5±0.1."),
        listing("--grad-ys", group=OptionGroup.COMPUTED, metavar="W1,W2", help="Weights of several EXPR in their sum."),
        sum_option(OptionGroup.COMPUTED, "--grad-ys"),
        listing("--stop", group=OptionGroup.COMPUTED, metavar="X,Y", help="Hold these variables constant."),
        unconnected_option,
    ]  # fmt: skip
    for one in reversed(options):
        function = one(function)
    return function


def is_higher_order(wrt: str | None, order: int | None) -> bool:
    """Whether the options ask for one derivative of higher order: --order, or a name twice in --wrt."""
    names = listed(wrt or "")
    return order is not None or len(set(names)) < len(names)


def split_uncertainties(
    values: Iterable[tuple[str, str]], at: Sequence[str]
) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """All values as pairs of name and text, without their uncertainties; and those, by name.

    Raises ValueProblem for a ± without a number on both sides.
    """
    pairs = [pair for text in at for pair in assignments(text)] + list(values)
    plain, sigmas = [], {}
    for name, text in pairs:
        match = re.fullmatch(_MEASURED, text, re.DOTALL) if any(sign in text for sign in _BESIDE) else None
        if match:
            if not (match[1].strip() and match[2].strip()):
                raise ValueProblem(f"the value of {name} has a ± without a number on both sides", text=text,
                                   span=(0, len(text)), hint=f"for example --{name} 5±0.1")  # fmt: skip
            sigmas[name] = match[2]
        plain.append((name, match[1] if match else text))
    return plain, sigmas


def unconnected_option(function: F) -> F:
    """`--unconnected`: what the derivative along a variable without a path to the outputs is."""
    return option(
        "--unconnected", group=OptionGroup.COMPUTED, type=click.Choice(["none", "zero"]), default="none",
        show_default=True, metavar="WHICH", help="Along names not in EXPR: none or zero.",
    )(function)  # fmt: skip


def direction_of(text: str, option: str, names: Sequence[str], digits: int) -> dict[str, Value]:
    """`x=1,y=2` → a component for each of *names*, 0 for those left out. Raises ValueProblem for other names."""
    if "=" not in text and text.strip():
        _check_named(text, option, names)
    given = spread_values(gathered(assignments(text, option), digits), names)
    for name in given:
        if name not in names:
            shown = ", ".join(whole_names(names)[:8])
            raise ValueProblem(f"{option} {name}: it is not among the variables", hint=f"they are {shown}")
    zero: Value = 0.0 if digits <= 15 else "0"
    return {name: given.get(name, zero) for name in names}


def _check_named(text: str, option: str, names: Sequence[str]) -> None:
    """Raises ValueProblem for components without their names, with those that they were probably meant for."""
    numbers = [piece.strip() for piece in text.strip().strip("()[]").split(",")]
    meant = zip(names, numbers if len(numbers) == len(names) else "12345678", strict=False)
    pairs = ",".join(f"{name}={number}" for name, number in meant)
    word = "did you mean" if len(numbers) == len(names) else "for example"
    raise ValueProblem(f"{option} takes a component for each name", text=text, span=(0, len(text)),
                       hint=f"{word} {option} {pairs}" + "?" * (word != "for example"))  # fmt: skip


def weights_of(text: str | None, option: str, count: int, digits: int) -> list[Value]:
    """`2,10` → one number per output, all 1 for None. Raises UsageProblem for another number of them."""
    from gradcli.shell.problems.values import number, pieces

    if text is None:
        return [1.0 if digits <= 15 else "1"] * count
    found = [number(f"weight {i + 1}", piece, digits) for i, piece in enumerate(p for p, _ in pieces(text))]
    if len(found) != count:
        outputs = "1 output" if count == 1 else f"{count} outputs"
        weights = "1 weight" if len(found) == 1 else f"{len(found)} weights"
        example = ",".join(["1"] * min(count, 8))
        raise UsageProblem(f"{option} has {weights} for {outputs}", hint=f"for example {option} {example}")
    return found
