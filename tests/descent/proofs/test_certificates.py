"""Certificates: they hold by another way, and nothing in them can be changed unseen."""

from __future__ import annotations

import json
import random
from hashlib import sha256

import pytest

from gradcli.calculus.tables.hessian_table import hessian_of
from gradcli.descent.proofs.branch_and_bound import Wish
from gradcli.descent.proofs.checking.certificate_check import checked
from gradcli.descent.proofs.checking.proof_certificate import certificate_text, read_certificate
from gradcli.descent.proofs.proved_extreme import proved_extreme
from gradcli.language.errors import InputProblem

from .searching import ALL, TABLE, question

#: Those whose certificates are checked each time: tangents of what has poles, a jump beside the region, a region that is
#: hardly convex and a minimum that is flat among them.
SAMPLE = (
    "Adjiman", "Booth", "Branin", "Bukin 4", "Camel, six humps", "Easom", "Hock-Schittkowski 2", "Price 1", "Zirilli",
    "Miele-Cantrell", "Helical valley", "Styblinski-Tang", "Powell, singular",
)  # fmt: skip


def certified(expr, box, *, ascend=False, whole=(), most=3_000):
    """The text of a certificate, and the question."""
    asked, texts = question(expr, box, ascend=ascend, whole=whole), []
    proved_extreme(
        asked,
        Wish(1e-8, most),
        lambda record, found: texts.append(certificate_text(asked, expr, record, found)),
    )
    return texts[0], asked


def verdict(text, asked, expr):
    table = hessian_of([expr], [], asked.names, formulas=False)
    return checked(read_certificate(text, "c"), asked, table)


def resummed(lines):
    """The lines with a sum that is theirs: as a forger would make it."""
    body = "".join(f"{line}\n" for line in lines)
    return f'{body}{{"sum": "{sha256(body.encode()).hexdigest()}"}}\n'


@pytest.mark.parametrize(
    "one", [one for one in TABLE if ALL or one["name"] in SAMPLE], ids=lambda one: one["name"]
)
def test_a_certificate_holds_by_another_way(one):
    """Of published functions."""
    text, asked = certified(one["expr"], one["box"])
    assert verdict(text, asked, one["expr"]).failed is None


@pytest.mark.parametrize(("expr", "box", "how"), [
    ("x*y", "x=0:1,y=0:2", {"ascend": True}), ("n^2-5*n+(x-n)^2", "n=-4:9,x=-3:3.5", {"whole": "n"}),
    ("sqrt(x)-x", "x=-1:2", {}), ("abs(x)+abs(y-0.3)", "x=-1:2,y=-1:1", {}), ("x", "x=1:1", {}),
])  # fmt: skip
def test_other_problems_have_certificates_too(expr, box, how):
    """Uphill, whole numbers, edges, corners, one point."""
    text, asked = certified(expr, box, **how)
    assert verdict(text, asked, expr).failed is None


def test_any_changed_digit_is_noticed():
    """In every line, each character that is one: the sum is another."""
    text, _ = certified("(x^2+y-11)^2+(x+y^2-7)^2", "x=-5:5,y=-5:5")
    digits = [place for place, character in enumerate(text) if character.isdigit()]
    for place in random.Random(5).sample(digits, 200):
        changed = text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]
        with pytest.raises(InputProblem):
            read_certificate(changed, "c")


def test_a_forged_certificate_does_not_hold():
    """With a sum that fits: a better interval, boxes that are missing, cuts that leave a gap, tests that do not hold."""
    expr = "(x^2+y-11)^2+(x+y^2-7)^2-3*x"
    text, asked = certified(expr, "x=-5:5,y=-5:5")
    lines = text.splitlines()[:-1]
    shown = json.loads(lines[-1])
    assert verdict(resummed(lines), asked, expr).failed is None
    number = next(place for place, line in enumerate(lines) if '"cut"' in line)
    row = json.loads(lines[number])
    at = row.index("cut")
    mantissa, power = row[at + 2].split("p")
    gap = [*row[: at + 2], f"{int(mantissa) * 64 - 1}p{int(power) - 6}", row[at + 3], *row[at + 4 :]]
    bare = json.dumps({**shown, "regions": []})
    forged = [
        [*lines[:-1], json.dumps({**shown, "lower": "1p0"})],
        [*lines[:-1], json.dumps({**shown, "upper": "-1p9", "lower": "-1p9"})],
        [*lines[:-1], json.dumps({**shown, "regions": []})],
        [*lines[:-1], json.dumps({**shown, "best": ["0p0", "0p0"]})],
        [*lines[:-1], json.dumps({**shown, "regions": [{"box": [], "at": shown["best"]}]})],
        [*lines[:number], json.dumps(gap), *lines[number + 1 :]],
        [lines[0], '[1, "value"]', bare],
        [lines[0], '[1, "monotone", []]', bare],
        [lines[0], '[1, "newton", [[0, "<", "<"]], "left"]', bare],
        [lines[0], bare],
        [lines[0], '[1, "cut", 7, "0p0", "0p0", 2, 3]', bare],
        [lines[0], '[1, "cut", 0, "9p99999999999", "0p0", 2, 3]', bare],
        [lines[0], '[1, "cut", 0, "0p0", "0p0", 1, 1]', bare],
        [lines[0], '[1, "cut", 0, ">", "<", 1, 2]', '[2, "value"]', bare],
        [
            lines[0],
            '[1, "cut", 0, ">", "0p0", 1, 2]',
            '[2, "left"]',
            json.dumps({**shown, "lower": "-9p9", "regions": []}),
        ],
        [
            lines[0],
            *(f'[{n}, "cut", 0, "0p0", "0p0", {n + 1}, {n + 2}]' for n in range(1, 90)),
            json.dumps({**shown, "lower": "-9p9", "regions": []}),
        ],
    ]
    for one in forged:
        assert verdict(resummed(one), asked, expr).failed is not None, one[1:3]


@pytest.mark.parametrize("text", ["", "{}", "[]\n[]\n[]\n", "\x00" * 40, '{"gradcli certificate": 2}\n{}\n{"sum": ""}\n',
                                  "[" * 5000 + "\n{}\n{}\n"])  # fmt: skip
def test_what_is_no_certificate_is_refused(text):
    """With a sentence."""
    with pytest.raises(InputProblem):
        read_certificate(text, "c")


def test_the_command_checks_and_refuses(run, tmp_path):
    """Status 0 and 1; another problem's is refused; what the file says is never run."""
    file = tmp_path / "c.jsonl"
    ended = run("minimize", "a*(x-1)^2", "--a", "0.1", "--box", "x=-3:pi", "--prove", "--certificate", file)
    assert ended.status == 0
    assert run("check", "--certificate", file).out.startswith(
        "proved: the least value of a*(x-1)^2 in x=-3:pi is"
    )
    assert run("check", "a*(x - 1)**2", "--certificate", file, "--get", "right").out == "true\n"
    other = run("check", "a*(x+1)^2", "--certificate", file)
    assert other.status == 4 and "another problem" in other.err
    lines = file.read_text(encoding="utf-8").splitlines()[:-1]
    shown = {**json.loads(lines[-1]), "lower": "1p0"}
    file.write_text(resummed([*lines[:-1], json.dumps(shown)]), encoding="utf-8")
    forged = run("check", "--certificate", file)
    assert forged.status == 1 and forged.out.startswith("not proved: ")
    for key, value in (
        ("expression", "foo(x)"),
        ("box", {"x": ["0", "1e999999"]}),
        ("box", {}),
        ("held", {"a": "x"}),
    ):
        head = json.dumps({**json.loads(lines[0]), key: value})
        file.write_text(resummed([head, *lines[1:]]), encoding="utf-8")
        assert run("check", "--certificate", file).status in (1, 4), key
