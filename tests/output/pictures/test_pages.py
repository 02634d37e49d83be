"""Pages in a real browser: they load offline and without errors, and what is to move, moves."""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
import sys

import pytest

from gradcli.language.parser import parse
from gradcli.output.pages.html_page import expressions
from gradcli.output.pages.mathml import LONGEST, mathml

BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
    None,
)
needs_browser = pytest.mark.skipif(
    BROWSER is None, reason="no chromium is installed: pages are not tried in a browser"
)

#: Added to a copy of the page: what went wrong before, and what a user would do, told in attributes of the body.
WATCH = "<script>window.wrong = []; addEventListener('error', (e) => wrong.push(e.message));</script>"
ACT = """<script>
const find = (name) => document.querySelector(name), told = document.body.dataset;
const map = find(".map"), edge = map.getBoundingClientRect();
const move = (target, kind, x, y) => target.dispatchEvent(new PointerEvent(kind, { clientX: x, clientY: y, bubbles: true }));
move(map, "pointermove", edge.left + edge.width / 2, edge.top + edge.height / 3);
told.hover = find(".hover").textContent;
map.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
told.keyed = find(".hover").textContent;
const slider = find("input[type=range]");
if (slider) {
  slider.value = 1;
  slider.dispatchEvent(new Event("input"));
  told.stop = find(".stop").textContent;
}
const surface = find(".surface");
if (surface) {
  const before = surface.dataset.yaw, place = surface.getBoundingClientRect();
  move(surface, "pointerdown", place.left + 50, place.top + 50);
  move(surface, "pointermove", place.left + 150, place.top + 60);
  move(window, "pointerup", 0, 0);
  told.turned = String(before !== surface.dataset.yaw);
}
const drawn = [...document.querySelectorAll("canvas")].map((canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
});
told.colours = Math.min(...drawn);
const fraction = find("mfrac");
told.math = fraction && fraction.getBoundingClientRect().height > 20 ? "typeset" : "flat";
told.labels = [...document.querySelectorAll("canvas")].every((canvas) => canvas.getAttribute("aria-label").length > 20);
told.loaded = performance.getEntriesByType("resource").filter((one) => !one.name.startsWith("data:")).length;
told.wrong = wrong.join("; ");
</script>"""


def _unbounded():
    """The browser reserves more address space than gradcli allows itself in this process."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def tried(file):
    """What the browser tells after a user's moves, and its console."""
    text = file.read_text(encoding="utf-8")
    acted = text.replace("<head>", "<head>" + WATCH, 1).replace("</body>", ACT + "</body>")
    file.with_name("acted.html").write_text(acted, encoding="utf-8")
    command = [
        BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        "--enable-logging=stderr", "--v=0", f"--user-data-dir={file.parent / 'profile'}", "--window-size=1000,800",
        "--virtual-time-budget=3000", "--dump-dom", file.with_name("acted.html").as_uri(),
    ]  # fmt: skip
    ended = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, preexec_fn=_unbounded
    )
    body = re.search(r"<body[^>]*>", ended.stdout)
    assert body, (ended.returncode, ended.stderr)
    told = dict(re.findall(r'data-([a-z]+)="([^"]*)"', body.group()))
    return told, [line for line in ended.stderr.splitlines() if "CONSOLE" in line]


@pytest.fixture
def page(run, tmp_path):
    """`page("x**2", "--x", 1)`: the file that a plot makes."""

    def page(*arguments):
        file = tmp_path / "page.html"
        ended = run("plot", *arguments, "--out", file)
        assert ended.status == 0, ended.err
        return file

    return page


@needs_browser
def test_a_landscape_hovers_walks_and_turns(run, page):
    """Point, value and gradient under the pointer; the slider walks the way; the surface turns."""
    run("grad", "x**2+x*y/2+3", "--x", 5, "--y", 3)
    run("step", "--lr", 0.1)
    run("step", "--steps", 3)
    told, console = tried(page("--grid", 31))
    assert told["wrong"] == "" and console == [] and told["loaded"] == "0"
    assert re.fullmatch(r"x = \S+   y = \S+   f = \S+   ∇f = \(\S+, \S+\)", told["hover"])
    assert told["keyed"] != told["hover"]
    assert told["stop"].startswith("step 1: x = 3.85, y = 2.75, f = 23.11625, ∇f = (9.075, 1.925)")
    assert told["turned"] == "true" and told["math"] == "typeset" and told["labels"] == "true"
    assert int(told["colours"]) > 20


@needs_browser
def test_a_curve_tells_value_and_slope(page):
    """The page of one variable has no surface and no slider, and does not miss them."""
    told, console = tried(page("1/x+abs(x-1)", "--x", 2))
    assert told["wrong"] == "" and console == [] and told["math"] == "typeset" and "stop" not in told
    assert re.fullmatch(r"x = \S+   f = \S+   f′ = \S+", told["hover"]) and int(told["colours"]) > 5


@needs_browser
def test_convergence_tells_f_and_norm(run, page):
    """The page of a descent against its steps."""
    run("step", "x**2+y**2", "--x", 5, "--y", 3, "--steps", 30, "--lr", 0.1)
    told, console = tried(page("--convergence"))
    assert told["wrong"] == "" and console == []
    assert re.match(r"step 1[456]   f = \S+   \|∇f\| = \S+", told["hover"])


def test_a_page_refers_to_nothing_outside(page):
    """No address, no import, and a policy that would stop them."""
    text = page("x**2+y**2", "--x", 1, "--y", 2, "--grid", 11).read_text(encoding="utf-8")
    assert not re.search(r"https?:|//cdn|@import|<link rel=\"stylesheet|src=", text)
    assert "default-src 'none'" in text and "<math" in text and 'role="img"' in text


def test_a_page_says_in_words_what_it_shows(run, page):
    """Readers who do not see the picture are told its ranges, its marks and the way."""
    run("grad", "x**2+y**2", "--x", 1, "--y", 1)
    run("step", "--steps", 2, "--lr", 0.1)
    text = page("--grid", 11).read_text(encoding="utf-8")
    assert "2 steps lead from f = 2 to 0.8192." in text
    assert "minimum at x = 0, y = 0" in text
    assert "<td>0.8</td>" in text and '<th scope="col">step</th>' in text


def test_nothing_that_is_typed_becomes_markup(page):
    """Comparisons have angle brackets, and JSON ends no script."""
    text = page("where(x < 1, x**2, 2*x-1)", "--x", 2).read_text(encoding="utf-8")
    assert "where(x &lt; 1" in text and "where(x < 1" not in text.split("<script>")[0]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("x**2", "<msup><mrow><mi>x</mi></mrow><mrow><mn>2</mn></mrow></msup>"),
        ("(x+1)**2", "<mo>(</mo>"),
        ("x/(y+1)", "<mfrac><mrow><mi>x</mi></mrow>"),
        ("sqrt(x+y)", "<msqrt><mrow>"),
        ("-x+y", "<mo>−</mo><mi>x</mi>"),
        ("x-y", "<mi>x</mi><mrow><mo>−</mo><mi>y</mi></mrow>"),
        ("x-(y-z)", "<mo>(</mo>"),
        ("alpha_1", "<msub><mi>α</mi><mn>1</mn></msub>"),
        ("x1", "<msub><mi>x</mi><mn>1</mn></msub>"),
        ("pi*x", "<mi>π</mi>"),
        ("1e-5*x", "<mn>10</mn>"),
        ("abs(x)", '<mo fence="true">|</mo>'),
        ("exp(x*y)", "<msup><mi>e</mi>"),
        ("where(x <= 1, x, 2)", "≤"),
        ("sin(x)", "<mi>sin</mi>"),
    ],
)
def test_mathml_of_each_construct(text, part):
    """What an expression looks like when it is set."""
    found = mathml(parse(text, ()))
    assert part in found
    for tag in set(re.findall(r"<(\w+)", found)):
        assert len(re.findall(rf"<{tag}\b", found)) == found.count(f"</{tag}>"), tag


def test_a_formula_that_nobody_reads_is_text():
    """Beyond some hundred operations MathML would only be slow."""
    rows = expressions("+".join(["x*y"] * LONGEST), {"x": None}, ("x", "y"))
    assert len(rows) == 1 and rows[0].startswith("<pre>f = x*y+x*y")


#: Added to ACT: moves to a third of the picture's width.
THIRD = 'move(map, "pointermove", edge.left + edge.width / 3, edge.top + 60); told.third = find(".hover").textContent;'


@needs_browser
def test_convergence_of_a_thinned_way_tells_the_steps_that_it_has(run, page, monkeypatch):
    """Not every step of a long descent is kept: what is told belongs to the step that is named."""
    run("minimize", "x**2+y**2", "--x", 5, "--y", 3, "--optimizer", "sgd", "--lr", 1e-4, "--max-steps", 3000)
    file = page("--convergence")
    monkeypatch.setattr(sys.modules[__name__], "ACT", ACT.replace("told.wrong", THIRD + " told.wrong"))
    told, console = tried(file)
    step, value = re.fullmatch(r"step (\d+)   f = (\S+)   \|∇f\| = \S+", told["third"]).groups()
    assert told["wrong"] == "" and console == [] and 600 < int(step) < 1200
    assert float(value) == pytest.approx(34 * (1 - 2e-4) ** (2 * int(step)), rel=1e-5)
