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
    """acos acosh alignas alignof asin asinh asm atan atan2 atanh auto bool break case cbrt ceil char const
    constexpr continue cos cosh default do double else enum erf erfc errno exp expm1 extern fabs failed
    false float floor fmax fmin for fortran found gamma goto gradient hypot I i386 if inline int j0 j1
    isfinite isgreater isgreaterequal isinf isless islessequal islessgreater isnan isnormal isunordered jn k
    lgamma linux log log10 log1p log2 long main NAN nullptr pow printf register restrict return
    short signed signgam sin sinh sizeof sqrt static static_assert struct switch tan tanh tgamma
    thread_local true typedef typeof union unix unsigned value void volatile wanted while y0 y1 yn allowed point n signbit fpclassify math_errhandling
    stdin stdout stderr fmod min max near far small interface issubnormal alloca assert nan nearbyint rint round trunc
    remainder scalbn ldexp frexp modf ilogb logb nextafter fdim fma exp2 exp10 div abs"""
)

CPP = C | words(
    """and and_eq bitand bitor catch char16_t char32_t char8_t class co_await co_return co_yield compl
    concept const_cast consteval constinit decltype delete dynamic_cast explicit export final friend
    import module mutable namespace new noexcept not not_eq operator or or_eq override private protected
    public reinterpret_cast requires static_cast std template this throw try typeid typename using
    virtual wchar_t xor xor_eq be16toh be32toh be64toh htobe16 htobe32 htobe64 htole16 htole32 htole64 le16toh
    le32toh le64toh size_t"""
)

RUST = words(
    """abstract as async await become box break const continue crate do dyn else enum Err extern f32 f64
    failed false final fn for found gen gradient if impl in let loop macro main match mod move mut None
    Ok Option override priv pub ref Result return Self self Some static struct super trait true try type
    typeof union unsafe unsized use value virtual wanted where while yield allowed points assert println
    assert_eq bool char i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 isize usize str String Vec Box Some std core macro_rules
    raw safe n k"""
)

JAVASCRIPT = words(
    """arguments async await break case catch class console const continue debugger default delete do else
    enum eval export exports extends false finally for found function globalThis gradient if implements
    import in Infinity instanceof interface let Math module NaN new null Number Object package private
    process protected public require return static super switch this throw true try typeof undefined
    value var void wanted while with yield allowed points point part n k of async get set target meta as from
    abstract boolean byte char double final float goto int long native short synchronized throws transient volatile
    require process Array Error isNaN isFinite parseInt Promise Symbol String JSON Date"""
)

JULIA = words(
    """abs abstract acos acosh acot acsc airyai airybi asec asin asinh atan atanh baremodule begin besseli
    besselj besselk bessely beta break catch cbrt ceil const continue cos cosh cot csc do else elseif
    end erf erfc erfi erfinv exp expint expm1 export false finally floor for function gamma global
    gradient hypot if im import in Inf isa let local log log10 log1p log2 loggamma macro max min mod
    module mutable NaN outer pi polygamma primitive public quiet quote return sec sin sinh sqrt struct
    tan tanh true try type using value where while zeta real_number isfinite length all zip println point wanted
    allowed found points elliptic Float64 Int loggamma expinti in isa ans ccall missing nothing"""
)

FORTRAN = words(
    """abs acos acosh aint allocate asin asinh atan atan2 atanh call case ceiling character close complex
    contains cos cosh data dble dimension do double dp else end erf erfc exp floor found function gamma
    gradient hypot ieee_arithmetic ieee_quiet_nan ieee_value if implicit in inout int integer intent k
    log log10 log_gamma logical max merge min module modulo nan none only open out parameter precision
    print program read real return save select sin sinh sqrt stop subroutine tan tanh then use value
    wanted where write allowed ieee_is_finite n block critical associate error stop enum abstract class
    procedure interface type elemental pure recursive result"""
)

MATLAB = words(
    """abs acos acosh acot acsc ans asec asin asinh atan atan2 atanh besseli besselj besselk bessely beta
    break case catch ceil classdef continue cos cosh cot csc do e else elseif end end_try_catch endfor
    endfunction endif endswitch endwhile eps erf erfc erfinv exp expm1 floor for found function gamma
    gammaln global gradient hypot i if imag Inf inf isreal j log log10 log1p log2 max min mod NaN nan
    nargin nargout nthroot otherwise parfor persistent pi pick power psi real real_only return sec sin
    sinh spmd sqrt switch tan tanh try until unwind_protect value varargin varargout wanted while allowed remainder isfinite numel all disp assert
    real_only endarguments endclassdef endenumeration endevents endmethods endparfor endproperties endspmd
    unwind_protect_cleanup end_unwind_protect NA ans Inf inf eps I J"""
)

PYTHON = frozenset(
    (*keyword.kwlist, *keyword.softkwlist, "abs", "min", "max", "float", "map", "all", "int", "len", "zip", "value",
     "gradient", "print", "point", "points", "results", "bounds", "found", "wanted", "allowed", "part", "bound")
)  # fmt: skip
