"""The program of a text → the one that is exported: without roots of powers, with the steps told apart that stand still."""

from __future__ import annotations

from collections.abc import Collection

from gradcli.calculus.exporting.even_roots import ROOTS, without_roots
from gradcli.calculus.exporting.held_steps import may_hold_steps, with_held_steps
from gradcli.calculus.graph.expression_graph import Graph
from gradcli.calculus.graph.reverse_sweep import program_of, reverse
from gradcli.calculus.program.program import Program
from gradcli.language.parser import parse

#: What may jump, or choose between pieces.
_STEPS = frozenset(("floor", "ceil", "mod", "sign", "heaviside", "select"))


def exported_program(program: Program, text: str, along: Collection[str]) -> Program:
    """The program of *text* as it is exported; itself where nothing of it is to be told apart."""
    ops = {op for op, *_ in program.code}
    if program.unknown or not ops & (ROOTS | _STEPS):
        return program
    graph = Graph()
    root = graph.include(parse(text, program.variables))
    rewritten = without_roots(graph, root) if ops & ROOTS else None
    stands_still = bool(ops & _STEPS) and may_hold_steps(graph)
    if rewritten is None and not stands_still:
        return program
    sweep = reverse(*(rewritten or (graph, root)), frozenset(along))
    return program_of(with_held_steps(sweep) if stands_still else sweep, program.variables)
