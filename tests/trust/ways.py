"""Every way in which a text reaches gradcli: as a command line, with standard input where it comes that way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence

from gradcli.commands.code import NAMES as LANGUAGES

from .watching import Job

QUICK = ["--timeout", "5"]
TIMED = [*QUICK, "--no-save"]
HERE = ["--at", "x=1.25"]
TWO = ["--at", "x=1.25,y=0.5"]

Way = Callable[[str], Job]


def _args(*before: str) -> Way:
    return lambda text: {"args": [*before, text]}


def _json(text: str) -> Job:
    problem = {"expression": f"2*({text})", "at": {"x": 1.25, text: text}, "wrt": [text]}
    return {"args": ["grad", "-", *TIMED, "--format", "jsonl"], "stdin": json.dumps(problem)}


def _line(text: str) -> Job:
    return {"args": ["grad", "-", *TIMED, *HERE], "stdin": f"{text}\n{{{text}}}\n"}


def _apply(text: str) -> Job:
    record = {"expression": text, "at": {"x": 1, text: 2}, "gradient": {"x": text, text: 1}}
    return {"args": ["apply", "-", *QUICK, "--dry-run"], "stdin": json.dumps(record)}


def _claims(text: str) -> Job:
    return {"args": ["check", "x**2", *QUICK, *HERE, "--claims", "-"], "stdin": f"x = {text}\n{text}\n"}


#: The places of one text in the commands that most people use: each is tried with every text.
COMMON: dict[str, Way] = {"expression": _args("grad", *TIMED, *HERE, "--"), "json": _json}

#: Everywhere else.
OTHERS: dict[str, Way] = {
    "variable": lambda text: {"args": ["grad", *TIMED, "x", "--at", f"{text}=1"]},
    "value": lambda text: {"args": ["grad", *TIMED, "x", "--at", f"x={text}"]},
    "option": lambda text: {"args": ["grad", *TIMED, "x", f"--{text}", "1"]},
    "line": _line,
    "apply": _apply,
    "claims": _claims,
    "step": _args("step", "--dry-run", *QUICK, "--steps", "3", *HERE, "--"),
    "latex": _args("grad", *TIMED, "--format", "latex", "--"),
    "csv": _args("grad", *TIMED, "--format", "csv", *HERE, "--"),
    "colour": _args("grad", *TIMED, "--color", "always", *HERE, "--"),
    "digits": _args("grad", *TIMED, "--digits", "30", *HERE, "--"),
    "uncertain": lambda text: {"args": ["grad", *TIMED, "x**2", "--at", f"x=1.25±{text}"]},
    "order": _args("grad", *TIMED, "--order", "3", "--wrt", "x", *HERE, "--"),
    "weights": lambda text: {"args": ["jacobian", *QUICK, "x", "x**2", *HERE, f"--vjp=1,{text}"]},
    "jacobian": lambda text: {"args": ["jacobian", *QUICK, *TWO, "--", text, "x*y"]},
    "hessian": _args("hessian", *QUICK, *TWO, "--"),
    "taylor": _args("taylor", *QUICK, *TWO, "--"),
    "critical": _args("critical", *QUICK, "--"),
    "box": lambda text: {"args": ["critical", *QUICK, "x**2", "--box", f"x={text}:5"]},
    "check": _args("check", *QUICK, *TWO, "--"),
    "claim": lambda text: {"args": ["check", *QUICK, "x**2", "--claim", f"x={text}"]},
    "explain": _args("explain", *QUICK, *TWO, "--"),
    "backprop": _args("explain", "--backprop", "--format", "markdown", *QUICK, *TWO, "--"),
    "minimize": _args("minimize", "--dry-run", *QUICK, "--max-steps", "50", *TWO, "--"),
    "bounds": lambda text: {
        "args": ["minimize", "--dry-run", *QUICK, "x**2", *HERE, "--bounds", f"x={text}:"]
    },
    "schedule": lambda text: {
        "args": ["minimize", "--dry-run", *QUICK, "x**2", *HERE, "--lr", "0.1", "--schedule", text]
    },
    "compare": _args("compare", *QUICK, "--steps", "3", *TWO, "--"),
    "plot": _args("plot", *QUICK, "--size", "60x16", *HERE, "--"),
    "range": lambda text: {
        "args": ["plot", *QUICK, "--size", "60x16", "x**2", *HERE, "--range", f"x=0:{text}"]
    },
    "page": _args("plot", *QUICK, "--out", "page.html", "--grid", "20", *HERE, "--"),
    "report": _args("report", *QUICK, "--out", "report.html", *HERE, "--"),
    "name of code": lambda text: {"args": ["code", *QUICK, "x**2", *HERE, "--lang", "c", "--name", text]},
    "language": lambda text: {"args": ["code", *QUICK, "x**2", *HERE, "--lang", text]},
    "session": lambda text: {"args": ["session", "--session", text]},
    "forget": _args("session", "rm", "--"),
    "get": lambda text: {"args": ["grad", *TIMED, "x**2", *HERE, "--get", text]},
    "wrt": lambda text: {"args": ["grad", *TIMED, "x**2", *HERE, "--wrt", text]},
    "format": lambda text: {"args": ["grad", *TIMED, "x**2", *HERE, "--format", text]},
    "limit": lambda text: {"args": ["grad", *TIMED, "x**2", *HERE, "--limit", text]},
    "functions": _args("functions", "--"),
    "command": _args(),
    "optimizer": lambda text: {"args": ["step", "--dry-run", "x**2", *HERE, "--optimizer", text]},
    "rate": lambda text: {"args": ["step", "--dry-run", "x**2", *HERE, "--lr", text]},
    **{f"code in {name}": _args("code", *QUICK, "--lang", name, *TWO, "--") for name in LANGUAGES},
}

WAYS = {**COMMON, **OTHERS}


def everywhere(texts: Sequence[str]) -> dict[str, list[Job]]:
    """Every text in every way."""
    return {name: [way(text) for text in texts] for name, way in WAYS.items()}


def around(texts: Sequence[str]) -> Iterator[Job]:
    """Every text in the common ways and in one of the others; every one of the others gets its share."""
    others = list(OTHERS.values())
    for number, text in enumerate(texts):
        for way in (*COMMON.values(), others[number % len(others)]):
            yield way(text)
