"""The table of special functions in balls: where each is called, and its ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from flint import ctx, fmpq

from gradcli.calculus.balls.ball_numbers import Number, ball
from gradcli.calculus.balls.special.bessel_functions import BESSELS
from gradcli.calculus.balls.special.elliptic_integrals import ELLIPTICS, elliptic_e_at_turn, outside
from gradcli.calculus.balls.special.gamma_functions import GAMMAS
from gradcli.calculus.balls.special.hypergeometric_functions import HYPERGEOMETRIC
from gradcli.calculus.balls.special.integral_functions import INTEGRALS
from gradcli.calculus.balls.special.orthogonal_polynomials import ORTHOGONAL
from gradcli.calculus.balls.special.zeta_functions import ZETAS


class End(NamedTuple):
    """An end of a domain: a text that is 0 there, in which x and y are the arguments, and the function there."""

    vanishing: str
    function: Callable[..., Number]


#: Ends at which no ball, however narrow, lies inside: balls ask with Undecided(None), and sympy may show that it is the end.
ENDS = {
    "lambertw": End("x*e + 1", lambda x: fmpq(-1)),
    "elliptic_f": End("y*sin(x)**2 - 1", outside), "elliptic_e2": End("y*sin(x)**2 - 1", elliptic_e_at_turn),
}  # fmt: skip

#: Sizes of arguments and bits in which a call was measured to end within 0.1 s (2 cores, FLINT 3.6, python-flint 0.9; the
#: largest of 16 or 25 random calls each, in processor seconds): for arguments up to the first the call may have up to the
#: second. Others are made in a child, which a clock ends. No entry: arguments of any size, up to CHEAP_BITS.
_CHEAP: dict[str, tuple[tuple[float, int], ...]] = {
    **dict.fromkeys(("besselj", "bessely", "besseli", "besselk", "expint", "uppergamma"), ((30, 3_400), (1_000, 256))),
    "lowergamma": ((10_000, 8_000),), "polylog": ((30, 800),),
    **dict.fromkeys(("polygamma", "zeta", "zetaprime"), ((100_000, 2_000),)),
    **dict.fromkeys(("betainc", "hurwitz_zeta", "hyp2f1"), ((1_000, 2_000), (100_000, 256))),
    **dict.fromkeys(("spherical_in", "spherical_kn", "hyperu"), ((30, 8_000), (100_000, 256))),
    **dict.fromkeys(("spherical_jn", "spherical_yn", "legendre", "chebyshev_t", "chebyshev_u", "hermite", "genlaguerre",
                     "gegenbauer", "jacobi", "hyp0f1", "hyp1f1"), ((1_000, 8_000), (100_000, 2_000))),
    **dict.fromkeys(("airyai", "airyaiprime", "airybi", "airybiprime"), ((100_000, 8_000),)),
}  # fmt: skip
CHEAP_BITS = 8_000
#: Up to so many bits a polygamma of up to the 100,000th order takes less than that, however far its last argument is.
FAR_BITS = 640


def _is_cheap(name: str, arguments: Sequence[Number]) -> bool:
    boxes = _CHEAP.get(name)
    if name == "polygamma" and ctx.prec <= FAR_BITS:
        arguments = arguments[:1]
    if boxes is None:
        return ctx.prec <= CHEAP_BITS
    return any(ctx.prec <= bits and all(abs(ball(x)) <= size for x in arguments) for size, bits in boxes)


def _within_reach(name: str, function: Callable[..., Number]) -> Callable[..., Number]:
    """The function, called here where that was measured to be cheap, and in a child elsewhere."""

    def called(*arguments: Number) -> Number:
        if _is_cheap(name, arguments):
            return function(*arguments)
        from gradcli.calculus.balls.child_process import in_child

        return in_child(function, arguments)

    return called


_FUNCTIONS = {**GAMMAS, **ZETAS, **BESSELS, **INTEGRALS, **ELLIPTICS, **HYPERGEOMETRIC, **ORTHOGONAL}

SPECIAL: dict[str, Callable[..., Number]] = {
    name: _within_reach(name, function) for name, function in _FUNCTIONS.items()
}
