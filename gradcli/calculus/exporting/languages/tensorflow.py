"""TensorFlow 2."""

from __future__ import annotations

from gradcli.calculus.exporting.languages.array_library import Library, library
from gradcli.calculus.exporting.meanings.instruction_meanings import ORDERS
from gradcli.calculus.exporting.templates import named, templates

_SAME = "sqrt exp expm1 log log1p sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh"

_HELPERS = '''def same_shape(*parts):
    """All of *parts* in the shape of all together."""
    parts = [tf.convert_to_tensor(part, dtype=tf.float64) for part in parts]
    shape = reduce(tf.broadcast_dynamic_shape, [tf.shape(part) for part in parts])
    return [tf.broadcast_to(part, shape) for part in parts]
'''

TENSORFLOW = library(
    Library(
        "tensorflow", ("from functools import reduce", "", "import tensorflow as tf"),
        "tf.convert_to_tensor({}, dtype=tf.float64)", "same_shape({1})[:{2}]", 'float("nan")', "tf.where",
        "tf.math.is_finite", helpers=_HELPERS, call_literal="tf.constant({}, tf.float64)",
    ),
    named("tf.math.{}", f"{_SAME} floor ceil abs pow erf erfc erfinv lgamma")
    | named("tf.math.{}", {"max": "maximum", "min": "minimum", "mod": "floormod"})
    | templates({
        "polygamma": "tf.math.polygamma({0}, {1})", "betainc": "tf.math.betainc({0}, {1}, {2})",
        "lowergamma": "(tf.math.igamma({0}, {1})*tf.math.exp(tf.math.lgamma({0})))",
        "uppergamma": "(tf.math.igammac({0}, {1})*tf.math.exp(tf.math.lgamma({0})))",
    }),
    # tf.math.erfinv has nine digits near 0: a step of Newton's brings the rest.
    {"erfinv": "where(abs(x)<0.1,erfinv(x)-(erf(erfinv(x))-x)*sqrt(pi)/2*exp(erfinv(x)**2),erfinv(x))"},
    ORDERS,
)  # fmt: skip
