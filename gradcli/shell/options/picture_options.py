"""Options of pictures: size, ranges, the kind of a file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gradcli.language.errors import UsageProblem, ValueProblem
from gradcli.language.limits import limit, limit_problem
from gradcli.language.names import checked_name, normal
from gradcli.shell.problems.interval_lists import end_of

#: The kinds of file.
ALL = ("html", "png", "svg", "pdf")


def has_formulas(files: Sequence[str]) -> bool:
    """Whether a picture in one of *files* has formulas beside it: those on pages have."""
    return any(name.lower().endswith(".html") for name in files)


def kind_of(out: str, known: Sequence[str]) -> str:
    """The kind of file that a name asks for. Raises UsageProblem."""
    from pathlib import Path

    kind = Path(out).suffix.lower().removeprefix(".")
    if kind not in known:
        names = [f"NAME.{one}" for one in known]
        raise UsageProblem(
            f"--out {out}: the kind of file is not known", hint=f"{', '.join(names[:-1])} or {names[-1]}"
        )
    return kind


def size_of(text: str, hint: str) -> tuple[int, int]:
    """`100x30` → numbers. Raises UsageProblem, and LimitProblem for too large a picture."""
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise UsageProblem("--size takes WIDTHxHEIGHT", hint=hint)
    if max(len(width), len(height)) > len(str(LARGEST_SIDE)) or not (int(width) and int(height)):
        size = "small" if len(width + height) < len(str(LARGEST_SIDE)) else "large"
        raise UsageProblem(f"--size {text[:24]} is too {size}: each side is 1 to {LARGEST_SIDE}", hint=hint)
    if int(width) * int(height) > limit("pixels"):
        most = f"a picture has at most {limit('pixels'):,.0f} pixels, or characters"
        raise limit_problem("pixels", f"--size {text}: {most}")
    return int(width), int(height)


#: The largest width, and the largest height, in pixels or characters.
LARGEST_SIDE = 9999

Range = tuple[float, float]


#: The width of the narrowest range, as a share of its larger end.
NARROWEST = 1e-9


def ranges_of(texts: Sequence[str]) -> dict[str, Range]:
    """`x=-5:5`, or several as `x=-5:5,y=0:1` → the range of each. Raises ValueProblem."""
    from gradcli.calculus.sampling.sampler import LARGEST

    found: dict[str, Range] = {}
    for text in (one for several in texts for one in re.split(r",(?=[^,:]*=)", several)):
        name, equals, ends = text.partition("=")
        low, colon, high = ends.partition(":")
        name = normal(name.strip())
        if not (equals and colon and name and low.strip() and high.strip()):
            raise ValueProblem(
                "--range takes NAME=LOW:HIGH", text=text, span=(0, len(text)), hint="--range x=-5:5"
            )
        if checked_name(name, "--range", text=text, span=(0, len(text))) in found:
            raise ValueProblem(f"--range {name} is given twice")
        found[name] = float(end_of("--range", name, low)), float(end_of("--range", name, high))
        if not max(map(abs, found[name])) <= LARGEST:
            raise ValueProblem(f"--range {name}: a picture ends at {LARGEST:g}")
        if not found[name][0] < found[name][1]:
            raise ValueProblem(f"--range {name}: {low.strip()} is not below {high.strip()}")
        if found[name][1] - found[name][0] < max(NARROWEST * max(map(abs, found[name])), 1 / LARGEST):
            raise ValueProblem(
                f"--range {name}: {low.strip()} and {high.strip()} are too close to be drawn apart"
            )
    return found
