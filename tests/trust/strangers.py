"""Names that are none, and every place in which a name comes in: options, JSON, claims, session rows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from gradcli.commands.code import NAMES as LANGUAGES

from .watching import Job

#: What a name that is written raw would do: each a deed in some language, or a way out of one.
NAMES = (
    '""";import os;os.system("touch PWN");"""',
    "'''\nimport os; os.system('touch PWN')\n'''",
    "x\nimport os\nos.system('touch PWN')",
    "*/ int evil = system(\"touch PWN\"); /*",
    "*/ require('child_process').execSync('touch PWN') /*",
    "x\r\n#include </etc/passwd>",
    '=# run(`touch PWN`) #=',
    "%}\nsystem('touch PWN')\n%{",
    '"; DROP TABLE points; --',
    "]; DROP TABLE points; --",
    "\\input{/etc/passwd}",
    "\\immediate\\write18{touch PWN}",
    "x}$\\write18{touch PWN}${",
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "![x](javascript:alert(1))",
    "`touch PWN`",
    "$(touch PWN)",
    "; touch PWN #",
    "@SUM(1)",
    "+cmd|' /C calc'!A0",
    "\x1b[31mred",
    "\u202eright",
    "x\x00y",
    "\ufeffx",
    "x\u200by",
    "a b",
    "x-y",
    "x.y",
    "x'",
    "1x",
    "x²",
    "½",
    "∂",
    "-",
    "--out",
    "../../x",
    "%s{0}#{1}${x}",
    "__import__('os').system('touch PWN')",
    "\ud800",
    "é" * 3 + "!",
)  # fmt: skip

#: Those that an option can spell whose values are NAME=VALUE,NAME=VALUE.
SPELT = tuple(name for name in NAMES if not re.search(r"[=,()]", name) and name.strip() == name)

#: Commands that read a problem from standard input.
READERS = (
    "grad",
    "hessian",
    "jacobian",
    "taylor",
    "critical",
    "check",
    "explain",
    "step",
    "minimize",
    "compare",
)

_SINGLE = ("step", "minimize", "compare")
_HERE = ["--at", "x=1.5"]

Way = Callable[[str], Job]

#: Where an option takes a name.
OPTIONS: dict[str, Way] = {
    "--at": lambda name: {"args": ["grad", "x**2", "--no-save", "--at", f"x=1,{name}=2"]},
    "--wrt": lambda name: {"args": ["grad", "x**2", "--no-save", *_HERE, "--wrt", f"x,{name}"]},
    "--wrt of a higher order": lambda name: {"args": ["grad", "x**2", "--no-save", "--wrt", f"x,x,{name}"]},
    "--stop": lambda name: {"args": ["grad", "x**2", *_HERE, "--stop", name]},
    "--along": lambda name: {"args": ["grad", "x**2", *_HERE, "--along", f"{name}=1"]},
    "--hvp": lambda name: {"args": ["hessian", "x**2", *_HERE, "--hvp", f"{name}=1"]},
    "--jvp": lambda name: {"args": ["jacobian", "x**2", *_HERE, "--jvp", f"{name}=1"]},
    "--box": lambda name: {"args": ["critical", "x**2", "--box", f"x=-1:1,{name}=0:1"]},
    "--bounds": lambda name: {"args": ["minimize", "x**2", *_HERE, "--bounds", f"{name}=0:1"]},
    "--schedule": lambda name: {
        "args": ["minimize", "x**2", *_HERE, "--lr", "0.1", "--schedule", f"exponential:{name}=0.9"]
    },
    "--range": lambda name: {"args": ["plot", "x**2", *_HERE, "--range", f"{name}=0:1", "--out", "page.html"]},
    "--axes": lambda name: {"args": ["plot", "x**2", *_HERE, "--axes", name, "--out", "page.html"]},
    "--claim": lambda name: {"args": ["check", "x**2", "--claim", f"{name}=1"]},
    "claims": lambda name: {"args": ["check", "x**2", "--claims", "-"], "stdin": f"x = 2*x\n{name} = 1\n"},
    "report": lambda name: {
        "args": ["report", "x**2", "--at", f"x=1,{name}=2", "--wrt", f"x,{name}", "--out", "report.html"]
    },
    "explain": lambda name: {
        "args": ["explain", "x**2", "--at", f"x=1,{name}=2", "--wrt", f"x,{name}", "--format", "markdown"]
    },
    **{
        f"code in {language}": lambda name, language=language: {
            "args": ["code", "x**2", "--at", f"x=1,{name}=2", "--wrt", f"x,{name}", "--lang", language]
        }
        for language in LANGUAGES
    },
}  # fmt: skip


def _piped(command: str, key: str) -> Way:
    def way(name: str) -> Job:
        problem: dict[str, object] = {"expression": "x**2", "at": {"x": 1.5}, "wrt": ["x"]}
        problem = {**problem, "at": {"x": 1.5, name: 1}} if key == "at" else {**problem, "wrt": ["x", name]}
        return {"args": [command, "-"], "stdin": json.dumps(problem)}

    return way


#: Where JSON has a name.
RECORDS: dict[str, Way] = {
    **{f"{command} {key}": _piped(command, key) for command in READERS for key in ("at", "wrt")},
    "claims as JSON": lambda name: {
        "args": ["check", "x**2", "--claims", "-"],
        "stdin": json.dumps({"x": "2*x", name: "1"}),
    },
    "code": lambda name: {"args": ["code", "-"], "stdin": _piped("code", "wrt")(name)["stdin"]},
    "apply": lambda name: {
        "args": ["apply", "-"],
        "stdin": json.dumps({"expression": "x**2", "at": {"x": 1, name: 1}, "gradient": {"x": 1, name: 1}}),
    },
}

#: What reads a session and writes its names.
TELLERS = (
    ["session"],
    ["session", "history"],
    ["session", "list"],
    ["step", "--dry-run"],
    ["code", "--lang", "python"],
    ["code", "--lang", "c", "--with-test"],
    ["code", "--lang", "sql"],
    ["code", "--lang", "latex"],
    ["explain", "--format", "latex"],
    ["explain", "--format", "markdown"],
    ["plot", "--out", "page.html"],
    ["report", "--out", "report.md"],
    ["minimize", "--dry-run"],
)
