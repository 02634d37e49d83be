"""Hostile texts, the processes that try them under watch, and what must hold of every answer."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.prepared import ALL, run

CORPUS = Path(__file__).with_name("hostile.jsonl")

Job = dict[str, Any]

#: What would steer a terminal: controls except the newline, and tabs and returns where CSV and TSV have them.
STEERING = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def hostile() -> list[tuple[str, str]]:
    """The corpus: what kind of text, and the text. Long ones are stored as pieces and counts."""
    rows = (json.loads(line) for line in CORPUS.read_text().splitlines())
    return [(kind, text if isinstance(text, str) else "".join(a * n for a, n in text)) for kind, text in rows]


def watched(jobs: Sequence[Job], home: Path, fresh: bool = ALL) -> tuple[list[dict[str, Any]], list[str]]:
    """The answers to *jobs* from a watched process, and the source of every program that it compiled."""
    environment = {**os.environ, "GRADCLI_HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    for name in ("GRADCLI_SESSION", "NO_COLOR", "FORCE_COLOR"):
        environment.pop(name, None)
    lines = "".join(json.dumps(job) + "\n" for job in jobs)
    done = run("tests.trust.guard", text=lines, env=environment, cwd=home, fresh=fresh)
    assert done.returncode == 0, done.stderr[-3000:]
    *answers, last = (json.loads(line) for line in done.stdout.splitlines())
    assert len(answers) == len(jobs)
    return answers, last["programs"]


def harm(job: Job, answer: dict[str, Any], slowest: float = 20) -> str:
    """What is wrong with an answer, or nothing."""
    out, err = answer["out"], answer["err"]
    if "always" in job["args"]:
        out, err = (re.sub(r"\x1b\[[\d;]*m", "", text) for text in (out, err))
    checks = {
        "executed": bool(answer["deeds"]),
        "raised": answer["trace"] is not None,
        "status": answer["status"] not in (0, 1, 2, 3, 4),
        "traceback": "Traceback" in err or "mistake in gradcli" in err,
        "unsaid": answer["status"] in (2, 4) and not re.search("(?m)^gradcli: ", err) and "error" not in out,
        "steers the terminal": bool(STEERING.search(out + err)),
        "slow": answer["seconds"] > slowest,
    }
    found = [name for name, wrong in checks.items() if wrong]
    if not found:
        return ""
    facts = f"{answer['status']} {answer['seconds']:.1f} s {answer['deeds']} {answer['trace']}"
    return f"{found}: {str(job)[:200]} -> {facts} {err[:300]!r}"


def harms(jobs: Sequence[Job], home: Path) -> list[str]:
    """Run the jobs; everything that is wrong with any of the answers."""
    answers, _ = watched(jobs, home)
    ours = ("gradcli.db", "gradcli.db-journal", "key", "page.html", "report.html")
    left = [str(path) for path in home.iterdir() if path.name not in ours]
    return [h for job, answer in zip(jobs, answers, strict=True) if (h := harm(job, answer))] + left


def cells(answers: Iterable[dict[str, Any]]) -> list[str]:
    """Every cell of every CSV answer."""
    import csv
    import io

    return [cell for answer in answers for row in csv.reader(io.StringIO(answer["out"])) for cell in row]
