"""Verdicts about claims → record, rows and document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.language.problem_text import heading as written_heading
from gradcli.output.text.document import Document, Line, Table, Word, line
from gradcli.output.text.markdown_escapes import coded, marked
from gradcli.output.text.number_text import shown

_RIGHT = ("proved", "equal", "close", "agree")

#: Seams that are named.
_MOST_SEAMS = 6

_SENTENCES = {
    "proved": "right: proved by sympy{every}, and equal at {points} {word}{of} to {digits} digits",
    "equal": "right{only}: not proved, but equal at {points} {word}{of} to {digits} digits",
    "close": "right",
    "wrong": "wrong",
    "undecided": "undecided: no point was found where both have a value",
}


def verdict_record(
    expression: str | list[str], at: Mapping[str, Any], found: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The JSON record: expression, at, right, and one record per claim or variable as `checks`."""
    right = bool(found) and all(one["verdict"] in _RIGHT for one in found)
    return {"expression": expression, "at": dict(at), "right": right, "checks": [dict(one) for one in found]}


def verdict_rows(found: Sequence[Mapping[str, Any]]) -> list[dict[str, object]]:
    """One row per claim or variable for CSV."""
    return [
        {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in one.items()
            if key != "span"
        }
        for one in found
    ]


def verdict_document(expression: str | list[str], found: Sequence[Mapping[str, Any]]) -> Document:
    """The text: one row per claim, or per variable where gradcli's own gradient was checked."""
    heading = line(("heading", "f = "), ("formula", written_heading(expression)))
    if not found:
        return [heading, line("there is nothing to check: no variable")]
    parts: list[Line | Table] = [heading]
    for one in found:
        parts += _routes(one) if "routes" in one else _claim(one)
    return parts


def verdict_markdown(expression: str | list[str], found: Sequence[Mapping[str, Any]]) -> str:
    """Markdown: a table with a row per claim, or per variable, and what is said of it."""
    text = expression if isinstance(expression, str) else " + ".join(f"({part})" for part in expression)
    rows = [f"# Check of {coded(text)}", "", "| along | claim | verdict |", "|---|---|---|"]
    for one in found:
        parts = _routes(one) if "routes" in one else _claim(one)
        told = ["".join(word for _, word in part.words).strip() for part in parts if isinstance(part, Line)]
        claim = one.get("claim") or one.get("formula") or ""
        first = told[0].partition(": ")[2].removeprefix(f"{claim} is ") if told else ""
        cell = "<br>".join(marked(sentence) for sentence in (first, *told[1:]))
        rows.append(f"| {coded(one['variable'])} | {coded(claim) if claim else ''} | {cell} |")
    return "\n".join([*rows, ""])


def _claim(one: Mapping[str, Any]) -> list[Line | Table]:
    pieces = one.get("pieces") or 1
    many = pieces > 1
    words = {"every": " on every piece" if many else "", "of": f" of {pieces} pieces" if many else ""}
    if one.get("rows"):
        words = {"every": " for any rows", "of": f" over {_rows(one['rows'])}"}
    words |= {"word": "point" if one["points"] == 1 else "points", "digits": str(one.get("digits") or 50)}
    only = f" where {one['only']}" if one.get("only") else ""
    sentence = _SENTENCES[one["verdict"]].format(points=one["points"], only=only, **words)
    if one["verdict"] == "undecided" and one.get("rows") and one["note"]:
        sentence = "undecided"
    if one["verdict"] == "close" and one.get("claimed") != one.get("actual"):
        sentence = "close"
    sentence += _number(one) if one["verdict"] in ("close", "wrong") else ""
    role = "after" if one["verdict"] in _RIGHT else "error"
    rows: list[Line | Table] = [
        line(("variable", one["variable"]), ": ", ("formula", one["claim"]), " is ", (role, sentence))
    ]
    if one["verdict"] == "wrong" and one["formula"] and one["formula"] != one["actual"]:
        rows.append(_below("the partial is ", ("formula", one["formula"])))
    if one["at"] is not None and one["actual"] is not None:
        place = f"at {_place(one['at'])}: " if one["at"] else ""
        rows.append(
            _below(
                f"{place}claimed ", ("value", one["claimed"] or "none"), ", actual ", ("value", one["actual"])
            )
        )
    if one["verdict"] in ("proved", "equal") and one.get("seams"):
        rows.append(_below("on both sides of ", ("formula", _seams(one["seams"]))))
    if one["slip"]:
        rows.append(_below(("hint", one["slip"])))
    return rows


def _number(one: Mapping[str, Any]) -> str:
    """What is said of a claim that is a number: how far it may be from the partial, unless it is that."""
    if one.get("tolerance") is None:
        return ""
    if one["verdict"] == "close" and one["claimed"] == one["actual"]:
        return ": equal to the partial at this point"
    tolerance = f"the tolerance of {shown(one['tolerance'], 3)} at this point"
    if one["verdict"] != "close":
        return f": not within {tolerance}"
    actual, claimed = float(one["actual"]), float(one["claimed"])
    share = f", {shown(100 * abs((claimed - actual) / actual), 2)} % off" if actual else ""
    return f": within {tolerance}{share}"


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _seams(seams: Sequence[str]) -> str:
    shown = ", ".join(seams[:_MOST_SEAMS])
    return f"{shown} and {len(seams) - _MOST_SEAMS} more" if len(seams) > _MOST_SEAMS else shown


def _routes(one: Mapping[str, Any]) -> list[Line | Table]:
    names = ", ".join(one["routes"])
    if one["verdict"] == "agree":
        points = "1 point" if one["points"] == 1 else f"{one['points']} points"
        sentence = f"{names} agree to {one['digits']} digits at {points}"
        if one.get("rows"):
            sentence += f" over {_rows(one['rows'])}"
        if one.get("sampled") and one["sampled"] != one["rows"]:
            sentence += f", differences over {one['sampled']:,} of them"
        return [line(("variable", one["variable"]), ": ", ("after", sentence))]
    if one["verdict"] == "undecided":
        words = "undecided" if one.get("note") else "undecided: no point of the domain was found"
        return [line(("variable", one["variable"]), ": ", ("error", words))]
    rows: list[Line | Table] = [
        line(("variable", one["variable"]), ": ", ("error", f"the routes differ at {_place(one['at'])}"))
    ]
    return rows + [_below(f"{name}: ", ("value", value)) for name, value in one["values"].items()]


def _below(*words: str | Word) -> Line:
    return line("  ", *words)


def _place(at: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in at.items()) or "the constant"
