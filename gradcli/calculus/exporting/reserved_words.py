"""Words that a language has taken: its own, the functions that the code calls, and the names around it."""

from __future__ import annotations

import keyword
import re

#: What is written like a macro of C: two capitals to begin with, or one and an underscore (M_PI, NULL, P_tmpdir).
MACRO = re.compile(r"[A-Z][A-Z_]\w*")


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


C = words(
    """abs acos acosh alignas alignof alloca allowed asin asinh asm assert atan atan2 atanh auto bool break
    case cbrt ceil char const constexpr continue cos cosh default div do double else enum erf erfc errno exp
    exp10 exp2 expm1 extern fabs failed false far fdim float floor fma fmax fmin fmod for fortran found
    fpclassify frexp gamma goto gradient hypot I i386 if ilogb inline int interface isfinite isgreater
    isgreaterequal isinf isless islessequal islessgreater isnan isnormal issubnormal isunordered j0 j1 jn k
    ldexp lgamma linux log log10 log1p log2 logb long main math_errhandling max min modf n NAN nan near
    nearbyint nextafter nullptr point pow printf register remainder restrict return rint round scalbn short
    signbit signed signgam sin sinh sizeof small sqrt static static_assert stderr stdin stdout struct switch
    tan tanh tgamma thread_local true trunc typedef typeof union unix unsigned value void volatile wanted
    while y0 y1 yn"""
)

CPP = C | words(
    """and and_eq be16toh be32toh be64toh bitand bitor catch char16_t char32_t char8_t class co_await co_return
    co_yield compl concept const_cast consteval constinit decltype delete dynamic_cast explicit export final
    friend htobe16 htobe32 htobe64 htole16 htole32 htole64 import le16toh le32toh le64toh module mutable
    namespace new noexcept not not_eq operator or or_eq override private protected public reinterpret_cast
    requires size_t static_cast std template this throw try typeid typename using virtual wchar_t xor xor_eq"""
)

RUST = words(
    """abstract allowed as assert assert_eq async await become bool Box box break char const continue core
    crate do dyn else enum Err extern f32 f64 failed false final fn for found gen gradient i128 i16 i32 i64
    i8 if impl in isize k let loop macro macro_rules main match mod move mut n None Ok Option override
    points println priv pub raw ref Result return safe Self self Some static std str String struct super
    trait true try type typeof u128 u16 u32 u64 u8 union unsafe unsized use usize value Vec virtual wanted
    where while yield"""
)

JAVASCRIPT = words(
    """abstract allowed arguments Array as async await boolean break byte case catch char class console const
    continue Date debugger default delete do double else enum Error eval export exports extends false final
    finally float for found from function get globalThis goto gradient if implements import in Infinity
    instanceof int interface isFinite isNaN JSON k let long Math meta module n NaN native new null Number
    Object of package parseInt part point points private process Promise protected public require return set
    short static String super switch Symbol synchronized target this throw throws transient true try typeof
    undefined value var void volatile wanted while with yield"""
)

JULIA = words(
    """abs abstract acos acosh acot acsc airyai airybi all allowed ans asec asin asinh atan atanh baremodule
    begin besseli besselj besselk bessely beta break catch cbrt ccall ceil const continue cos cosh cot csc
    dawson beta_inc gamma_inc erfcinv erfcx sphericalbesselj sphericalbessely
    do elliptic else elseif end erf erfc erfi erfinv exp expint expinti expm1 export false finally Float64
    floor for found function gamma global gradient hypot if im import in Inf Int isa isfinite length let
    local log log10 log1p log2 loggamma macro max min missing mod module mutable NaN nothing outer pi point
    points polygamma primitive println public quiet quote real_number return sec sin sinh sqrt struct tan
    tanh true try type using value wanted where while zeta zip"""
)

FORTRAN = words(
    """abs abstract acos acosh aint allocate allowed asin asinh associate atan atan2 atanh block call case
    ceiling character class close complex contains cos cosh critical data dble dimension do double dp
    elemental else end enum erf erfc erfc_scaled error exp floor found function gamma gradient hypot ieee_arithmetic
    ieee_is_finite ieee_quiet_nan ieee_value if implicit in inout int integer intent interface k log log10
    log_gamma logical max merge min module modulo n nan none only open out parameter precision print
    procedure program pure read real recursive result return save select sin sinh sqrt stop subroutine tan
    tanh then type use value wanted where write"""
)

MATLAB = words(
    """abs acos acosh acot acsc all allowed ans asec asin asinh assert atan atan2 atanh besseli besselj besselk
    bessely beta break case catch ceil classdef continue cos cosh cot csc disp do e else elseif end
    end_try_catch end_unwind_protect endarguments endclassdef endenumeration endevents endfor endfunction
    endif endmethods endparfor endproperties endspmd endswitch endwhile eps erf erfc erfcinv erfcx erfinv exp expm1 floor
    for found function gamma gammaln global gradient hypot I i if imag Inf inf isfinite isreal J j log log10
    log1p log2 max min mod NA NaN nan nargin nargout nthroot numel otherwise parfor persistent pi pick power
    psi real real_only remainder return sec sin sinh spmd sqrt switch tan tanh try until unwind_protect
    unwind_protect_cleanup value varargin varargout wanted while"""
)

PYTHON = frozenset(
    (*keyword.kwlist, *keyword.softkwlist, "abs", "min", "max", "float", "map", "all", "int", "len", "zip", "value",
     "gradient", "print", "point", "points", "results", "bounds", "found", "wanted", "allowed", "part", "bound")
)  # fmt: skip
