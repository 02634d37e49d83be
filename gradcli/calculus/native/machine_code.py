"""LLVM's language → functions in memory. llvmlite is an extra (`gradcli[native]`) and is imported when code is first made."""

from __future__ import annotations

import math
from typing import Any

from gradcli.calculus.native.machine_lines import Unsuitable
from gradcli.calculus.native.native_support import pays


class MachineCode:
    """The functions of one module: they live as long as this does, and *kept* with them.

    saved: the nanoseconds that they save; where that is less than they cost, Unsuitable is raised. Raises ImportError,
    OSError and RuntimeError where LLVM cannot be used.
    """

    def __init__(self, source: str, kept: object = None, saved: float = math.inf) -> None:
        if not pays(saved, 0, source.count("\n")):
            raise Unsuitable("time")
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
        self._engine: Any = llvm.create_mcjit_compiler(module, machine)
        self._engine.finalize_object()
        self.kept = kept

    def function(self, name: str, result: Any, *arguments: Any, locked: bool) -> Any:
        """A function of the module for Python. locked: whether it may call Python, so that the lock must be held."""
        import ctypes

        kind = ctypes.PYFUNCTYPE if locked else ctypes.CFUNCTYPE
        return kind(result, *arguments)(self._engine.get_function_address(name))

    def numbers(self, name: str, count: int) -> Any:
        """So many whole numbers of 64 bits, or addresses, that the module keeps under that name."""
        import ctypes

        return (ctypes.c_int64 * count).from_address(self._engine.get_global_value_address(name))
