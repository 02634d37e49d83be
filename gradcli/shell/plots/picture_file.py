"""Pictures → files: the name's ending says what kind."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from gradcli.language.errors import UsageProblem
from gradcli.language.limits import limit, limit_problem
from gradcli.shell.options.picture_options import ALL, kind_of, size_of
from gradcli.shell.plots.plot_request import draw
from gradcli.shell.process.file_replacement import write_files

if TYPE_CHECKING:
    from gradcli.output.pictures.scene import Picture
    from gradcli.shell.plots.plot_request import PlotRequest

#: Samples along each axis: as many, and as few where every point costs a lot.
SAMPLES, FEW = 200, 60

#: The same for a page, which holds every number that the cursor may ask for.
PAGE = 81

#: The size of a file in pixels, and the smallest in which there is room for axes.
PIXELS, LEAST = (1200, 900), 200


def draw_to_file(want: PlotRequest, converges: bool, out: str, size: str | None, grid: int | None) -> Picture:
    """Draw into the file *out*. Raises UsageProblem, ExtraProblem, or InputProblem where it cannot be written."""
    kind = kind_of(out, ALL)
    if kind == "html":
        from gradcli.shell.plots.plot_page import pages_of, picture_page

        picture = draw(want, converges, (_samples(grid, want, PAGE),) * 2)
        content = pages_of(want, picture) if want.beside else picture_page(want, picture)
        write_files([(out, content.encode())])
        return picture
    pixels = PIXELS if size is None else size_of(size, "for example --size 1200x900")
    if min(pixels) < LEAST:
        raise UsageProblem(f"--size {size}: a file has at least {LEAST}x{LEAST} pixels")
    count = _samples(grid, want)
    picture = draw(want, converges, (count, count))
    write_file(picture, out, pixels)
    return picture


def write_file(picture: Picture, out: str, pixels: tuple[int, int] = PIXELS) -> None:
    """Write a picture that needs no more than itself. Raises as `draw_to_file` does."""
    kind = kind_of(out, ALL)
    if kind == "html":
        from gradcli.shell.plots.plot_page import bare_page

        write_files([(out, bare_page(picture).encode())])
        return
    from gradcli.output.pictures.matplotlib_figure import save

    content = BytesIO()
    save(picture, content, kind, pixels)
    write_files([(out, content.getvalue())])


def samples_of(want: PlotRequest, most: int = SAMPLES) -> int:
    """How many samples along each axis the expression can afford, *most* where it costs little."""
    from gradcli.calculus.program.instructions import SPECIAL

    slow = any(op in SPECIAL for op, *_ in want.compiled.program.code)
    return min(FEW, most) if slow else most


def _samples(grid: int | None, want: PlotRequest, most: int = SAMPLES) -> int:
    """The samples along each axis that --grid asks for. Raises LimitProblem for too many."""
    if grid is not None and grid > limit("samples"):
        raise limit_problem("samples", f"--grid {grid}: at most {limit('samples'):g} samples along each axis")
    return grid or min(samples_of(want, most), int(limit("samples")))
