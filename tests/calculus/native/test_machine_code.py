"""Machine code computes what Python's floats compute, to the last bit, or says that Python is to be asked."""

from __future__ import annotations

import ctypes
import math
import os
import platform
import random
import signal
import struct
import sys
import threading
from contextlib import contextmanager

import pytest

from gradcli.calculus.backends import float_backend
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.calculus.native import machine_code
from gradcli.calculus.native.machine_code import MachineCode
from gradcli.calculus.native.machine_lines import MachineLines, Unsuitable, real
from gradcli.calculus.native.native_evaluation import NativeProgram
from gradcli.calculus.program.instructions import ARITY, FLOATS, SUM
from gradcli.calculus.program.program import Program
from tests.calculus.native.random_programs import CONDITIONS, number, random_program

pytest.importorskip("llvmlite", reason="native code needs the extra gradcli[native]")

SEED = int(os.environ.get("GRADCLI_SEED", "5"))
PROGRAMS = int(os.environ.get("GRADCLI_NATIVE", "100"))


def bits(numbers):
    return [struct.pack("<d", float(one)) for one in numbers]


def in_floats(program, point):
    """What the instructions make in Python one by one, None where it has no finite result."""
    try:
        slots = float_backend.run(program, point)
    except (ValueError, ArithmeticError):
        return None
    found = [slots[i] for i in (program.value, *program.gradient) if i is not None]
    return found if all(map(math.isfinite, found)) else None


def compared(program, points, straight=10**6):
    """How many points have a result in floats, and at how many of them Python is to be asked.

    straight: up to how many lines the code is one piece; longer code has loops where lines repeat themselves.
    """
    native = NativeProgram(program, straight)
    answered = refused = 0
    for point in points:
        expected, found = in_floats(program, point), native(point)
        answered += expected is not None
        if found is None:
            refused += expected is not None
        else:
            assert expected is not None, (program, point, found)
            assert bits(found) == bits(expected), (program, point, found, expected)
    return answered, refused


def one_instruction(op, guarded):
    """The program of one instruction; where it may be no number, of a piece that is taken at numbers above 7."""
    count = 3 if op == SUM else ARITY.get(op, 1)
    first, code = count + 2, [(op, *range(count))]
    if op in CONDITIONS:
        code.append(("select", first, count, count + 1))
    elif guarded:
        code += [("lt", count, 0), ("select", first + 1, first, count + 1)]
    return Program(
        tuple(f"x{i}" for i in range(count)), ("7", "13.25"), tuple(code), 0, first + len(code) - 1, (None,) * count, (),
        (None,) * len(code), frozenset({0} if guarded and op not in CONDITIONS else ()),
    )  # fmt: skip


@pytest.mark.parametrize("guarded", [False, True], ids=["plain", "guarded"])
def test_every_instruction_has_the_bits_of_python(guarded):
    """At ordinary numbers, edges of domains, subnormal and huge ones; hardly anywhere is Python asked for nothing."""
    rng = random.Random(SEED)
    for op in FLOATS:
        program = one_instruction(op, guarded)
        points = [[number(rng) for _ in program.variables] for _ in range(400)]
        if op == "root":
            points += [[number(rng), float(rng.randint(-4, 4))] for _ in range(400)]
        answered, refused = compared(program, points)
        assert answered > 20, op
        assert refused <= 0.1 * answered, op


@pytest.mark.parametrize("order", ["nan", "inf", "0", "2.5", "3", "-2"])
def test_roots_of_any_order_have_the_bits_of_python(order):
    """Also where the order is no number, in a piece that need not be taken."""
    program = Program(
        ("x", "y"), (order,), (("root", 0, 2), ("eq", 0, 0), ("select", 4, 3, 1), ("select", 4, 1, 3)), 0, 5,
        (6, None), (), (None,) * 4, frozenset({0}),
    )  # fmt: skip
    rng = random.Random(SEED)
    compared(program, [[number(rng), number(rng)] for _ in range(100)])


@pytest.mark.parametrize("straight", [10**6, 0], ids=["straight", "rolled"])
def test_random_programs_have_the_bits_of_python(straight):
    """Programs over the whole table; infinities, nan and zeros of both signs meet on the way."""
    rng, answered, refused = random.Random(SEED), 0, 0
    for _ in range(PROGRAMS if straight else PROGRAMS // 3):
        program = random_program(rng)
        try:
            found = compared(program, [[number(rng) for _ in program.variables] for _ in range(30)], straight)
        except (Unsuitable, ValueError, ArithmeticError):  # constants alone make something that has no value
            assert all(
                in_floats(program, [number(rng) for _ in program.variables]) is None for _ in range(10)
            )
            continue
        answered, refused = answered + found[0], refused + found[1]
    assert refused < 0.2 * answered


#: Terms that are written out again and again, with other variables and constants.
TERMS = (
    "100*(x{j}-x{i}**2)**2+(1-x{i})**2", "({c}-a*exp(b*{d})-x{i})**2", "log(1+exp(-{d}*(a*x{i}+b)))", "hypot(x{i},a)",
    "where(x{i}>{d},x{i}**2,abs(x{j}))*a", "tanh(a*{c}+x{i})*sin(b)", "max(x{i},{c})*b-a/(x{j}**2+1)", "x{i}*x{j}*x{k}",
    "sqrt(x{i}**2+x{k}**2+{c}**2)", "(a*{c}+b*{d}-{c})**2",
)  # fmt: skip


def test_sums_that_are_written_out_have_the_bits_of_python_as_loops():
    """Terms of one form and of several, over variables side by side or anywhere, summed up or within a function."""
    rng, answered, refused = random.Random(SEED), 0, 0
    for _ in range(max(PROGRAMS // 16, 1)):
        count, forms = rng.randint(3, 50), rng.sample(TERMS, rng.randint(1, 3))
        text = "+".join(
            form.format(
                i=i, j=i + 1, k=rng.randint(0, count), c=round(rng.gauss(0, 2), 2), d=round(rng.random(), 2)
            )
            for i in range(count)
            for form in forms
        )
        text = rng.choice(("{}", "{}", "exp(-abs({})/1000)+a")).format(text)
        program = compile_text([text], (), formulas=False).program
        found = compared(program, [[rng.gauss(0, 1) for _ in program.variables] for _ in range(5)], 0)
        answered, refused = answered + found[0], refused + found[1]
    assert answered
    assert not refused


def test_exact_sums_are_rounded_once():
    """Sums whose plain sum is wrong, ties between two floats, and sums that cancel altogether."""
    rng = random.Random(SEED)
    program = Program(
        tuple(f"x{i}" for i in range(12)),
        (),
        ((SUM, *range(12)),),
        0,
        12,
        (None,) * 12,
        (),
        (None,),
        frozenset(),
    )
    points = []
    for _ in range(3000):
        numbers = [math.ldexp(rng.choice((1.0, rng.random())), rng.randint(-60, 60)) * rng.choice((1, -1))
                   for _ in range(6)]  # fmt: skip
        points.append(rng.sample([*numbers, *(-one for one in numbers[:3]), 1.0, 2.0**-53, 2.0**-106], 12))
    assert compared(program, points) == (3000, 0)


@contextmanager
def flushing():
    """Subnormal numbers are 0 for the processor, as some libraries tell it when they are loaded."""
    library, kept = ctypes.CDLL(None), ctypes.create_string_buffer(64)
    library.fegetenv(kept)
    changed = ctypes.create_string_buffer(kept.raw, 64)
    control = struct.unpack_from("<I", changed, 28)[0] | 0x8040
    struct.pack_into("<I", changed, 28, control)
    library.fesetenv(changed)
    try:
        yield
    finally:
        library.fesetenv(kept)


def test_subnormals_are_those_of_python_whatever_the_processor_was_told():
    """Libraries that flush subnormal numbers to zero change Python's floats and these in the same way."""
    program = Program(("x", "y"), (), (("mul", 0, 1),), 0, 2, (None, None), (), (None,), frozenset())
    native = NativeProgram(program)
    points = [(3e-308, 0.25), (5e-324, 1.0), (5e-324, 0.5), (-1e-310, 0.3), (2.2250738585072014e-308, 0.5)]
    expected = [[x * y] for x, y in points]
    assert [bits(native(point)) for point in points] == [bits(one) for one in expected]
    if platform.machine() not in ("x86_64", "AMD64") or sys.platform != "linux":
        return
    with flushing():
        there = [[x * y] for x, y in points]
        found = [native(point) for point in points]
    assert there != expected
    assert [bits(one) for one in found] == [bits(one) for one in there]


def test_what_python_raises_in_the_middle_is_not_lost():
    """An interrupt in a function of Python's ends the call; errors of mathematics are left to Python."""
    program = Program(("x",), (), (("lgamma", 0),), 0, 1, (None,), (), (None,), frozenset())
    native = NativeProgram(program)
    assert native([0.5]) == (math.lgamma(0.5),)
    assert native([-3.0]) is None
    assert native([4.5]) == (math.lgamma(4.5),)

    def interrupted(*_):
        raise KeyboardInterrupt

    patched = pytest.MonkeyPatch()
    with patched.context() as patch:
        patch.setitem(FLOATS, "lgamma", interrupted)
        stopped = NativeProgram(program)
        with pytest.raises(KeyboardInterrupt):
            stopped([0.5])
    assert native([0.5]) == (math.lgamma(0.5),)


def test_conditions_in_arithmetic_are_left_to_python():
    """Python's conditions are whole numbers: -(x < y) is 0 there, and -0.0 in floats."""
    program = Program(
        ("x", "y"), (), (("lt", 0, 1), ("neg", 2)), 0, 3, (None, None), (), (None,) * 2, frozenset()
    )
    with pytest.raises(Unsuitable):
        NativeProgram(program)


def test_the_code_of_a_program_names_no_function_that_a_compiler_may_replace():
    """The C library's functions are called where they are: no pow(x, 2) becomes x*x, no sin is computed beforehand."""
    from gradcli.calculus.native import library_calls

    for name in (*library_calls.ONE_NUMBER, *library_calls.TWO_NUMBERS):
        place = library_calls.address(name)
        assert place is None or place > 4096
    sine = library_calls.address("sin")
    assert sine is not None
    assert ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(sine)(0.3) == math.sin(0.3)


def test_a_function_that_answers_otherwise_than_python_is_not_called(monkeypatch):
    """A library whose cosine is a sine is found out before it is used."""
    from gradcli.calculus.native import library_calls

    real = library_calls._library()
    monkeypatch.setattr(
        library_calls, "_library", lambda: type("Other", (), {"cos": real["sin"], "sin": real["sin"]})
    )
    library_calls.address.cache_clear()
    try:
        assert library_calls.address("cos") is None
        assert library_calls.address("sin") is not None
        assert library_calls.address("tan") is None
    finally:
        library_calls.address.cache_clear()


def test_an_interrupt_does_not_wait_for_llvm(monkeypatch):
    """It leaves the compilation alone, which has not ended then; errors of LLVM come back as they are."""
    lines = [f"%x{i + 1} = fadd double %x{i}, {real(1 / (i + 1))}" for i in range(12_000)]
    source = "\n".join(["define double @f(double %x0) {", *lines, "ret double %x12000", "}"])

    class Rung(BaseException):
        pass

    def ring(*_):
        raise Rung

    known = {*threading.enumerate()}
    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        with pytest.raises(Rung):
            MachineCode(source)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    left = [one for one in threading.enumerate() if one not in known]
    assert len(left) == 1
    left[0].join()
    monkeypatch.setattr(machine_code, "SHORT", 0)
    code = MachineCode("define double @f(double %x) {\nret double %x\n}")
    assert code.function("f", ctypes.c_double, ctypes.c_double, locked=False)(2.5) == 2.5
    with pytest.raises(RuntimeError):
        MachineCode("define double @f(double %x) {\nret %x\n}")


def test_a_number_is_watched_once_along_sums_and_products():
    """What a watched product, sum or quotient would not be finite without needs no look of its own."""
    m = MachineLines()
    a = m.binary("fmul", "%x", "%y")
    b = m.binary("fadd", a, "%z")
    c = m.binary("fdiv", b, "%d")
    e = m.line("fneg double " + c)
    for one in (a, b, c, "%d", e):
        m.watch(one)
    assert m.looked_at() == ["%d", e]
