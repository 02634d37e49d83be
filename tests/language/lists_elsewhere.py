"""The functions of other libraries and calculators: every name is a function here, or there is a reason why it is none."""

from __future__ import annotations

#: Where the names come from → the names.
LISTS: dict[str, str] = {
    "torch.special": """airy_ai bessel_j0 bessel_j1 bessel_y0 bessel_y1 chebyshev_polynomial_t chebyshev_polynomial_u
        chebyshev_polynomial_v chebyshev_polynomial_w digamma entr erf erfc erfcx erfinv exp2 expit expm1 gammainc gammaincc
        gammaln hermite_polynomial_h hermite_polynomial_he i0 i0e i1 i1e laguerre_polynomial_l legendre_polynomial_p log1p
        log_ndtr log_softmax logit logsumexp modified_bessel_i0 modified_bessel_i1 modified_bessel_k0 modified_bessel_k1
        multigammaln ndtr ndtri polygamma psi round scaled_modified_bessel_k0 scaled_modified_bessel_k1
        shifted_chebyshev_polynomial_t shifted_chebyshev_polynomial_u sinc softmax spherical_bessel_j0 xlog1py xlogy zeta""",
    "torch.nn.functional": """threshold relu hardtanh hardswish relu6 elu selu celu leaky_relu prelu rrelu glu gelu logsigmoid
        hardshrink tanhshrink softsign softplus softmin softmax softshrink gumbel_softmax log_softmax tanh sigmoid
        hardsigmoid silu mish batch_norm group_norm layer_norm rms_norm normalize linear bilinear dropout embedding one_hot
        pairwise_distance cosine_similarity pdist binary_cross_entropy binary_cross_entropy_with_logits poisson_nll_loss
        cosine_embedding_loss cross_entropy ctc_loss gaussian_nll_loss hinge_embedding_loss kl_div l1_loss mse_loss
        margin_ranking_loss nll_loss huber_loss smooth_l1_loss soft_margin_loss triplet_margin_loss conv1d conv2d max_pool2d
        avg_pool2d interpolate pad pixel_shuffle""",
    "tf.math": """abs accumulate_n acos acosh add add_n angle argmax argmin asin asinh atan atan2 atanh bessel_i0 bessel_i0e
        bessel_i1 bessel_i1e betainc bincount ceil confusion_matrix conj cos cosh count_nonzero cumprod cumsum
        cumulative_logsumexp digamma divide divide_no_nan equal erf erfc erfcinv erfinv exp expm1 floor floordiv floormod
        greater greater_equal igamma igammac imag in_top_k invert_permutation is_finite is_inf is_nan l2_normalize lbeta less
        less_equal lgamma log log1p log_sigmoid log_softmax logical_and logical_not logical_or maximum minimum mod multiply
        multiply_no_nan ndtri negative nextafter not_equal polygamma polyval pow real reciprocal reciprocal_no_nan reduce_all
        reduce_any reduce_logsumexp reduce_max reduce_mean reduce_min reduce_prod reduce_std reduce_sum reduce_variance rint
        round rsqrt scalar_mul segment_sum sigmoid sign sin sinh sobol_sample softmax softplus softsign sqrt square
        squared_difference subtract tan tanh top_k truediv unsorted_segment_sum xdivy xlog1py xlogy zero_fraction zeta
        bessel_j0 bessel_j1 bessel_k0 bessel_k0e bessel_k1 bessel_k1e bessel_y0 bessel_y1 dawsn expint fresnel_cos
        fresnel_sin spence""",
    "jax.nn": """relu relu6 sigmoid softplus sparse_plus sparse_sigmoid soft_sign silu swish log_sigmoid leaky_relu
        hard_sigmoid hard_silu hard_swish hard_tanh elu celu selu gelu glu squareplus mish identity softmax log_softmax
        logsumexp logmeanexp standardize one_hot dot_product_attention tanh""",
    "scipy.special": """airy airye ellipj ellipk ellipkm1 ellipkinc ellipe ellipeinc elliprc elliprd elliprf elliprg elliprj
        jv jve yv yve kn kv kve iv ive hankel1 hankel2 j0 j1 y0 y1 i0 i0e i1 i1e k0 k0e k1 k1e spherical_jn spherical_yn
        spherical_in spherical_kn struve modstruve bdtr bdtrc bdtri btdtr btdtri fdtr fdtrc fdtri gdtr gdtrc nbdtr ndtr
        log_ndtr ndtri ndtri_exp pdtr pdtrc stdtr stdtrit chdtr chdtrc chdtri smirnov kolmogorov boxcox boxcox1p inv_boxcox
        inv_boxcox1p logit expit log_expit entr rel_entr kl_div huber pseudo_huber gamma gammaln loggamma gammasgn gammainc
        gammaincinv gammaincc gammainccinv beta betaln betainc betaincc betaincinv psi rgamma polygamma multigammaln digamma
        poch erf erfc erfcx erfi erfinv erfcinv wofz dawsn fresnel voigt_profile legendre eval_legendre eval_chebyt
        eval_chebyu eval_hermite eval_hermitenorm eval_laguerre eval_genlaguerre eval_gegenbauer eval_jacobi lpmv sph_harm_y
        hyp2f1 hyp1f1 hyperu hyp0f1 exp1 expi expn exprel spence zeta zetac lambertw wrightomega cbrt exp10 exp2 radian cosdg
        sindg tandg cotdg log1p expm1 cosm1 powm1 round xlogy xlog1py logsumexp softmax log_softmax sinc comb perm factorial
        factorial2 stirling2 agm shichi sici tklmbda owens_t bernoulli diric binom hermite chebyt chebyu laguerre genlaguerre
        gegenbauer jacobi""",
    "gnuplot": """abs acos acosh airy arg asin asinh atan atan2 atanh besj0 besj1 besjn besy0 besy1 besyn besi0 besi1 besin
        cbrt ceil cos cosh EllipticK EllipticE EllipticPi erf erfc exp expint floor gamma ibeta inverf igamma imag int
        invnorm lambertw LambertW lgamma lnGamma log log10 norm rand real round sgn sin sinh sqrt tan tanh voigt zeta cerf
        cdawson faddeeva erfi Sign""",
    "qalc": """abs sgn signum root sqrt cbrt nthroot exp exp10 exp2 ln log log2 log10 lambertw sin cos tan asin acos atan atan2
        sinh cosh tanh asinh acosh atanh sec csc cot asec acsc acot sinc floor ceil trunc round int frac mod rem factorial
        doublefactorial binomial comb perm derangements beta gamma digamma zeta erf erfc erfi erfinv besselj bessely airy
        fresnelc fresnels Ei li Si Ci Shi Chi igamma heaviside dirac ramp rectangular triangular elu leakyrelu relu sigmoid
        silu softplus swish hypot cis gcd lcm powmod primePi dimension element max min mean median stdev var normdist
        radians degrees logn sq square""",
    "Desmos": """sin cos tan csc sec cot arcsin arccos arctan arccsc arcsec arccot sinh cosh tanh csch sech coth arcsinh arccosh
        arctanh arccsch arcsech arccoth ceil floor round sign abs mod lcm gcd nCr nPr exp ln log sqrt nthroot mean median
        total stdev var quantile corr cov normaldist tdist poissondist binomialdist uniformdist min max length join sort
        shuffle random polygon distance midpoint rgb hsv tone""",
}

#: Why a name is no function of the language → the names.
REASONS: dict[str, str] = {
    "it has as many results as arguments: a definition says which of them is meant": """softmax log_softmax softmin""",
    "it is arithmetic, which has signs": """add subtract multiply divide truediv floordiv negative scalar_mul identity linear
        bilinear distance""",
    "comparisons and conditions have signs of their own": """equal greater greater_equal less less_equal not_equal logical_and
        logical_not logical_or is_finite is_inf is_nan""",
    "it takes or gives arrays, and names here are numbers": """accumulate_n add_n argmax argmin bincount confusion_matrix
        count_nonzero cumprod cumsum cumulative_logsumexp in_top_k invert_permutation l2_normalize polyval reduce_all
        reduce_any reduce_max reduce_mean reduce_min reduce_prod reduce_std reduce_sum reduce_variance segment_sum
        unsorted_segment_sum top_k zero_fraction one_hot standardize dot_product_attention batch_norm group_norm layer_norm
        rms_norm normalize embedding pairwise_distance cosine_similarity pdist cosine_embedding_loss ctc_loss
        hinge_embedding_loss margin_ranking_loss nll_loss triplet_margin_loss conv1d conv2d max_pool2d avg_pool2d interpolate
        pad pixel_shuffle logmeanexp mean median stdev var total quantile corr cov length join sort dimension element norm
        multigammaln""",
    "it is random": "rrelu gumbel_softmax dropout sobol_sample rand random shuffle",
    "it leaves the real numbers": """angle conj imag real arg cis cerf wofz faddeeva hankel1 hankel2 cdawson sph_harm_y""",
    "it has no derivative that is of use": """nextafter gcd lcm powmod primePi int derangements doublefactorial factorial2
        stirling2 bernoulli dirac rectangular triangular smirnov kolmogorov""",
    "it gives several numbers at once": "airy airye ellipj fresnel shichi sici",
    "it is a short formula of functions that are here": """chebyshev_polynomial_v chebyshev_polynomial_w
        shifted_chebyshev_polynomial_t shifted_chebyshev_polynomial_u glu poisson_nll_loss cross_entropy gaussian_nll_loss
        reciprocal_no_nan jve yve bdtr bdtrc fdtrc gdtr gdtrc nbdtr ndtri_exp pdtr pdtrc inv_boxcox inv_boxcox1p zetac radian
        cotdg powm1 diric logn normdist midpoint""",
    "nobody has written its derivatives or its bounds here yet": """elliprc elliprd elliprf elliprg elliprj struve modstruve
        bdtri btdtri fdtri stdtrit chdtri gammaincinv gammainccinv betaincinv voigt_profile voigt lpmv wrightomega agm tklmbda
        owens_t""",
    "it is no function but a thing of that program": """normaldist tdist poissondist binomialdist uniformdist polygon rgb hsv
        tone""",
}
