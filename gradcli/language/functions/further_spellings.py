"""What other places call functions of the table: names that mean the same, argument by argument."""

from __future__ import annotations

#: Function → further spellings of it.
FURTHER_SPELLINGS: dict[str, tuple[str, ...]] = {
    "square": ("sq",), "root": ("nthroot",), "log2": ("lb",),
    "sign": ("signum", "Sign"), "mod": ("floormod",), "min": ("fmin", "amin"), "max": ("fmax", "amax"),
    "clip": ("clip_by_value",), "relu": ("ramp",), "leaky_relu": ("leakyrelu",), "sigmoid": ("plogis",),
    "logit": ("qlogis",),
    "erfinv": ("inverf",), "lgamma": ("lngamma", "lnGamma"), "factorial": ("fact",),
    "binomial": ("comb", "ncr", "nCr", "binom", "choose"),
    "besselj": ("jv", "jn", "besjn"), "bessely": ("yv", "yn", "besyn"), "besseli": ("iv", "besin"),
    "besselk": ("kv", "kn"), "expint": ("expn",), "ei": ("expi",),
    "airyai": ("airy_ai",), "airybi": ("airy_bi",), "sinc": ("spherical_bessel_j0",),
    "fresnels": ("fresnel_sin",), "fresnelc": ("fresnel_cos",), "lambertw": ("lambert_w",),
    "elliptic_k": ("ellipk", "EllipticK"), "elliptic_e": ("ellipe", "ellipeinc", "EllipticE"),
    "elliptic_f": ("ellipkinc", "EllipticF"),
}  # fmt: skip
