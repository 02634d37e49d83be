"""Distributions and what they are made of, as SciPy, TensorFlow, R and spreadsheets name them."""

from __future__ import annotations

from gradcli.language.functions.function_row import GAMMA, SPECIAL, STAT, Function

_F = Function
_INCOMPLETE = "a must be positive and x not negative"
_SHARE = "a and b must be positive, and x between 0 and 1"

STATISTICS: dict[str, Function] = {
    "ndtr": _F(STAT, "x", "normal distribution function", meaning="erfc(-x/sqrt(2))/2",
               slopes=("exp(-x**2/2)/sqrt(2*pi)",), aliases=("normcdf", "norm_cdf", "pnorm", "normsdist")),
    "log_ndtr": _F(STAT, "x", "logarithm of the normal distribution function",
                   meaning="where(x<-1,log(erfcx(-x/sqrt(2))/2)-x**2/2,log1p(-erfc(x/sqrt(2))/2))",
                   slopes=("sqrt(2/pi)/erfcx(-x/sqrt(2))",), aliases=("norm_logcdf",)),
    "normpdf": _F(STAT, "x", "density of the normal distribution", meaning="exp(-x**2/2)/sqrt(2*pi)",
                  slopes=("-x*exp(-x**2/2)/sqrt(2*pi)",), aliases=("norm_pdf", "dnorm")),
    "ndtri": _F(STAT, "p", "inverse of the normal distribution function", "p must be strictly between 0 and 1",
                meaning="-sqrt(2)*erfcinv(2*p)", slopes=("sqrt(2*pi)*exp(ndtri(p)**2/2)",),
                aliases=("norminv", "norm_inv", "norm_ppf", "probit", "qnorm", "invnorm", "normsinv")),
    "gammainc": _F(STAT, "a, x", "lower incomplete gamma function over gamma(a)", _INCOMPLETE,
                   meaning="lowergamma(a,x)/gamma(a)", slopes=("", "x**(a-1)*exp(-x)/gamma(a)"),
                   aliases=("igamma", "gamma_p")),
    "gammaincc": _F(STAT, "a, x", "upper incomplete gamma function over gamma(a)", _INCOMPLETE,
                    meaning="uppergamma(a,x)/gamma(a)", slopes=("", "-x**(a-1)*exp(-x)/gamma(a)"),
                    aliases=("igammac", "gamma_q")),
    "betainc": _F(STAT, "a, b, x", "regularized incomplete beta function", _SHARE,
                  slopes=("", "", "x**(a-1)*(1-x)**(b-1)/beta(a,b)"), aliases=("ibeta", "btdtr")),
    "betaincc": _F(STAT, "a, b, x", "1 - betainc(a, b, x)", _SHARE, meaning="betainc(b,a,1-x)",
                   slopes=("", "", "-x**(a-1)*(1-x)**(b-1)/beta(a,b)")),
    "betaln": _F(STAT, "x, y", "logarithm of beta(x, y)", "x and y must be positive",
                 meaning="lgamma(x)+lgamma(y)-lgamma(x+y)",
                 slopes=("digamma(x)-digamma(x+y)", "digamma(y)-digamma(x+y)"),
                 aliases=("lbeta", "logbeta")),
    "stdtr": _F(STAT, "df, t", "Student's t distribution function", "df must be positive",
                meaning="where(t**2<df,1/2+sign(t)*betainc(1/2,df/2,t**2/(df+t**2))/2,"
                        "where(t<0,betainc(df/2,1/2,df/(df+t**2))/2,1-betainc(df/2,1/2,df/(df+t**2))/2))",
                slopes=("", "(1+t**2/df)**(-(df+1)/2)/(sqrt(df)*beta(df/2,1/2))")),
    "chdtr": _F(STAT, "df, x", "chi-square distribution function", "df must be positive and x not negative",
                meaning="gammainc(df/2,x/2)"),
    "chdtrc": _F(STAT, "df, x", "1 - chdtr(df, x)", "df must be positive and x not negative",
                 meaning="gammaincc(df/2,x/2)"),
    "fdtr": _F(STAT, "dfn, dfd, x", "F distribution function", "dfn and dfd must be positive, x not negative",
               meaning="betainc(dfn/2,dfd/2,dfn*x/(dfn*x+dfd))",
               slopes=("", "", "dfn/(dfn*x+dfd)*(dfn*x/(dfn*x+dfd))**(dfn/2-1)*(dfd/(dfn*x+dfd))**(dfd/2)"
                               "/beta(dfn/2,dfd/2)")),
    "erfcinv": _F(SPECIAL, "x", "inverse of erfc", "its argument must be strictly between 0 and 2",
                  slopes=("-sqrt(pi)/2*exp(erfcinv(x)**2)",)),
    "erfcx": _F(SPECIAL, "x", "exp(x**2)*erfc(x) without overflow", slopes=("2*x*erfcx(x)-2/sqrt(pi)",)),
    "dawson": _F(SPECIAL, "x", "Dawson's integral", slopes=("1-2*x*dawson(x)",), aliases=("dawsn",)),
    "gammasgn": _F(SPECIAL, "x", "sign of gamma(x)", GAMMA,
                   meaning="where(x>0,1,where(mod(floor(x),2)<1,1,-1)+0/(x-floor(x)))", slopes=("0",)),
    "lfactorial": _F(SPECIAL, "n", "log(n!), lgamma(n + 1)", "n must be greater than -1", meaning="lgamma(n+1)",
                     aliases=("logfactorial",)),
}  # fmt: skip
