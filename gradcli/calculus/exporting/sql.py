"""SQL: value and gradient for every row of a table, one common table expression per layer of statements."""

from __future__ import annotations

import re

from gradcli.calculus.exporting.language import OPERATORS, Language, Parts, commented, listed, named, written

#: Columns of the result, and words of which no quotation makes a good name.
_WORDS = frozenset(("value", "rowid", "oid", "points", "function"))


def _layers(parts: Parts) -> list[list[tuple[str, str]]]:
    """Statements in layers: each needs only what stands in layers before its own."""
    depth: dict[str, int] = {}
    layers: list[list[tuple[str, str]]] = []
    for target, text in parts.lines:
        needed = [depth[name] for name in re.findall(r"[A-Za-z_]\w*", text) if name in depth]
        depth[target] = max(needed, default=-1) + 1
        if depth[target] == len(layers):
            layers.append([])
        layers[depth[target]].append((target, text))
    return layers


def _sql(parts: Parts) -> str:
    steps = []
    if parts.test is not None and parts.test.point:
        point = listed([repr(number) for number in parts.test.point])
        steps.append(f"points({listed(parts.arguments)}) AS (\n  SELECT {point}\n)")
    source = "given" if parts.arguments else ""
    if source:
        # Whole numbers would be divided as whole numbers.
        columns = ",\n    ".join(f"CAST({name} AS DOUBLE PRECISION) AS {name}" for name in parts.arguments)
        steps.append(f"given AS (\n  SELECT\n    {columns}\n  FROM points\n)")
    for number, layer in enumerate(_layers(parts), 1):
        items = (["*"] if source else []) + [f"{text} AS {target}" for target, text in layer]
        body = ",\n    ".join(items)
        steps.append(f"layer_{number} AS (\n  SELECT\n    {body}{_from(source)}\n)")
        source = f"layer_{number}"
    head = f"WITH {', '.join(steps)}\n" if steps else ""
    outputs = [*parts.arguments, f'{parts.value} AS "value"']
    outputs += [f'{text} AS "d_{name[1:-1]}"' for text, name in zip(parts.gradient, parts.along, strict=True)]
    select = ",\n  ".join(outputs)
    return (
        "\n".join([*commented(parts.doc, "-- "), f"{head}SELECT\n  {select}{_from(source)};"])
        + "\n"
        + _test(parts)
    )


def _from(source: str) -> str:
    return f"\n  FROM {source}" if source else ""


def _test(parts: Parts) -> str:
    if parts.test is None:
        return ""
    wanted = listed([repr(number) for number in (parts.test.value, *parts.test.gradient)])
    return f"-- The row must be {wanted} after the point itself.\n"


def _cast(number: float) -> str:
    return written("NULL")(number)


SQL = Language(
    "sql",
    OPERATORS | {"eq": "{0} = {1}", "ne": "{0} <> {1}", "and": "({0} AND {1})", "or": "({0} OR {1})"}
    | {"select": "(CASE WHEN {0} THEN {1} ELSE {2} END)", "neg": "-{0}"}
    | named("{}", "sqrt exp sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh abs floor")
    | {"log": "ln({0})", "pow": "power({0}, {1})", "ceil": "ceiling({0})"},
    _WORDS, _cast, _sql, folds_case=True,
)  # fmt: skip
