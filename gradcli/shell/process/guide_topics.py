"""The pages of the guide, with a line each."""

from __future__ import annotations

#: The pages of the guide, each in a file of its own name, in the order in which they are read.
TOPICS = {
    "language": "how formulas are written: numbers, names, products, functions",
    "columns": "names with many numbers: sums and means of rows, losses",
    "data": "columns from files: losses over them, answers for each row",
    "scale": "workers of Dask, clusters, part files, what many rows cost",
    "fitting": "models fitted to files: starts, weights, errors, verdicts",
    "values": "the point, what to differentiate, uncertainties, several outputs",
    "formats": "text, JSON with every key, CSV, LaTeX, --get",
    "statuses": "exit statuses, errors and hints",
    "memory": "sessions, history, undo, and where they are kept",
    "descents": "step, minimize, compare, apply: rates, schedules, bounds",
    "constraints": "extrema where equations and inequalities hold, multipliers",
    "rules": "the update rule of every optimizer, as mathematics",
    "corners": "where there is no derivative, and what --corner answers",
    "digits": "which digits are right, and how more are asked for",
    "verdicts": "how descents end, critical points, and what check says",
    "proofs": "the least value in a box, proved; ranges; certificates",
    "trust": "text from strangers, faults, and how to report a weakness",
    "limits": "what is refused before it starts, --limit and --timeout",
    "pictures": "plot, pages that stand alone, and reports",
    "scripting": "pipes, streams, exported code, and sh",
    "options": "the options that commands share",
    "neighbours": "what sympy, qalc, maxima and giac do instead",
    "changes": "what is new in this version",
}
