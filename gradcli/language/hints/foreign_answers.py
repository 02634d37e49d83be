"""Names that ask for what no function of the language answers: a sentence each, and where the answer is found.

A group is the sentence about it, the hint, and the names. `{name}` in them is the name as it was typed, `{0}` its argument.
"""

from __future__ import annotations

from typing import NamedTuple


class Answer(NamedTuple):
    """A sentence, `{name}` being the name, and a hint; an empty sentence is the ordinary one."""

    message: str
    hint: str


_OWN = "grad differentiates by itself; inside of an expression write diff({0}, x)"
_ARRAYS = "columns are brought to one number by sum(e), mean(e) and the like: gradcli help columns"
_NUMBERS = "the language has real numbers only"

_GROUPS: tuple[tuple[str, str, str], ...] = (
    ("integrals are not computed here", "for a gradient write the integral's own formula",
     "integral integrate quad quadgk trapz trapezoid cumtrapz cumulativetrapezoid antiderivative primitive fnint "
     "nintegrate simps simpson romberg dblquad ncint defint"),
    ("integrals are not computed here", "the whole part of a number is floor({0})",
     "int"),
    ("limits are not computed here", "gradcli taylor shows how a function goes on beside a point",
     "lim limit nlimit limes"),
    ("equations are not solved here", 'gradcli minimize "(x**2 - 4)**2" --x 1 goes down to a solution of x**2 = 4',
     "solve nsolve fsolve linsolve solveset roots nroots rootscalar fzero findroot goalseek newton bisect brentq "
     "solvefor lgs vpasolve findzero"),
    ("differential equations are not solved here", "",
     "odeint dsolve ode45 desolve ndsolve solveivp ode rk4"),
    ("transforms are not computed here", "",
     "laplace fourier fft ifft rfft ztransform invlaplace laplacetransform dct stft"),
    ("formulas are not rewritten on demand", "gradcli grad shows each partial derivative in its shortest form",
     "simplify fullsimplify expand factor factorize collect together apart cancel trigsimp radsimp subs subst "
     "evalf expr nsimplify lambdify sympify rewrite combine evaluate"),
    ("{name} is a command's work, not a function", "gradcli plot draws an expression",
     "plot fplot ezplot graph draw plot3d contour"),
    ("{name} is a command's work, not a function", 'gradcli minimize "(x - 3)**2" --x 1',
     "minimize argmin fminsearch fminunc fminbnd nminimize findminimum minimise optimize optim nlm fmincon"),
    ("{name} is a command's work, not a function", 'gradcli maximize "4*x - x**2" --x 1',
     "maximize argmax maximise findmaximum nmaximize"),
    ("{name} is a command's work, not a function", 'gradcli hessian "x**2*y"',
     "hessian hess"),
    ("{name} is a command's work, not a function", 'gradcli jacobian "x*y" "x + y"',
     "jacobian jac jacfwd jacrev"),
    ("{name} is a command's work, not a function", 'gradcli taylor "sin(x)" --x 0',
     "taylor series maclaurin taylorseries"),
    ("{name} is a command's work, not a function", 'gradcli critical "x**3 - 3*x"',
     "critical extrema stationary"),
    ("derivatives are not written so", _OWN,
     "derivative deriv differentiate derive grad gradient gradients autograd valueandgrad nabla der ddx nderiv "
     "ableitung derivate dérivée vjp jvp partialderivative totalderivative"),
    ("derivatives are not written so", "the Hessian's trace is the Laplacian: gradcli hessian",
     "laplacian del2 divergence curl"),
    ("", "grad differentiates by itself, without a tape",
     "backward requiresgrad requiresgradtrue zerograd gradienttape"),
    ("{name} is a command's work, not a function", "gradcli code writes value and gradient in other languages",
     "ccode cxxcode fcode jscode pycode rcode rustcode juliacode octavecode mathematicacode latex codegen"),
    ("", "what is random has no gradient: write it as a variable with a value",
     "rand randn random randint randi uniform normal randomuniform randomnormal shuffle permutation sample choice "
     "randbetween runif rnorm poisson multinomial seed manualseed rng noise truncatednormal"),
    ("", _ARRAYS,
     "conv1d conv2d conv3d conv convolve convolution convtranspose2d correlate maxpool maxpool1d maxpool2d avgpool "
     "avgpool2d averagepooling2d maxpooling2d pooling embedding attention scaleddotproductattention "
     "multiheadattention transformer lstm rnn gru matmul mm bmm mv einsum tensordot outer kron mmult transpose "
     "minverse inverse pinv linalgsolve cholesky qr svd eig eigh eigvals lstsq logdet slogdet reshape view squeeze "
     "unsqueeze expanddims flatten ravel stack hstack vstack concat concatenate cat split chunk tile repeat gather "
     "scatter scatteradd take indexselect slice sort argsort topk cumsum cumprod cummax cumulative "
     "cumulativesum zeros ones zeroslike oneslike full eye "
     "identitymatrix arange linspace logspace meshgrid range seq list tuple vector matrix cell onehot maskedfill "
     "masked segmentsum unfold fold pad padding roll flip rot90 unique histogram bincount percentile quantile "
     "median unwrap mode cov corr corrcoef corrcoeff correl covar covariance polyfit interp1d spline expm logm sqrtm funm "
     "sinm cosm upsample pixelshuffle shape ndim rank filter map reduce foldl zip vmap scan "
     "apply large small nth last first nnz any all boxfilter medfilt batchmatmul spmm"),
    ("", "the language has no cells and no tables: a choice is written where(x > 0, a, b)",
     "vlookup hlookup xlookup lookup index match indirect offset choosecols countif countifs sumif sumifs "
     "averageif counta countblank iferror ifna ifnull nvl coalesce nullif isblank row column address getpivotdata "
     "subtotal aggregate getvalue"),
    ("", _NUMBERS + ": no text",
     "str string text print printf sprintf format upper lower trim left right mid substr join replace find search "
     "chr ord input echo disp display message return"),
    ("", _NUMBERS + ": no dates",
     "date today now year month day hour minute second datedif weekday time edate"),
    ("", _NUMBERS + ", and all of them are finite",
     "isnan isinf isfinite nantonum isreal isnumber iserror isnone"),
    ("", _NUMBERS + ", no complex ones",
     "csin ccos ctanh cexp clog csqrt cpow cabs complex re im real imag imagpart realpart conj conjugate cis polar "
     "carg arg hankel1 hankel2 imsum imexp imabs"),
    ("functions of whole numbers have no gradient", "",
     "gcd lcm isprime prime primepi nextprime totient euler mobius fib fibonacci divisors factorint bitand bitor "
     "bitxor xor shl shr popcount iseven isodd even odd popcnt"),
    ("it is no function of numbers, and has no gradient",
     "a step is heaviside({0}), a narrow bell exp(-({0}/0.01)**2/2)",
     "dirac diracdelta delta δ impulse kronecker kroneckerdelta deltafunction"),
    ("", "the order of the arguments differs: atan2(y, x), y first, where spreadsheets have x first",
     "ATAN2"),
    ("", "log(x) is the natural logarithm, log10(x) the one to base 10",
     "LOG Log"),
    ("", "the square is {0}**2, the square root sqrt({0})",
     "sqr"),
    ("", "the absolute value is abs(x), the remainder mod(x, y)",
     "modulus"),
    ("", "conditions are joined by words: where(x > 0 and y > 0, a, b)",
     "and or AND OR land lor logicaland logicalor allof anyof"),
    ("", "turn the comparison round: where(x <= 0, a, b)",
     "not NOT lnot logicalnot"),
    ("", "a number stands without it: {0}",
     "float double real32 variable symbol constant parameter number decimal integer long "
     "float32 float64 const identity id scalar val value dual asnumeric numeric single purelin"),
    ("", 'a column of numbers is a value: --x "[1, 2, 3]"',
     "array asarray tensor"),
    ("", "a sum of terms is written x + y, one over the rows of a column sum(e), one over an index sum(i**2, i, 1, 5)",
     "sum reducesum nansum fsum"),
    ("", "the mean over the rows of a column is written mean(e)",
     "mean reducemean average avg mittelwert fmean nanmean arithmeticmean"),
    ("", "the least and the greatest of a column's rows are written min(e) and max(e)",
     "reducemin reducemax"),
    ("", "how many rows columns have is written count()",
     "len length size numel nrow nrows"),
    ("", "the standard deviation over the rows of a column is written std(e), with the divisor n - 1 std(e, 1)",
     "std stdev stddev stdevp standarddeviation reducestd nanstd sd"),
    ("", "the variance over the rows of a column is written var(e), with the divisor n - 1 var(e, 1)",
     "var variance reducevar reducevariance nanvar varp vars"),
    ("", "a product of columns is written dot(e, g)",
     "dot inner vdot dotproduct scalarproduct sumproduct"),
    ("", "the length of a column is written norm(e)",
     "norm vectornorm norm2"),
    ("", "a product of terms is written x*y, one over an index prod(i, i, 1, 5)",
     "prod reduceprod nanprod fprod"),
    ("", "equal numbers are told by ==: where(x == y, a, b)",
     "isclose allclose equal eq almostequal"),
    ("", "several cases are written piecewise(x < 0, a, x < 1, b, c)",
     "switch case decode nestedif"),
    ("", "a sum over an index is written sum(i**2, i, 1, 5)",
     "Σ ∑ summation nsum"),
    ("", "a product over an index is written prod(i, i, 1, 5)",
     "Π ∏"),
    ("it is not in the language", "",
     "ellipj sn cn dn jacobisn struve struveh struvel kelvin ber bei mathieu parabolic pcfd meijerg hyper "
     "spheroidal voigt multigammaln iterate nest for while do factorialk factorrat exit logic oct"),
)  # fmt: skip

#: A name -> the answer about it.
ANSWERS: dict[str, Answer] = {
    name: Answer(message, hint) for message, hint, names in _GROUPS for name in names.split()
}

_MODULES = (
    "np numpy math cmath torch tf tensorflow jnp jax nn f sp scipy sympy sym sy special stats cp cupy k "
    "keras std functional linalg mpmath mp ag autograd anp random numeric operator ops pl pd pandas mx "
    "mxnet theano tt pytensor aesara chainer paddle mathf num system mathjs fmath libm lax tensor "
    "worksheetfunction application excel backend raw_ops ca casadi pyro distributions"
)

#: Modules that functions stand in elsewhere, in lower case.
MODULES = frozenset(_MODULES.split())

#: Constants that stand in modules, in lower case -> what they are here.
CONSTANTS_ELSEWHERE = {
    "pi": "pi", "e": "e", "tau": "(2*pi)", "euler": "e", "exp1": "e", "m_pi": "pi", "phi": "((1 + sqrt(5))/2)",
    "golden": "((1 + sqrt(5))/2)", "golden_ratio": "((1 + sqrt(5))/2)", "sqrt2": "sqrt(2)", "ln2": "log(2)", "ln10": "log(10)",
    "e_": "e",
}  # fmt: skip
