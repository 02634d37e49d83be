"""JAX."""

from __future__ import annotations

from gradcli.calculus.exporting.languages.array_library import Library, library
from gradcli.calculus.exporting.languages.numpy import RENAMED, SAME
from gradcli.calculus.exporting.meanings.instruction_meanings import ORDERS
from gradcli.calculus.exporting.templates import named, templates

JAX = library(
    Library(
        "jax", ("import jax.numpy as jnp",), "jnp.asarray({}, dtype=float)", "jnp.broadcast_arrays({1})[:{2}]",
        "jnp.nan", "jnp.where", "jnp.isfinite", special="from jax.scipy import special",
        setup='    import jax\n\n    jax.config.update("jax_enable_x64", True)  # 32-bit floats otherwise\n',
    ),
    named("jnp.{}", SAME) | named("jnp.{}", RENAMED)
    | named("special.{}", {"erf": "erf", "erfc": "erfc", "erfinv": "erfinv", "lgamma": "gammaln"})
    | templates({
        "polygamma": "special.polygamma(int({0}), {1})", "betainc": "special.betainc({0}, {1}, {2})",
        "lowergamma": "(special.gammainc({0}, {1})*jnp.exp(special.gammaln({0})))",
        "uppergamma": "(special.gammaincc({0}, {1})*jnp.exp(special.gammaln({0})))",
    }),
    orders=ORDERS,
)  # fmt: skip
