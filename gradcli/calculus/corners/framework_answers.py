"""What frameworks answer at ties and zeros, function by function."""

from __future__ import annotations

import re

from gradcli.calculus.program.program import Program
from gradcli.language.function_table import SPELLINGS

#: What frameworks answer at ties and zeros: |x|′ at 0, the first and the second argument of a tie of
#: max or min, relu′ at 0 (TensorFlow 1.15, PyTorch 2, JAX 0.4; `gradcli help corners` has a table).
FRAMEWORKS = {
    "tf1": {"sign_side": "0", "first_side": "1", "second_side": "0", "relu_side": "0"},
    "torch": {"sign_side": "0", "first_side": "0.5", "second_side": "0.5", "relu_side": "0"},
    "jax": {"sign_side": "1", "first_side": "0.5", "second_side": "0.5", "relu_side": "0"},
}

_BOUND, _INSIDE = {"first_side": "0"}, {"first_side": "1", "second_side": "0"}

_RELU6 = dict.fromkeys(("relu6", "hard_sigmoid"), _BOUND)

#: What they answer where a function of theirs is no composition of the above: at a bound clip is the variable and not the
#: bound (torch.clamp, tf.clip_by_value; jnp.clip is one of maximum and minimum), relu6 and its kind are flat, hardtanh is so
#: in torch alone, torch's hardswish is the quadratic, all softshrinks are 0, tf.nn.selu and jax.nn.leaky_relu take the slope
#: above, i0e is 0 (TensorFlow 2.21 and JAX 0.10 measured, PyTorch 2 by derivatives.yaml and the kernels that it names).
OWN_ANSWERS: dict[str, dict[str, dict[str, str]]] = {
    "tf1": {"clip": _INSIDE, **_RELU6, "hard_swish": _BOUND, "hardtanh": _INSIDE, "selu": {"lt_side": "1"}},
    "torch": {"clip": _INSIDE, **_RELU6, "hardtanh": _BOUND, "hard_swish": _INSIDE, "softshrink": _INSIDE},
    "jax": {
        "leaky_relu": {"lt_side": "1"},
        **_RELU6,
        "hard_swish": _BOUND,
        "hardtanh": _INSIDE,
        "i0e": {"sign_side": "0"},
    },
}

_CALLED = re.compile(r"\w+(?=\s*\()")


def answers(program: Program, text: str, corner: str) -> dict[str | int, str]:
    """What the framework answers at ties, by operation, and by instruction where its own function answers otherwise."""
    found: dict[str | int, str] = dict(FRAMEWORKS[corner].items())
    for index, ((op, *_), span) in enumerate(zip(program.code, program.spans, strict=True)):
        called = _CALLED.match(text, span[0]) if span and op.endswith("_side") else None
        own = OWN_ANSWERS[corner].get(SPELLINGS.get(called[0], "") if called else "", {})
        if op in own:
            found[index] = own[op]
    return found
