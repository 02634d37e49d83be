"""An expression → the lines of its derivation along a variable, each line checked before it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from gradcli.calculus.deriving.differentiation_rules import Applied, applied
from gradcli.calculus.deriving.line_checks import Checker
from gradcli.calculus.formulas.term_latex import latex_of
from gradcli.calculus.formulas.terms import PENDING, Term, rebuilt, term_of, written
from gradcli.calculus.program.compiled_expression import Compiled
from gradcli.language.errors import DomainProblem, LimitProblem
from gradcli.language.limits import limit, limit_problem
from gradcli.language.parser import parse
from gradcli.language.tree import Expression


class Step(NamedTuple):
    """One line: the rule, its statement, what it was applied to, the line, and how it was checked.

    checked: `sympy` (equal to sympy's derivative symbolically), or `40 digits` (equal at points of the domain).
    """

    rule: str
    statement: str
    of: str
    text: str
    latex: str
    checked: str


class Derivation(NamedTuple):
    """The partial along a variable: its lines, from the derivative to be taken to the formula."""

    variable: str
    formula: str
    steps: tuple[Step, ...]


def derivation(
    expression: Expression, compiled: Compiled, variable: str, depth: int | None = None
) -> Derivation:
    """The derivation of ∂f/∂*variable*; below *depth* operations sub-expressions are derived in one line.

    Raises DomainProblem where no derivative is known, and LimitProblem for what is too large to be read.
    """
    formula = _formula(compiled, variable)
    _check_size(expression)
    sign = "d/d" if len(expression.variables) == 1 else "∂/∂"
    last = term_of(parse(formula, expression.variables))
    found = derived_lines(term_of(expression), last, partial(rule_at_depth, variable, depth))
    lines = list(bounded(found, sign + variable))
    checker = Checker(expression, formula, variable)
    steps = []
    for of, made, line, text in lines:
        checked = checker.check(line)
        shown = formula if line is last else text  # and not with other brackets
        steps.append(Step(made.rule, made.statement, of, shown, latex_of(line, variable, sign), checked))
    return Derivation(variable, formula, tuple(steps))


def _formula(compiled: Compiled, variable: str) -> str:
    if variable in compiled.program.unknown:
        raise DomainProblem(f"the derivative along {variable} is not known in closed form")
    formula = compiled.formulas.get(variable)
    if (
        variable not in compiled.program.variables
        or compiled.program.gradient[compiled.program.variables.index(variable)] is None
    ):
        return "0"
    if formula is None:
        raise LimitProblem(
            f"the formula along {variable} is too long to be explained",
            hint="gradcli explain --backprop shows every node",
        )
    return formula


def _check_size(expression: Expression) -> None:
    depths: list[int] = []
    for node in expression.nodes:
        depths.append(1 + max((depths[i] for i in node.args), default=0))
    for name, size, what in (("explained", expression.size, "operations, numbers and names"),
                             ("levels", depths[-1], "levels")):  # fmt: skip
        if size > limit(name):
            message = f"the expression has {size:,} {what}: more than {limit(name):,.0f} are not explained line by line"
            raise limit_problem(name, message, instead="gradcli explain --backprop shows every node")


def bounded(
    lines: Iterable[tuple[str, Applied, Term]], derivative: str
) -> Iterator[tuple[str, Applied, Term, str]]:
    """The lines with their texts. Raises LimitProblem for more than anybody would read, before they are checked."""
    length = 0
    for of, made, line in lines:
        text = written(line, derivative)
        length += len(text)
        if length > limit("derivation"):
            message = f"the derivation is longer than {limit('derivation'):,.0f} characters"
            raise limit_problem("derivation", message, instead="--depth 2 shows the outer rules only")
        yield of, made, line, text


def derived_lines(
    whole: Term, last: Term, rule: Callable[[Term], Applied]
) -> Iterator[tuple[str, Applied, Term]]:
    """Rule after rule to the leftmost derivative of *whole* that is still to be taken, and the formula *last* at the end.

    rule: what is made of a derivative that is still to be taken.
    """
    line = Term(PENDING, (whole,), "0")
    yield "", Applied("start", "the derivative to be taken", line), line
    while pending := leftmost_pending(line):
        try:
            made = rule(pending)
        except ValueError as error:
            raise DomainProblem(f"no rule is known for the derivative of {error}") from None
        line = with_leftmost(line, made.term)
        yield written(pending.args[0]), made, line
    if written(last) != written(line):
        yield written(line), Applied("simplify", "the same, as gradcli grad prints it", last), last


def rule_at_depth(variable: str, depth: int | None, pending: Term) -> Applied:
    """What the rule that fits makes of a derivative along *variable*; below *depth* operations all of it in one step."""
    inner, level = pending.args[0], int(pending.text)
    made = applied(inner, variable, level)
    if (
        depth is None
        or level < depth
        or made.rule in ("constant", "variable")
        or leftmost_pending(made.term) is None
    ):
        return made
    from gradcli.calculus.symbolic.sympy_derivative import derivative_text

    expression = written(inner)
    names = [variable, *(name for name in _names(inner) if name != variable)]
    text = derivative_text(expression, variable, names)
    if text is None:
        return made
    return Applied("in one step", f"deeper than --depth {depth}", term_of(parse(text, names)))


def _names(term: Term) -> list[str]:
    if term.op == "name":
        return [term.text]
    return list(dict.fromkeys(name for argument in term.args for name in _names(argument)))


def leftmost_pending(term: Term) -> Term | None:
    """The leftmost derivative in the term that is still to be taken; None where there is none."""
    if term.op == PENDING:
        return term
    return next((found for argument in term.args if (found := leftmost_pending(argument)) is not None), None)


def with_leftmost(term: Term, new: Term) -> Term:
    """The term with its leftmost pending derivative replaced."""
    if term.op == PENDING:
        return new
    args, done = [], False
    for argument in term.args:
        if not done and leftmost_pending(argument) is not None:
            args.append(with_leftmost(argument, new))
            done = True
        else:
            args.append(argument)
    return rebuilt(term, tuple(args)) if done else term
