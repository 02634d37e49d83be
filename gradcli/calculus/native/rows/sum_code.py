"""Sums of many terms as machine code, with a bound of what they may be off by, so that their rounding is certain.

Eight sums run side by side. @added_wide adds what an addition rounds off to a second sum, and what that rounds off to a
third (Knuth's TwoSum; Ogita, Rump & Oishi, "Accurate sum and dot product", SIAM J. Sci. Comput. 26, 2005, algorithm 4.8); the
absolute values of what the third rounds off are added up, and are the bound. @added_quick takes half the time: of the
terms of a block it splits off leading bits whose sums are exact (Rump, Ogita & Oishi, "Accurate floating-point summation,
part I", SIAM J. Sci. Comput. 31, 2008, algorithm 3.2), adds up what is left as it is, and takes both for two terms. Where
the bound leaves open to which float a sum is nearest, whoever asked adds up in the wider way, or another.
"""

from __future__ import annotations

from gradcli.calculus.native.certain_sums import sure, two_sum

#: Sums side by side: two of four lanes keep a processor busy.
LANES = 8

#: Numbers that a sum has in each lane, and their bound: `MEMORY` doubles hold a sum.
LEVELS = 3
MEMORY = LANES * (LEVELS + 1)

#: Terms that @added_quick takes at a time at the most.
MOST = 512

_WIDE = f"<{LANES} x double>"
_BITS = f"<{LANES} x i64>"


def _chain(kind: str, before: str, term: str, after: str, levels: int) -> list[str]:
    """Sums of so many levels with a term more; what the last one rounds off is `{after}lost`."""
    lines = list[str]()
    for j in range(levels):
        error = f"%{after}lost" if j == levels - 1 else f"%{after}e{j}"
        lines += two_sum(kind, f"%{before}{j}", term, f"%{after}{j}", error)
        term = error
    return lines


def _places() -> list[str]:
    return [f"%p{j} = getelementptr double, ptr %sum, i64 {LANES * j}" for j in range(LEVELS + 1)]


def _added_wide() -> str:
    numbers = range(LEVELS + 1)
    return "\n".join([
        "define void @added_wide(ptr noalias %terms, i64 %count, ptr noalias %sum) noinline {", "entry:", *_places(),
        *(f"%b{j} = load {_WIDE}, ptr %p{j}, align 8" for j in numbers), "br label %loop",
        "loop:", "%i = phi i64 [0, %entry], [%next, %loop]",
        *(f"%s{j} = phi {_WIDE} [%b{j}, %entry], [%n{j}, %loop]" for j in numbers),
        "%at = getelementptr double, ptr %terms, i64 %i", f"%x = load {_WIDE}, ptr %at, align 8",
        *_chain(_WIDE, "s", "%x", "n", LEVELS), f"%size = call {_WIDE} @llvm.fabs.v{LANES}f64({_WIDE} %nlost)",
        f"%n{LEVELS} = fadd {_WIDE} %s{LEVELS}, %size", f"%next = add i64 %i, {LANES}",
        "%more = icmp ult i64 %next, %count", "br i1 %more, label %loop, label %end", "end:",
        *(f"store {_WIDE} %n{j}, ptr %p{j}, align 8" for j in numbers), "ret void", "}", "",
    ])  # fmt: skip


#: The constant C of a block has an exponent 7 above that of its largest term, so that the 64 leading parts of a lane, whole
#: multiples of C's last place, have an exact sum. What is left of a term is at most half of that place, and 64 such numbers
#: are added up with an error of at most 64*64*2**-53 times it, which is below C*2**-93.
_SPLIT = f"""
  %largest = call double @llvm.vector.reduce.fmax.v{LANES}f64({_WIDE} %mn)
  %bits = bitcast double %largest to i64
  %exponent = lshr i64 %bits, 52
  %above = add i64 %exponent, 8
  %infinite = icmp ugt i64 %above, 2047
  %biased = select i1 %infinite, i64 2047, i64 %above
  %shifted = shl i64 %biased, 52
  %pattern = or i64 %shifted, 2251799813685248
  %one = bitcast i64 %pattern to double
  %o1 = insertelement {_WIDE} poison, double %one, i64 0
  %c = shufflevector {_WIDE} %o1, {_WIDE} poison, <{LANES} x i32> zeroinitializer
  br label %split
split:
  %j = phi i64 [0, %most], [%jn, %split]
  %hi = phi {_WIDE} [zeroinitializer, %most], [%hin, %split]
  %lo = phi {_WIDE} [zeroinitializer, %most], [%lon, %split]
  %any = phi {_BITS} [zeroinitializer, %most], [%anyn, %split]
  %of = getelementptr double, ptr %terms, i64 %j
  %y = load {_WIDE}, ptr %of, align 8
  %moved = fadd {_WIDE} %y, %c
  %q = fsub {_WIDE} %moved, %c
  %r = fsub {_WIDE} %y, %q
  %hin = fadd {_WIDE} %hi, %q
  %lon = fadd {_WIDE} %lo, %r
  %rest = bitcast {_WIDE} %r to {_BITS}
  %anyn = or {_BITS} %any, %rest
  %jn = add i64 %j, {LANES}
  %jm = icmp ult i64 %jn, %count
  br i1 %jm, label %split, label %end
end:
  %left = call i64 @llvm.vector.reduce.or.v{LANES}i64({_BITS} %anyn)
  %exact = icmp eq i64 %left, 0
  %small = fmul double %one, 0x3A20000000000000
  %bound = select i1 %exact, double 0.0, double %small
  %o2 = insertelement {_WIDE} poison, double %bound, i64 0
  %bounds = shufflevector {_WIDE} %o2, {_WIDE} poison, <{LANES} x i32> zeroinitializer
"""


def _added_quick() -> str:
    numbers = (0, 1, LEVELS)
    return "\n".join([
        "define void @added_quick(ptr noalias %terms, i64 %count, ptr noalias %sum) noinline {", "entry:", "br label %largest1",
        "largest1:", "%i = phi i64 [0, %entry], [%in, %largest1]",
        f"%m = phi {_WIDE} [zeroinitializer, %entry], [%mn, %largest1]", "%at = getelementptr double, ptr %terms, i64 %i",
        f"%x = load {_WIDE}, ptr %at, align 8", f"%a = call {_WIDE} @llvm.fabs.v{LANES}f64({_WIDE} %x)",
        f"%more = fcmp ogt {_WIDE} %a, %m", f"%mn = select <{LANES} x i1> %more, {_WIDE} %a, {_WIDE} %m",
        f"%in = add i64 %i, {LANES}", "%im = icmp ult i64 %in, %count", "br i1 %im, label %largest1, label %most",
        "most:", _SPLIT, *_places(), *(f"%s{j} = load {_WIDE}, ptr %p{j}, align 8" for j in numbers),
        *_chain(_WIDE, "s", "%hin", "u", 2), *_chain(_WIDE, "u", "%lon", "v", 2),
        f"%l1 = call {_WIDE} @llvm.fabs.v{LANES}f64({_WIDE} %ulost)",
        f"%l2 = call {_WIDE} @llvm.fabs.v{LANES}f64({_WIDE} %vlost)",
        f"%l3 = fadd {_WIDE} %l1, %l2", f"%l4 = fadd {_WIDE} %l3, %bounds", f"%v{LEVELS} = fadd {_WIDE} %s{LEVELS}, %l4",
        *(f"store {_WIDE} %v{j}, ptr %p{j}, align 8" for j in numbers), "ret void", "}", "",
    ])  # fmt: skip


def _rounded() -> str:
    """The lanes are added up like terms, and the sums of all levels to one float and what is left."""
    count = LANES * LEVELS
    return "\n".join([
        "define internal double @rounded(ptr %sum) noinline {", "entry:", "br label %loop",
        "loop:", "%i = phi i64 [0, %entry], [%next, %loop]",
        *(f"%s{j} = phi double [0.0, %entry], [%n{j}, %loop]" for j in range(LEVELS)),
        "%g = phi double [0.0, %entry], [%gn, %loop]",
        "%at = getelementptr double, ptr %sum, i64 %i", "%x = load double, ptr %at", *_chain("double", "s", "%x", "n", LEVELS),
        "%lost = call double @llvm.fabs.f64(double %nlost)", "%gn = fadd double %g, %lost", "%next = add i64 %i, 1",
        f"%more = icmp ult i64 %next, {count}", "br i1 %more, label %loop, label %bounds",
        "bounds:", f"%j = phi i64 [{count}, %loop], [%jn, %bounds]", "%h = phi double [%gn, %loop], [%hn, %bounds]",
        "%of = getelementptr double, ptr %sum, i64 %j", "%own = load double, ptr %of", "%hn = fadd double %h, %own",
        "%jn = add i64 %j, 1", f"%left = icmp ult i64 %jn, {MEMORY}", "br i1 %left, label %bounds, label %end", "end:",
        *two_sum("double", "%n1", "%n2", "%low", "%e1"), *two_sum("double", "%n0", "%low", "%r0", "%e2"),
        "%both = fadd double %e1, %e2", *two_sum("double", "%r0", "%both", "%r", "%rest"), _DECISION,
    ])  # fmt: skip


#: The bound of what the last additions may have lost; both of their errors are exact where one of them is 0.
_DECISION = """
  %d1 = call double @llvm.fabs.f64(double %both)
  %d2 = fmul double %d1, 0x3CD0000000000000
  %z1 = fcmp oeq double %e1, 0.0
  %z2 = fcmp oeq double %e2, 0.0
  %plain = or i1 %z1, %z2
  %d3 = select i1 %plain, double 0.0, double %d2
  %wider = fmul double %hn, 4.0
  %whole = fadd double %wider, %d3
  %sure = call i1 @sure_of_rows(double %r, double %rest, double %whole)
  %answer = select i1 %sure, double %r, double 0x7FF8000000000000
  ret double %answer
}
"""

_DECLARED = f"""
declare {_WIDE} @llvm.fabs.v{LANES}f64({_WIDE})
declare double @llvm.vector.reduce.fmax.v{LANES}f64({_WIDE})
declare i64 @llvm.vector.reduce.or.v{LANES}i64({_BITS})
"""


def sum_functions() -> str:
    """@added_quick and @added_wide: (terms, how many, a multiple of LANES, the sum). They begin with a sum of zeros."""
    return _DECLARED + _added_wide() + _added_quick()


def rounded_sum() -> str:
    """@rounded: the sum rounded to a float; nan where its bound leaves open to which."""
    return sure("sure_of_rows") + _rounded()
