"""LLVM's language → functions in memory. llvmlite is an extra (`gradcli[native]`) and is imported when code is first made."""

from __future__ import annotations

from typing import Any

#: Up to so many lines LLVM looks for better code, and up to so many it chooses instructions and registers with care:
#: beyond that, what it costs grows faster than what it brings.
OPTIMIZED, CAREFUL = 3_000, 30_000


class MachineCode:
    """The functions of one module: they live as long as this does, and *kept* with them."""

    def __init__(self, source: str, *, lines: int, kept: object = None) -> None:
        import llvmlite.binding as llvm

        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        module = llvm.parse_assembly(source)
        level = 2 if lines <= OPTIMIZED else 1 if lines <= CAREFUL else 0
        target = llvm.Target.from_default_triple()
        machine = target.create_target_machine(
            cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=level, jit=True,
            codemodel="jitdefault",
        )  # fmt: skip
        if level == 2:
            options = llvm.create_pipeline_tuning_options(speed_level=level)
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
