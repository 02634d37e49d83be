"""The frame of Python's array libraries, and their words for what brings rows to one number."""

from __future__ import annotations

from gradcli.calculus.exporting.columns.array_frames import ArrayWords, body, entries
from gradcli.calculus.exporting.columns.column_parts import ColumnParts, ColumnTest
from gradcli.calculus.exporting.languages.jax import JAX
from gradcli.calculus.exporting.languages.numpy import NUMPY
from gradcli.calculus.exporting.languages.tensorflow import TENSORFLOW
from gradcli.calculus.exporting.languages.torch import TORCH
from gradcli.calculus.exporting.source_escapes import docstring
from gradcli.calculus.exporting.target_language import listed

#: The slopes of the rows that attain a minimum or maximum: {0} is a number as an array, {1} and {2} least and greatest,
#: {3} the choice, {4} the sum.
_TIES = '''def shared_slope(slope, attained):
    """The one slope of the rows that attain an extreme; NaN where they differ."""
    slope = {0}
    low, high = {1}, {2}
    return {3}(low == high, low, {5})


def own_slopes(slope, attained):
    """The slope of the row that attains an extreme along its own number, 0 elsewhere; NaN where several do."""
    slope = {0}
    several = {4} > 1.5
    return {3}(attained, {3}((slope != 0) & several, {5}, slope), {6})
'''

_TEST = """

if __name__ == "__main__":
{setup}    point = [{point}]
    value, gradient = {name}(*point)
    for found, wanted, allowed in zip([value, *gradient], [{wanted}], [{allowed}], strict=True):
        found = [float(part) for part in found] if isinstance(wanted, list) else [float(found)]
        wanted = wanted if isinstance(wanted, list) else [wanted]
        allowed = allowed if isinstance(allowed, list) else [allowed]
        assert len(found) == len(wanted), (found, wanted)
        for a, b, bound in zip(found, wanted, allowed, strict=True):
            assert abs(a - b) <= bound, (a, b)
    print("ok")
"""

#: Libraries: imports, how an argument becomes an array, how many numbers one has, a decorator, statements before a test,
#: and the parts of _TIES.
_FRAMES = {
    "numpy": (
        ("import numpy as np",), "np.asarray({}, dtype=float)", "float({}.size)", '@np.errstate(all="ignore")', "",
        ("np.asarray(slope, dtype=float)", "np.min(np.where(attained, slope, np.inf))",
         "np.max(np.where(attained, slope, -np.inf))", "np.where", "np.sum(attained)", "np.nan", "0.0"),
    ),
    "jax": (
        ("import jax.numpy as jnp",), "jnp.asarray({}, dtype=float)", "jnp.asarray({}.size, dtype=float)", "",
        '    import jax\n\n    jax.config.update("jax_enable_x64", True)  # 32-bit floats otherwise\n',
        ("jnp.asarray(slope, dtype=float)", "jnp.min(jnp.where(attained, slope, jnp.inf))",
         "jnp.max(jnp.where(attained, slope, -jnp.inf))", "jnp.where", "jnp.sum(attained)", "jnp.nan", "0.0"),
    ),
    "torch": (
        ("import torch",), "torch.as_tensor({}, dtype=torch.float64)",
        "torch.as_tensor({}.numel(), dtype=torch.float64)", "", "",
        ("torch.as_tensor(slope, dtype=torch.float64)", "torch.min(torch.where(attained, slope, torch.inf))",
         "torch.max(torch.where(attained, slope, -torch.inf))", "torch.where", "torch.sum(attained)", "torch.nan",
         "0.0"),
    ),
    "tensorflow": (
        ("import tensorflow as tf",), "tf.convert_to_tensor({}, dtype=tf.float64)",
        "tf.cast(tf.size({}), tf.float64)", "", "",
        ("tf.convert_to_tensor(slope, dtype=tf.float64)",
         'tf.reduce_min(tf.where(attained, slope, tf.constant(float("inf"), tf.float64)))',
         'tf.reduce_max(tf.where(attained, slope, tf.constant(-float("inf"), tf.float64)))', "tf.where",
         "tf.reduce_sum(tf.cast(attained, tf.float64))", 'tf.constant(float("nan"), tf.float64)',
         "tf.constant(0.0, tf.float64)"),
    ),
}  # fmt: skip

_SPECIAL = {"numpy": "from scipy import special", "jax": "from jax.scipy import special"}


def _frame(parts: ColumnParts, words: ArrayWords) -> str:
    imports, argument, count, decorator, setup, ties = _FRAMES[words.language.name]
    made = body(parts, words)
    rows = list(imports)
    if words.language.name in _SPECIAL and "special." in parts.text:
        rows.append(_SPECIAL[words.language.name])
    rows += ["", ""]
    if any(f"{name}(" in line for line in made for name in ("shared_slope", "own_slopes")):
        rows += [_TIES.format(*ties), ""]
    rows += [decorator] if decorator else []
    doc = [docstring(row) for row in parts.doc]
    rows += [f"def {parts.name}({listed(parts.arguments)}):", '    """' + doc[0],
             *(f"    {row}".rstrip() for row in doc[1:]), '    """']  # fmt: skip
    rows += [f"    {name} = {argument.format(name)}" for name in parts.arguments]
    rows += [f"    {parts.rows} = {count.format(parts.columns[0])}"] if parts.counts else []
    rows += [*made, f"    return value, [{listed(entries(parts))}]"]
    return "\n".join(rows) + "\n" + (_tested(parts.name, parts.test, setup) if parts.test else "")


def _tested(name: str, test: ColumnTest, setup: str) -> str:
    point, wanted, allowed = (
        listed([repr(list(part)) if isinstance(part, tuple) else repr(part) for part in row]) for row in test
    )
    return _TEST.format(name=name, point=point, wanted=wanted, allowed=allowed, setup=setup)


_NAN_OR = "tf.where(tf.reduce_any(tf.math.is_nan({{0}})), tf.constant(float('nan'), tf.float64), tf.reduce_{}({{0}}))"

LIBRARIES = (
    ArrayWords(NUMPY, _frame, "np.sum({0})", "np.min({0})", "np.max({0})", "np.full({1}.shape, {0})", "float({0})"),
    ArrayWords(JAX, _frame, "jnp.sum({0})", "jnp.min({0})", "jnp.max({0})", "jnp.full({1}.shape, {0})",
               "jnp.asarray({0}, dtype=float)"),
    ArrayWords(TORCH, _frame, "torch.sum({0})", "torch.min({0})", "torch.max({0})", "torch.zeros_like({1}) + ({0})",
               "torch.as_tensor({0}, dtype=torch.float64)"),
    ArrayWords(TENSORFLOW, _frame, "tf.reduce_sum({0})", _NAN_OR.format("min"), _NAN_OR.format("max"),
               "tf.zeros_like({1}) + ({0})", "tf.convert_to_tensor({0}, dtype=tf.float64)"),
)  # fmt: skip
