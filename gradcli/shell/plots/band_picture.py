"""A box with one variable that moves → the picture of the curve with the band in which it must lie, and of its slope's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradcli.language.errors import UsageProblem
from gradcli.shell.plots.plot_request import PlotRequest, plot_request

if TYPE_CHECKING:
    from gradcli.calculus.program.compiled_expression import Compiled
    from gradcli.descent.proofs.box_question import BoxQuestion
    from gradcli.output.pictures.scene import Strip


def moving_name(question: BoxQuestion) -> str:
    """The one variable whose side is longer than a point. Raises UsageProblem where there is another number of them."""
    names = [name for name in question.names if float(question.ends[name][0]) < float(question.ends[name][1])]
    if len(names) == 1:
        return names[0]
    if not names:
        raise UsageProblem("a band is drawn along a side of the box, and each is one point")
    raise UsageProblem(f"a band is drawn along one variable, and the box has {', '.join(names[:6])}",
                       hint=f"hold the others: --box {names[0]}=…, --{names[-1]} 1")  # fmt: skip


def band_picture(question: BoxQuestion, compiled: Compiled, gap: float | None) -> PlotRequest:
    """What to draw: f along the one side that is longer than a point, with its band and that of its slope."""
    from gradcli.descent.proofs.ranges.value_bands import value_bands

    name = moving_name(question)
    low, high = (float(end) for end in question.ends[name])
    held = {n: float(x) for n, x in question.held.items() if n in compiled.program.variables}
    held |= {n: float(ends[0]) for n, ends in question.ends.items() if n != name}
    want = plot_request(compiled, held, [], name, {name: (low, high)}, None)
    bands = value_bands(question, name, gap)
    parts = f"in {bands.wide} of {len(bands.value)} strips"
    wide = f"the band may reach more than {gap:g} beyond f {parts}" if bands.wide else ""
    return want._replace(band=_strips(bands.value), slope_band=_strips(bands.slope), remark=wide)


def _strips(found: Sequence[tuple[float, float, float, float]]) -> tuple[Strip, ...]:
    from gradcli.output.pictures.scene import Strip

    return tuple(Strip(*one) for one in found)
