"""Texts with definitions → a block of derivations for each part, and the chain rule that joins them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from gradcli.calculus.deriving.derivation import derivation
from gradcli.calculus.deriving.line_checks import Checker
from gradcli.calculus.formulas.term_latex import latex_of
from gradcli.calculus.formulas.terms import Term, term_of
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.language.expression_text import text_of
from gradcli.language.latex_escapes import latex_name, latex_text
from gradcli.language.limits import limit, limit_problem
from gradcli.language.parser import parse
from gradcli.language.parser.defined_view import named_places, parts_of
from gradcli.language.parser.outputs import total
from gradcli.language.problem_text import divided, joined
from gradcli.language.tree import Expression

Block = dict[str, Any]


def has_parts(texts: Sequence[str], given: Collection[str]) -> bool:
    """Whether a text has definitions that its expression needs."""
    return bool(named_places(total(texts, given)))


def defined_derivations(
    texts: Sequence[str], given: Collection[str], along: Sequence[str], depth: int | None
) -> list[Block]:
    """The derivations of each definition along what it is made of, those of f, and the chain rule along *along*.

    Each block has `part`, what is derived; those of the chain rule have `chain`. Raises LimitProblem beyond what is explained.
    """
    whole = total(texts, given)
    parts = {name or "f": part for name, part in _last_is_f(parts_of(whole)).items()}
    _check_size(parts)
    blocks: list[Block] = []
    slopes: dict[str, dict[str, str]] = {}
    for name, part in parts.items():
        found = list(_direct(name, part, depth, {*along, *parts}))
        slopes[name] = {block["variable"]: block["formula"] for block in found}
        blocks += found
    written = compile_text(texts, given, along).formulas if whole.size <= limit("explained") else {}
    for variable in along:
        blocks += _chain(whole, texts, slopes, variable, written.get(variable))
    return blocks


def _last_is_f(parts: Mapping[str, Expression]) -> dict[str, Expression]:
    return {**{name: part for name, part in parts.items() if name}, "": parts[""]}


def _check_size(parts: Mapping[str, Expression]) -> None:
    size = sum(part.size for part in parts.values())
    if size > limit("explained"):
        message = f"the text has {size:,} operations, numbers and names: more than {limit('explained'):,.0f}"
        raise limit_problem("explained", f"{message} are not explained line by line",
                            instead="gradcli explain --backprop shows every node")  # fmt: skip


def _direct(name: str, part: Expression, depth: int | None, along: Collection[str]) -> Iterator[Block]:
    """The derivations of one part along what it is made of, as far as *along* has it."""
    text = text_of(part)
    compiled = compile_text([text], part.variables)
    for variable in part.variables:
        if variable not in along:
            continue
        one = derivation(parse(text, part.variables), compiled, variable, depth)
        yield {**one._asdict(), "part": name, "steps": [step._asdict() for step in one.steps]}


def _chain(
    whole: Expression,
    texts: Sequence[str],
    slopes: Mapping[str, Mapping[str, str]],
    variable: str,
    written: str | None,
) -> Iterator[Block]:
    """The chain rule for each part that is made of other parts, along one variable."""
    moved: set[str] = set()
    totals: dict[str, str] = {}
    for name, own in slopes.items():
        through = [inner for inner in own if inner in moved]
        if through or variable in own:
            moved.add(name)
        if not through:
            totals[name] = own.get(variable, "0")
            continue
        names = [*through, *([variable] if variable in own else [])]
        steps = [_rule(name, names, variable), _filled(own, names, variable, totals)]
        is_written = all("/d" not in totals.get(inner, "") for inner in through)
        totals[name] = f"d{name}/d{variable}"
        if name == "f" and written is not None:
            checker = Checker(whole, written, variable)
            if is_written:
                steps[-1]["checked"] = checker.check(_written_out(texts, whole, steps[-1]["text"]))
            steps.append(_last(checker, whole, written, variable))
        yield {
            "variable": variable,
            "formula": steps[-1]["text"],
            "part": name,
            "chain": True,
            "steps": steps,
        }


def _rule(name: str, names: Sequence[str], variable: str) -> dict[str, str]:
    text = " + ".join(
        f"∂{name}/∂{inner}" + ("" if inner == variable else f"*d{inner}/d{variable}") for inner in names
    )
    latex = " + ".join(
        rf"\frac{{\partial {latex_name(name)}}}{{\partial {latex_name(inner)}}}"
        + ("" if inner == variable else rf" \frac{{d {latex_name(inner)}}}{{d {latex_name(variable)}}}")
        for inner in names
    )
    return _step(
        "chain rule", "the slope along each part times that part's own", text, latex, "the rule itself"
    )


def _filled(
    own: Mapping[str, str], names: Sequence[str], variable: str, totals: Mapping[str, str]
) -> dict[str, str]:
    text = " + ".join(
        _factor(own[inner]) + ("" if inner == variable else f"*{_factor(totals[inner])}") for inner in names
    )
    return _step(
        "put in",
        "the slopes from above",
        text,
        rf"\text{{{latex_text(text)}}}",
        "each from its own derivation",
    )


def _factor(text: str) -> str:
    return (
        text
        if text.replace("*", "").replace(".", "").replace("_", "").isalnum() or "/d" in text
        else f"({text})"
    )


def _written_out(texts: Sequence[str], whole: Expression, line: str) -> Term:
    """A line in terms of the definitions without them."""
    text = "; ".join((*divided(joined(texts)).definitions, line))
    return term_of(parse(text, whole.variables))


def _last(checker: Checker, whole: Expression, written: str, variable: str) -> dict[str, str]:
    """The formula that grad prints, compared with sympy's derivative of the text written out."""
    term = term_of(parse(written, whole.variables))
    checked = checker.check(term)
    return _step(
        "write out", "the same, as gradcli grad prints it", written, latex_of(term, variable, ""), checked
    )


def _step(rule: str, statement: str, text: str, latex: str, checked: str) -> dict[str, str]:
    return {"rule": rule, "statement": statement, "of": "", "text": text, "latex": latex, "checked": checked}
