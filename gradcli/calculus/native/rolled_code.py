"""Long blocks of lines → functions with loops, whose code is short where a program repeats itself.

That all is as it must be is found out by sums of finite numbers times 0: these alone may be reordered, since their order
does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator

from gradcli.calculus.native.block_code import FunctionCode
from gradcli.calculus.native.code_layout import CodeLayout
from gradcli.calculus.native.machine_lines import real

#: Lines of a function, about: what LLVM takes for one grows faster than its length.
LENGTH = 400


class RolledCode:
    """The functions of a block that is laid out: `module` has `rolled`, which reads %from and writes %to."""

    def __init__(self, layout: CodeLayout) -> None:
        self._layout = layout
        self._functions = [*self._written()]
        self.metadata = layout.metadata

    def _written(self) -> Iterator[str]:
        code, number = FunctionCode(self._layout), 0
        for block in self._layout.blocks:
            code.block(block)
            if len(code.lines) > LENGTH:
                yield code.text(number)
                code, number = FunctionCode(self._layout), number + 1
        code.rest()
        yield code.text(number)

    def module(self) -> str:
        """The globals, the functions, and `rolled`, which calls them all: 0, or nan where the block does not hold."""
        size = max(self._layout.memory.size, 1)
        calls, total = list[str](), real(0.0)
        for number in range(len(self._functions)):
            calls.append(f"%t{number} = call double @block{number}(ptr %from, ptr %to, i64 %now)")
            calls.append(f"%s{number} = fadd double {total}, %t{number}")
            total = f"%s{number}"
        return "\n".join([
            f"@memory = internal global [{size} x double] zeroinitializer", *self._layout.globals, *self._functions,
            "define internal double @rolled(ptr %from, ptr %to, i64 %now) noinline {", *calls, f"ret double {total}", "}",
        ])  # fmt: skip
