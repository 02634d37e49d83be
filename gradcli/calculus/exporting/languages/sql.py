"""SQL: value and gradient for every row of a table, one common table expression per layer of statements.

Every column is qualified: SQLite takes a quoted name that no column has for a text, and `true` for a number. It loses
such names between layers even so: there they have another.
"""

from __future__ import annotations

import re

from gradcli.calculus.exporting.source_escapes import commented, line_comment, quoted_identifier
from gradcli.calculus.exporting.target_language import Language, Parts, listed, tabled, written
from gradcli.calculus.exporting.templates import (
    COMPARISON,
    OPERATORS,
    SUM,
    Template,
    joined,
    named,
    templates,
)

#: Columns of the result, and words of which no quotation makes a good name.
_WORDS = frozenset(("value", "rowid", "oid", "_rowid_", "points", "function", "test"))

#: The table that a layer reads from has this name in all of them.
_ROW = "p"
_LARGEST = "1.7976931348623157e308"


#: Whoever carries a query out may write layers into each other: of long compositions memory would not hold that.
_REFUSED = frozenset(("erf", "erfc", "erfcx", "gamma", "rgamma", "polygamma"))


#: Columns that layers written into each other may come to, and how they are kept apart beyond that.
_MOST, _APART = 5_000, "MATERIALIZED"
_KEPT_APART = (
    "Written into each other these layers are too large: AS MATERIALIZED keeps them",
    "apart (SQLite from 3.35 on, PostgreSQL from 12 on, DuckDB).",
)


def _layers(parts: Parts) -> list[list[tuple[str, str]]]:
    """Statements in layers: each needs only what stands in layers before its own."""
    depth: dict[str, int] = {}
    layers: list[list[tuple[str, str]]] = []
    for target, text in parts.lines:
        needed = [depth[name] for name in re.findall(r'"([A-Za-z]\w*)"', text) if name in depth]
        depth[target] = max(needed, default=-1) + 1
        if depth[target] == len(layers):
            layers.append([])
        layers[depth[target]].append((target, text))
    return layers


def _written_out(parts: Parts) -> int:
    """How many columns there are where every layer is written into the next."""
    count: dict[str, int] = {}
    for target, text in parts.lines:
        count[target] = 1 + sum(count.get(name, 0) for name in re.findall(r'"([A-Za-z]\w*)"', text))
    return sum(count.values())


def _frame(parts: Parts) -> str:
    steps, source = _given(parts)
    apart = _APART if _written_out(parts) > _MOST else ""
    if apart:
        parts = parts._replace(doc=(*parts.doc, *_KEPT_APART))
    for number, layer in enumerate(_layers(parts), 1):
        items = ([f"{_ROW}.*"] if source else []) + [f'{text} AS "{target}"' for target, text in layer]
        steps.append(_step(f"layer_{number}", items, source, apart))
        source = f"layer_{number}"
    head = f"WITH {', '.join(steps)}\n" if steps else ""
    query = f"{head}SELECT\n  {_outputs(parts)}{_from(source, '')};"
    return "\n".join([*commented(parts.doc, "-- ", line_comment), query]) + "\n"


def _given(parts: Parts) -> tuple[list[str], str]:
    """The first steps: points of a test, and columns as numbers under names of ours; and the name of the last of them."""
    inner = [quoted_identifier(f"v_{name}") for name in parts.arguments]
    if not inner and not parts.tests:
        return [], ""
    count = 1 + len(parts.gradient)
    tests = [f'"{kind}_{k}"' for kind in ("wanted", "allowed") for k in range(count)] if parts.tests else []
    outer = inner if parts.tests else [quoted_identifier(name) for name in parts.arguments]
    pairs = zip((*outer, *tests), (*inner, *tests), strict=True)
    # Whole numbers would be divided as whole numbers.
    columns = [f"CAST({_ROW}.{name} AS DOUBLE PRECISION) AS {new}" for name, new in pairs]
    points = [_points(parts, [*inner, *tests])] if parts.tests else []
    return [*points, _step("given", columns, "points")], "given"


def _outputs(parts: Parts) -> str:
    """The columns of the result: the point, value and gradient, and what a test says of them."""
    outputs = [f'{_ROW}."v_{name}" AS {quoted_identifier(name)}' for name in parts.arguments]
    outputs.append(f'{parts.value} AS "value"')
    partials = zip(parts.gradient, parts.along, strict=True)
    outputs += [f"{text} AS {quoted_identifier(f'd_{name}')}" for text, name in partials]
    return ",\n  ".join([*outputs, _verdict(parts)] if parts.tests else outputs)


def _step(name: str, items: list[str], source: str, how: str = "") -> str:
    body = ",\n    ".join(items)
    return f"{name} AS {how + ' ' if how else ''}(\n  SELECT\n    {body}{_from(source, '  ')}\n)"


def _from(source: str, indent: str) -> str:
    return f"\n{indent}FROM {source} AS {_ROW}" if source else ""


def _points(parts: Parts, columns: list[str]) -> str:
    rows = [listed(row).removeprefix(", ") for row in zip(*tabled(parts, repr, "{}"), strict=True)]
    selects = "\n  UNION ALL ".join(f"SELECT {row}" for row in rows)
    return f"points({listed(columns)}) AS (\n  {selects}\n)"


def _verdict(parts: Parts) -> str:
    tests = [
        f'abs({text} - {_ROW}."wanted_{k}") <= {_ROW}."allowed_{k}"'
        for k, text in enumerate((parts.value, *parts.gradient))
    ]
    return f"CASE WHEN {' AND '.join(tests)} THEN 'ok' ELSE 'wrong' END AS \"test\""


SQL = Language(
    "sql",
    OPERATORS | joined("AND", "OR", "(CASE WHEN {0} THEN {1} ELSE {2} END)")
    | {"eq": Template("{0} = {1}", (SUM, SUM), COMPARISON), "ne": Template("{0} <> {1}", (SUM, SUM), COMPARISON)}
    | named("{}", "sqrt exp sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh abs floor")
    | named("{}", {"log": "ln", "pow": "power", "ceil": "ceiling", "mod": "mod"})
    | templates({"settle": f"(CASE WHEN abs({{0}}) <= {_LARGEST} THEN {{0}} END)"})
    | {"finite": Template(f"abs({{0}}) <= {_LARGEST}", (0,), COMPARISON)},
    _WORDS, written("NULL"), _frame,
    {"mod": "where(mod(x,y)<0 and y>0 or mod(x,y)>0 and y<0,mod(x,y)+y,mod(x,y))"},
    refused=_REFUSED, folds_case=True, argument=f'{_ROW}."v_{{}}"', variable=f'{_ROW}."{{}}"', missing="NULL",
)  # fmt: skip
