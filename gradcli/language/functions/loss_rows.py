"""Losses of one prediction, and entropies, as SciPy, PyTorch and TensorFlow name them. 0*log(0) is 0."""

from __future__ import annotations

from gradcli.language.functions.function_row import LOSS, NOT_BELOW_0, Function

_F = Function
_SHARE = "x must not be negative, and y positive where x is"

#: A piece with a logarithm of what is negative there is how a meaning says that there is no value.
LOSSES: dict[str, Function] = {
    "huber": _F(LOSS, "x, delta", "x**2/2 up to |x| = delta, then a line (delta 1)", "delta must not be negative",
                meaning="where(delta>=0,where(abs(x)<=delta,x**2/2,delta*(abs(x)-delta/2)),log(delta))",
                slopes=("min(max(x,-delta),delta)", "relu(abs(x)-delta)"), optional=1, defaults=("1",)),
    "smooth_l1": _F(LOSS, "x, beta", "x**2/(2*beta) up to |x| = beta, then |x| - beta/2 (beta 1)",
                    "beta must not be negative",
                    meaning="where(beta>=0,where(abs(x)<beta,x**2/(2*beta),abs(x)-beta/2),log(beta))",
                    slopes=("min(max(x/beta,-1),1)", "-min(abs(x)/beta,1)**2/2"), optional=1, defaults=("1",)),
    "pseudo_huber": _F(LOSS, "x, delta", "delta**2*(sqrt(1 + (x/delta)**2) - 1) (delta 1)", "delta must not be 0",
                       meaning="x**2/(1+hypot(1,x/delta))",
                       slopes=("x/hypot(1,x/delta)",
                               "delta*((x/delta)**2/(1+hypot(1,x/delta)))**2/hypot(1,x/delta)"),
                       optional=1, defaults=("1",)),
    "logaddexp": _F(LOSS, "x, y", "log(exp(x) + exp(y)) without overflow",
                    meaning="max(x,y)+log1p(exp(-abs(x-y)))", slopes=("sigmoid(x-y)", "sigmoid(y-x)")),
    "logaddexp2": _F(LOSS, "x, y", "log2(2**x + 2**y) without overflow",
                     meaning="max(x,y)+log1p(2**(-abs(x-y)))/log(2)",
                     slopes=("sigmoid((x-y)*log(2))", "sigmoid((y-x)*log(2))")),
    "logsumexp": _F(LOSS, "x, ...", "log(exp(x) + exp(y) + …) without overflow", meaning="logaddexp(x,...)",
                    aliases=("log_sum_exp", "reduce_logsumexp")),
    "xlogy": _F(LOSS, "x, y", "x*log(y), and 0 where x is 0", "y must be positive where x is not 0",
                meaning="where(x==0,0,x*log(y))", slopes=("log(y)", "x/y")),
    "xlog1py": _F(LOSS, "x, y", "x*log(1 + y), and 0 where x is 0", "y must be greater than -1 where x is not 0",
                  meaning="where(x==0,0,x*log1p(y))", slopes=("log1p(y)", "x/(1+y)")),
    "entr": _F(LOSS, "x", "-x*log(x), and 0 at 0", NOT_BELOW_0,
               meaning="where(x==0,0,-x*log(x))", slopes=("-log(x)-1",)),
    "rel_entr": _F(LOSS, "x, y", "x*log(x/y), and 0 where x is 0", _SHARE,
                   meaning="where(x==0 and y>=0,0,where(x>0,x*log(x/y),log(x)))", slopes=("log(x/y)+1", "-x/y")),
    "kl_div": _F(LOSS, "x, y", "x*log(x/y) - x + y, and y where x is 0", _SHARE,
                 meaning="where(x==0 and y>=0,y,where(x>0,x*log(x/y)-x+y,log(x)))", slopes=("log(x/y)", "(y-x)/y")),
    "binary_cross_entropy": _F(LOSS, "p, y", "-(y*log(p) + (1 - y)*log(1 - p))", "p must be between 0 and 1",
                               meaning="-(xlogy(y,p)+xlog1py(1-y,-p))", aliases=("bce",)),
    "bce_with_logits": _F(LOSS, "x, y", "binary_cross_entropy(sigmoid(x), y) without overflow",
                          meaning="y*softplus(-x)+(1-y)*softplus(x)", slopes=("sigmoid(x)-y", "-x"),
                          aliases=("binary_cross_entropy_with_logits", "sigmoid_cross_entropy_with_logits")),
    "mse_loss": _F(LOSS, "x, y", "(x - y)**2", meaning="(x-y)**2", aliases=("squared_difference",)),
    "huber_loss": _F(LOSS, "x, y, delta", "huber(x - y, delta) (delta 1)", "delta must not be negative",
                     meaning="huber(x-y,delta)", optional=1, defaults=("1",)),
    "smooth_l1_loss": _F(LOSS, "x, y, beta", "smooth_l1(x - y, beta) (beta 1)", "beta must not be negative",
                         meaning="smooth_l1(x-y,beta)", optional=1, defaults=("1",)),
    "l1_loss": _F(LOSS, "x, y", "|x - y|", meaning="abs(x-y)"),
    "soft_margin_loss": _F(LOSS, "x, y", "log(1 + exp(-x*y))", meaning="softplus(-x*y)"),
    "hinge_loss": _F(LOSS, "x, y", "max(0, 1 - x*y)", meaning="relu(1-x*y)"),
}  # fmt: skip
