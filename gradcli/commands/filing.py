"""Pictures → files: the name's ending says what kind."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from gradcli.commands.plot import drawn, size_of
from gradcli.commands.replacing import write_files
from gradcli.language.errors import UsageProblem
from gradcli.language.limits import limit, limit_problem

if TYPE_CHECKING:
    from gradcli.commands.picturing import Wanted
    from gradcli.output.pictures.scene import Picture

#: The kinds of file.
ALL = ("html", "png", "svg", "pdf")

#: Samples along each axis: as many, and as few where every point costs a lot.
SAMPLES, FEW = 200, 60

#: The same for a page, which holds every number that the cursor may ask for.
PAGE = 81

#: The size of a file in pixels, and the smallest in which there is room for axes.
PIXELS, LEAST = (1200, 900), 200


def written(want: Wanted, converges: bool, out: str, size: str | None, grid: int | None) -> Picture:
    """Draw into the file *out*. Raises UsageProblem, ExtraProblem, or InputProblem where it cannot be written."""
    kind = kind_of(out, ALL)
    if kind == "html":
        from gradcli.commands.pages import picture_page

        picture = drawn(want, converges, (_samples(grid, want, PAGE),) * 2)
        write_files([(out, picture_page(want, picture).encode())])
        return picture
    pixels = PIXELS if size is None else size_of(size, "for example --size 1200x900")
    if min(pixels) < LEAST:
        raise UsageProblem(f"--size {size}: a file has at least {LEAST}x{LEAST} pixels")
    count = _samples(grid, want)
    picture = drawn(want, converges, (count, count))
    write_file(picture, out, pixels)
    return picture


def write_file(picture: Picture, out: str, pixels: tuple[int, int] = PIXELS) -> None:
    """Write a picture that needs no more than itself. Raises as `written` does."""
    kind = kind_of(out, ALL)
    if kind == "html":
        from gradcli.commands.pages import bare_page

        write_files([(out, bare_page(picture).encode())])
        return
    from gradcli.output.pictures.figure import save

    content = BytesIO()
    save(picture, content, kind, pixels)
    write_files([(out, content.getvalue())])


def kind_of(out: str, known: Sequence[str]) -> str:
    """The kind of file that a name asks for. Raises UsageProblem."""
    kind = Path(out).suffix.lower().removeprefix(".")
    if kind not in known:
        names = [f"NAME.{one}" for one in known]
        raise UsageProblem(
            f"--out {out}: the kind of file is not known", hint=f"{', '.join(names[:-1])} or {names[-1]}"
        )
    return kind


def samples_of(want: Wanted, most: int = SAMPLES) -> int:
    """How many samples along each axis the expression can afford, *most* where it costs little."""
    from gradcli.calculus.operations import SPECIAL

    slow = any(op in SPECIAL for op, *_ in want.compiled.program.code)
    return min(FEW, most) if slow else most


def _samples(grid: int | None, want: Wanted, most: int = SAMPLES) -> int:
    """The samples along each axis that --grid asks for. Raises LimitProblem for too many."""
    if grid is not None and grid > limit("samples"):
        raise limit_problem("samples", f"--grid {grid}: at most {limit('samples'):g} samples along each axis")
    return grid or min(samples_of(want, most), int(limit("samples")))
