"""Python with its standard library, and the array libraries that speak like it."""

from __future__ import annotations

import keyword
from typing import NamedTuple

from gradcli.calculus.exporting.language import OPERATORS, Language, Parts, listed, named, written

_WORDS = frozenset(
    (*keyword.kwlist, *keyword.softkwlist, "abs", "min", "max", "float", "value", "gradient", "print")
)
_RENAMED = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "atan2": "arctan2", "asinh": "arcsinh",
            "acosh": "arccosh", "atanh": "arctanh", "max": "maximum", "min": "minimum"}  # fmt: skip
_SAME = "sqrt exp expm1 log log10 log2 log1p sin cos tan sinh cosh tanh floor ceil sign abs hypot cbrt"
_TORCH = (
    "sqrt exp expm1 log log10 log2 log1p sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh"
)
_AND = {"and": "(({0}) & ({1}))", "or": "(({0}) | ({1}))"}


def _lines(parts: Parts, indent: str = "    ") -> list[str]:
    return [f"{indent}{target} = {text}" for target, text in parts.lines]


def _docstring(parts: Parts) -> list[str]:
    return ['    """' + parts.doc[0], *(f"    {row}".rstrip() for row in parts.doc[1:]), '    """']


def _python(parts: Parts) -> str:
    rows = ["import math", "", ""]
    if "_quiet(" in parts.text:
        rows += ["def _quiet(piece):", '    """What a piece that is not taken would be: NaN where it has no value."""',
                 "    try:", "        return piece()", "    except (ValueError, ArithmeticError):",
                 "        return math.nan", "", ""]  # fmt: skip
    rows += [f"def {parts.name}({listed(parts.arguments)}):", *_docstring(parts), *_lines(parts)]
    rows += [f"    return {parts.value}, [{listed(parts.gradient)}]"]
    return "\n".join(rows) + "\n" + _test(parts, _TEST, "value, *gradient")


_TEST = """

if __name__ == "__main__":
{setup}    {taken} = {call}
    for found, wanted in zip([{found}], [{wanted}]):
        assert abs(found - wanted) <= 1e-12 * max(1.0, abs(wanted)), (found, wanted)
    print("ok")
"""


def _test(parts: Parts, template: str, found: str, setup: str = "") -> str:
    if parts.test is None:
        return ""
    call = f"{parts.name}({listed([repr(number) for number in parts.test.point])})"
    wanted = listed([repr(number) for number in (parts.test.value, *parts.test.gradient)])
    return template.format(taken="value, gradient", call=call, found=found, wanted=wanted, setup=setup)


PYTHON = Language(
    "python",
    OPERATORS | {"and": "({0} and {1})", "or": "({0} or {1})", "select": "({1} if {0} else {2})", "mod": "({0} % {1})"}
    | {"floor": "float(math.floor({0}))", "ceil": "float(math.ceil({0}))", "abs": "abs({0})",
       "min": "min({0}, {1})", "max": "max({0}, {1})", "lgamma": "math.lgamma({0} if {0} > 0 else math.log({0}))"}
    | named("math.{}", f"{_TORCH} hypot pow cbrt erf erfc gamma"),
    _WORDS | {"math"}, written("math.nan"), _python, quiet="_quiet(lambda: {})",
)  # fmt: skip


class _Library(NamedTuple):
    """An array library: what is imported, how arguments become arrays, how results become one array."""

    imports: tuple[str, ...]
    argument: str
    result: str
    setup: str = ""
    special: str = ""


def _arrays(parts: Parts, library: _Library) -> str:
    rows = list(library.imports)
    if library.special and library.special.split()[-1] + "." in parts.text:
        rows.append(library.special)
    rows += ["", "", f"def {parts.name}({listed(parts.arguments)}):", *_docstring(parts)]
    rows += [f"    {name} = {library.argument.format(name)}" for name in parts.arguments]
    rows += _lines(parts)
    both = listed([parts.value, *parts.gradient])
    rows += [f"    value, *gradient = {library.result.format(both)}", "    return value, gradient"]
    found = "float(part) for part in (value, *gradient)"
    template = _TEST.replace("[{found}]", "({found})")
    return "\n".join(rows) + "\n" + _test(parts, template, found, library.setup)


def _array_language(
    name: str, library: _Library, operations: dict[str, str], call_literal: str = "{}"
) -> Language:
    words = _WORDS | {name, "np", "jnp", "jax", "torch", "tf", "special"}
    nan = {"numpy": "np.nan", "jax": "jnp.nan", "torch": "torch.nan", "tensorflow": 'float("nan")'}[name]
    frame = lambda parts: _arrays(parts, library)  # noqa: E731  (a frame with its library)
    return Language(
        name, OPERATORS | _AND | operations, words, written(nan), frame, call_literal=call_literal
    )


_SPECIAL = named("special.{}", {
    "erf": "erf", "erfc": "erfc", "erfi": "erfi", "erfinv": "erfinv", "gamma": "gamma", "beta": "beta",
    "ei": "expi", "elliptic_k": "ellipk", "elliptic_e": "ellipe", "binomial": "binom",
}) | {
    "lgamma": "np.where({0} > 0, special.gammaln({0}), np.nan)", "polygamma": "special.polygamma(int({0}), {1})",
    "besselj": "special.jv({0}, {1})", "bessely": "special.yv({0}, {1})", "besseli": "special.iv({0}, {1})",
    "besselk": "special.kv({0}, {1})", "airyai": "special.airy({0})[0]", "airyaiprime": "special.airy({0})[1]",
    "airybi": "special.airy({0})[2]", "airybiprime": "special.airy({0})[3]", "si": "special.sici({0})[0]",
    "ci": "special.sici({0})[1]", "shi": "special.shichi({0})[0]", "chi": "special.shichi({0})[1]",
    "fresnels": "special.fresnel({0})[0]", "fresnelc": "special.fresnel({0})[1]",
    "elliptic_f": "special.ellipkinc({0}, {1})", "elliptic_e2": "special.ellipeinc({0}, {1})",
    "lowergamma": "(special.gammainc({0}, {1})*special.gamma({0}))",
    "uppergamma": "(special.gammaincc({0}, {1})*special.gamma({0}))",
    "lambertw": "np.where({0} >= -np.exp(-1), np.real(special.lambertw({0})), np.nan)",
}  # fmt: skip

NUMPY = _array_language(
    "numpy",
    _Library(("import numpy as np",), "np.asarray({}, dtype=float)", "np.broadcast_arrays({})",
             special="from scipy import special"),
    named("np.{}", _SAME) | named("np.{}", _RENAMED) | {"select": "np.where({0}, {1}, {2})", "mod": "np.mod({0}, {1})"}
    | {"pow": "np.power({0}, {1})"} | _SPECIAL,
)  # fmt: skip

JAX = _array_language(
    "jax",
    _Library(("import jax.numpy as jnp", "from jax.scipy import special"), "jnp.asarray({}, dtype=float)",
             "jnp.broadcast_arrays({})",
             setup='    import jax\n\n    jax.config.update("jax_enable_x64", True)  # 32-bit floats otherwise\n'),
    named("jnp.{}", _SAME) | named("jnp.{}", _RENAMED) | {"select": "jnp.where({0}, {1}, {2})"}
    | {"pow": "jnp.power({0}, {1})", "mod": "jnp.mod({0}, {1})", "erf": "special.erf({0})"}
    | {"erfc": "special.erfc({0})", "erfinv": "special.erfinv({0})"}
    | {"lgamma": "jnp.where({0} > 0, special.gammaln({0}), jnp.nan)", "polygamma": "special.polygamma(int({0}), {1})"},
)  # fmt: skip

TORCH = _array_language(
    "torch",
    _Library(("import torch",), "torch.as_tensor({}, dtype=torch.float64)",
             "torch.broadcast_tensors(*(torch.as_tensor(part, dtype=torch.float64) for part in [{}]))"),
    named("torch.{}", f"{_TORCH} hypot floor ceil sign abs pow erf erfc erfinv")
    | {"min": "torch.minimum({0}, {1})", "max": "torch.maximum({0}, {1})", "mod": "torch.remainder({0}, {1})"}
    | {"select": "torch.where({0}, {1}, {2})"}  # torch.polygamma is right to ten digits only
    | {"lgamma": "torch.where({0} > 0, torch.lgamma({0}), torch.tensor(torch.nan, dtype=torch.float64))"},
    call_literal="torch.tensor({}, dtype=torch.float64)",
)  # fmt: skip

TENSORFLOW = _array_language(
    "tensorflow",
    _Library(("import tensorflow as tf",), "tf.convert_to_tensor({}, dtype=tf.float64)",
             "[tf.convert_to_tensor(part, dtype=tf.float64) for part in [{}]]"),
    named("tf.math.{}", "sqrt exp expm1 log log1p sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh")
    | named("tf.math.{}", {"floor": "floor", "ceil": "ceil", "sign": "sign", "abs": "abs", "pow": "pow", "erf": "erf",
                           "erfc": "erfc", "erfinv": "erfinv", "max": "maximum", "min": "minimum", "mod": "floormod"})
    | {"select": "tf.where({0}, {1}, {2})", "polygamma": "tf.math.polygamma({0}, {1})"}
    | {"lgamma": 'tf.where({0} > 0, tf.math.lgamma({0}), tf.constant(float("nan"), tf.float64))'},
    call_literal="tf.constant({}, tf.float64)",
)  # fmt: skip
