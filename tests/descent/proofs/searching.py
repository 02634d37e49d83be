"""What the tests of proofs share: a text and a box → what was shown, and the table of functions with known minima."""

from __future__ import annotations

import json
import os
from pathlib import Path

from gradcli.calculus.graph.reverse_sweep import compile_value
from gradcli.descent.proofs.box_question import BoxQuestion, domain_of, field_of
from gradcli.descent.proofs.branch_and_bound import Wish, least_value
from gradcli.descent.proofs.proved_extreme import proved_extreme
from gradcli.shell.options.proof_options import ends_of

#: Jamil & Yang, A literature survey of benchmark functions (2013); Dixon & Szego (1978); Hock & Schittkowski (1981); Levy,
#: Griewank and others as on the pages of S. Surjanovic & D. Bingham. Boxes, least values and minimizers are theirs.
TABLE = [
    json.loads(line)
    for line in Path(__file__).with_name("global_functions.jsonl").read_text(encoding="utf-8").splitlines()
]

#: Whether all is tried.
ALL = os.environ.get("GRADCLI_PROOFS") == "all"


def question(text, box, *, ascend=False, whole=(), held=None):
    """The question that a command line would ask."""
    return BoxQuestion(compile_value(text), ends_of(box), held or {}, frozenset(whole), ascend)


def extreme(text, box, *, gap=None, most=20_000, **how):
    """What is shown, as plain numbers."""
    return proved_extreme(question(text, box, **how), Wish(gap, most))


def found(text, box, *, gap=None, most=20_000, **how):
    """What is shown, as balls."""
    asked = question(text, box, **how)
    return least_value(field_of(asked), domain_of(asked), Wish(gap, most))
