"""Activations of neural networks, as PyTorch, TensorFlow and JAX name them."""

from __future__ import annotations

from gradcli.language.functions.function_row import ACT, Function

_F = Function

#: Each with its default where frameworks have one. What a kink answers in each of them: `gradcli help corners`.
ACTIVATIONS: dict[str, Function] = {
    "softsign": _F(ACT, "x", "x/(1 + |x|)", meaning="x/(1+abs(x))", slopes=("1/(1+abs(x))**2",),
                   aliases=("soft_sign",)),
    "selu": _F(ACT, "x", "elu with the constants of self-normalizing networks",
               meaning="1.0507009873554804934193349852946*elu(x,1.6732632423543772848170429916717)"),
    "celu": _F(ACT, "x, alpha", "x above 0, alpha*(exp(x/alpha) - 1) below (alpha 1)", "alpha must not be 0",
               meaning="where(x>0,x,alpha*expm1(x/alpha))",
               slopes=("exp(min(x,0)/alpha)", "expm1(min(x,0)/alpha)-min(x,0)/alpha*exp(min(x,0)/alpha)"),
               optional=1, defaults=("1",)),
    "mish": _F(ACT, "x", "x*tanh(softplus(x))", meaning="x*tanh(softplus(x))"),
    "relu6": _F(ACT, "x", "x moved into [0, 6]", meaning="min(max(x,0),6)", aliases=("ReLU6",)),
    "hardtanh": _F(ACT, "x, low, high", "x moved into [low, high] (from -1 to 1)", meaning="min(max(x,low),high)",
                   aliases=("hard_tanh",), optional=2, defaults=("-1", "1")),
    "hard_sigmoid": _F(ACT, "x", "relu6(x + 3)/6", meaning="min(max(x+3,0),6)/6", aliases=("hardsigmoid",)),
    "hard_swish": _F(ACT, "x", "x*relu6(x + 3)/6", meaning="x*min(max(x+3,0),6)/6",
                     aliases=("hardswish", "hard_silu")),
    "softshrink": _F(ACT, "x, lambd", "x moved towards 0 by lambd, and 0 within it (lambd 0.5)",
                     meaning="x-min(max(x,-lambd),lambd)", aliases=("soft_shrink",), optional=1, defaults=("0.5",)),
    "hardshrink": _F(ACT, "x, lambd", "x where |x| is above lambd, else 0 (lambd 0.5)",
                     meaning="where(abs(x)>lambd,x,0)", aliases=("hard_shrink",), optional=1, defaults=("0.5",)),
    "tanhshrink": _F(ACT, "x", "x - tanh(x)", meaning="x-tanh(x)", slopes=("tanh(x)**2",),
                     aliases=("tanh_shrink",)),
    "threshold": _F(ACT, "x, edge, value", "x above the edge, the value elsewhere", meaning="where(x>edge,x,value)"),
    "prelu": _F(ACT, "x, weight", "x above 0, weight*x below", meaning="leaky_relu(x,weight)", aliases=("PReLU",)),
    "log_sigmoid": _F(ACT, "x", "log(sigmoid(x))", meaning="-softplus(-x)", aliases=("logsigmoid", "log_expit")),
    "squareplus": _F(ACT, "x, b", "(x + sqrt(x**2 + b))/2 (b 4)", "b must not be negative",
                     meaning="where(x>=0,(x+hypot(x,sqrt(b)))/2,b/(2*(hypot(x,sqrt(b))-x)))",
                     slopes=("squareplus(x,b)/hypot(x,sqrt(b))", "1/(4*hypot(x,sqrt(b)))"),
                     optional=1, defaults=("4",)),
    "gelu_tanh": _F(ACT, "x", "gelu, approximated by tanh",
                    meaning="x*sigmoid(2*sqrt(2/pi)*(x+0.044715*x**3))", aliases=("gelu_new",)),
    "quick_gelu": _F(ACT, "x", "x*sigmoid(1.702*x)", meaning="x*sigmoid(1.702*x)"),
    "logcosh": _F(ACT, "x", "log(cosh(x)) without overflow",
                  meaning="where(abs(x)<1,log1p(2*sinh(x/2)**2),abs(x)+log1p(exp(-2*abs(x)))-log(2))",
                  slopes=("tanh(x)",), aliases=("log_cosh",)),
    "sparse_plus": _F(ACT, "x", "0 up to -1, x from 1 on, (x + 1)**2/4 between",
                      meaning="where(x>=1,x,max(x+1,0)**2/4)", slopes=("min(max((x+1)/2,0),1)",)),
    "sparse_sigmoid": _F(ACT, "x", "(x + 1)/2 moved into [0, 1]", meaning="min(max((x+1)/2,0),1)"),
}  # fmt: skip
