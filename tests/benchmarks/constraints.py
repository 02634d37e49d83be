"""Extrema under constraints: a textbook problem as a whole command, and all points of textbook problems."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from tests.benchmarks.peers import Peers
from tests.benchmarks.places import Place
from tests.benchmarks.report import NO_BAR, Row
from tests.benchmarks.timing import Command, fixed, in_turn, processor

BARE = "a bare click program that prints a number"

#: f and constraints as textbooks set them.
TEXTBOOK = (
    ("x**2*y", "x**2 + 2*y**2 = 6"),
    ("x*y", "x**2 + y**2 = 8"),
    ("x", "x**3 = y**2"),
    ("x**2 + y**2", "x*y = 1"),
    ("x**2 + y**2 - 2*x", "x >= 0; y >= 0; x + y <= 4"),
    ("x**2 + 2*y**2", "x**2 + y**2 <= 1"),
    ("x + 2*y + 3*z", "x - y + z = 1; x**2 + y**2 = 1"),
    ("x**3 - 3*x", "-2 <= x <= 3"),
    ("x*y*z", "x + y + z = 6; x >= 0; y >= 0; z >= 0"),
    ("x*y*z", "x*y + 2*x*z + 2*y*z = 12"),
    ("x**2 + y**2 + z**2", "x + y + z = 1; x + 2*y + 3*z = 6"),
    ("exp(x*y)", "x**3 + y**3 = 16"),
)


def constraints(place: Place, peers: Peers, runs: int) -> Iterator[Row]:
    """Known problems, and ones from a start that was never seen; seconds of processor. All points: seconds beyond a start."""
    del peers
    typed = [*place.gradcli, "minimize", "x**2+y**2", "--subject-to", "x+y=1"]
    commands = {
        "bare": fixed(place.program("bare_click", "3")),
        "known": fixed([*typed, "--x", "3", "--y", "1"]),
        "start": Command(lambda run: [*typed, "--x", f"{run + 4}", "--y", "1"]),
        "unseen": Command(
            lambda run: [
                *place.gradcli, "minimize", f"x**2+{run + 2}*y**2", "--st", "x+y=1", "--x", "3", "--y", "1",
            ]
        ),
    }  # fmt: skip
    seconds = in_turn(place, commands, runs, processor)
    what = "`minimize --subject-to`, a textbook problem"
    yield Row(f"{what}, known", BARE, seconds["known"], seconds["bare"], "≤ 2")
    yield Row(f"{what}, known, from another start", BARE, seconds["start"], seconds["bare"], NO_BAR)
    yield Row(f"{what}, never seen", BARE, seconds["unseen"], seconds["bare"], NO_BAR)
    yield from _all_points(place, max(2, runs // 5))


def _all_points(place: Place, runs: int) -> Iterator[Row]:
    """The median of textbook problems, beside half a second."""
    fresh = ["sh", "-c", 'GRADCLI_HOME="$(mktemp -d "$GRADCLI_HOME.XXXXXX")" exec "$0" "$@"']
    commands = {
        f"{text} on {st}": fixed([*fresh, *place.gradcli, "critical", text, "--st", st])
        for text, st in TEXTBOOK
    }
    commands["start"] = fixed(place.program("bare_click", "3"))
    seconds = in_turn(place, commands, runs, processor)
    start = median(seconds.pop("start"))
    medians = [median(own[k] for own in seconds.values()) - start for k in range(runs)]
    what = f"`critical --subject-to`, the median of {len(TEXTBOOK)} textbook problems, never seen, beyond a bare program"
    yield Row(what, "half a second", medians, [0.5] * runs, "≤ 1")
