"""LLVM's language → functions in memory. llvmlite is an extra (`gradcli[native]`) and is imported when code is first made."""

from __future__ import annotations

import math
from typing import Any

from gradcli.calculus.native.machine_lines import Unsuitable
from gradcli.calculus.native.native_support import pays

#: Lines that LLVM takes less than a tenth of a second for: no interrupt has to wait for longer.
SHORT = 1_000


class MachineCode:
    """The functions of one module: they live as long as this does, and *kept* with them.

    saved: the nanoseconds that they save; where that is less than they cost, Unsuitable is raised. Raises ImportError,
    OSError and RuntimeError where LLVM cannot be used.
    """

    def __init__(self, source: str, kept: object = None, saved: float = math.inf) -> None:
        if not pays(saved, 0, source.count("\n")):
            raise Unsuitable("time")
        self._engine: Any = _engine(source) if source.count("\n") < SHORT else _within_a_thread(source)
        self.kept = kept

    def function(self, name: str, result: Any, *arguments: Any, locked: bool) -> Any:
        """A function of the module for Python. locked: whether it may call Python, so that the lock must be held."""
        import ctypes

        kind = ctypes.PYFUNCTYPE if locked else ctypes.CFUNCTYPE
        return kind(result, *arguments)(self.address(name))

    def address(self, name: str) -> int:
        """Where a function of the module is."""
        found: int = self._engine.get_function_address(name)
        return found

    def numbers(self, name: str, count: int) -> Any:
        """So many whole numbers of 64 bits, or addresses, that the module keeps under that name."""
        import ctypes

        return (ctypes.c_int64 * count).from_address(self._engine.get_global_value_address(name))


def _engine(source: str) -> Any:
    """LLVM's engine with the module's code."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    module = llvm.parse_assembly(source)
    target = llvm.Target.from_default_triple()
    machine = target.create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=2, jit=True,
        codemodel="jitdefault",
    )  # fmt: skip
    options = llvm.create_pipeline_tuning_options(speed_level=2)
    options.loop_vectorization = True
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
    engine = llvm.create_mcjit_compiler(module, machine)
    engine.finalize_object()
    return engine


def _within_a_thread(source: str) -> Any:
    """The same, made where an interrupt can leave it alone: LLVM itself listens to none."""
    from threading import Thread

    found: list[Any] = []

    def make() -> None:
        try:
            found.append(_engine(source))
        except Exception as error:
            found.append(error)

    thread = Thread(target=make)  # which the end of Python waits for
    thread.start()
    thread.join()
    if isinstance(found[0], Exception):
        raise found[0]
    return found[0]
