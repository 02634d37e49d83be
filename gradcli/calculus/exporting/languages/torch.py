"""PyTorch."""

from __future__ import annotations

from gradcli.calculus.exporting.languages.array_library import Library, library
from gradcli.calculus.exporting.templates import named, templates

_SAME = (
    "sqrt exp expm1 log log10 log2 log1p sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh"
)

# torch.polygamma is right to ten digits only, and torch.sign answers 0 for NaN.
TORCH = library(
    Library(
        "torch", ("import torch",), "torch.as_tensor({}, dtype=torch.float64)",
        "torch.broadcast_tensors(*(torch.as_tensor(part, dtype=torch.float64) for part in [{1}]))[:{2}]",
        "torch.nan", "torch.where", "torch.isfinite", call_literal="torch.tensor({}, dtype=torch.float64)",
    ),
    named("torch.{}", f"{_SAME} hypot floor ceil abs pow erf erfc erfinv lgamma")
    | named("torch.{}", {"min": "minimum", "max": "maximum", "mod": "remainder"})
    | templates({
        "erfcx": "torch.special.erfcx({0})",
        "lowergamma": "(torch.special.gammainc({0}, {1})*torch.exp(torch.lgamma({0})))",
        "uppergamma": "(torch.special.gammaincc({0}, {1})*torch.exp(torch.lgamma({0})))",
    }),
)  # fmt: skip
