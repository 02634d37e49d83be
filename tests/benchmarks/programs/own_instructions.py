"""A program's own instructions and its rule's as C, a loop around them: own_instructions FILE.json, whose problem it reads."""

import json
import sys
from pathlib import Path

from gradcli.calculus.backends.float_backend import constant
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.descent.rules.optimizer_choice import choose
from gradcli.descent.rules.update_program import update_of

OPERATORS = {
    "add": "{} + {}", "sub": "{} - {}", "mul": "{} * {}", "div": "{} / {}", "neg": "-{}", "square": "{0} * {0}",
    "sech": "sech({})",
}  # fmt: skip


def statements(program, inputs, prefix):
    """Lines that carry out the instructions, and the names of all slots."""
    names = [*inputs, *(repr(constant(text)) for text in program.constants)]
    lines = []
    for index, (op, *places) in enumerate(program.code):
        names.append(f"{prefix}{index}")
        form = OPERATORS.get(op, f"{op}({', '.join(['{}'] * len(places))})")
        lines.append(f"double {names[-1]} = {form.format(*(names[i] for i in places))};")
    return lines, names


def source(problem):
    """The whole program in C."""
    program = compile_text([problem["expression"]], (), formulas=False).program
    update = update_of(choose(problem["optimizer"], None, problem["settings"]))
    count, slots = len(program.variables), len(update.slots)
    point = [f"x[{i}]" for i in range(count)]
    lines, names = statements(program, point, "p")
    lines.append(f"check += {names[program.value]};")
    ends = []
    for i in range(count):
        kept = [f"s[{i}][{k}]" for k in range(slots)]
        inputs = [point[i], names[program.gradient[i]], "t", *kept, *map(repr, update.constants)]
        more, found = statements(update.program, inputs, f"u{i}_")
        results = [update.program.value, *(slot for slot in update.program.gradient if slot is not None)]
        lines += more
        ends += [
            f"{target} = {found[slot]};" for target, slot in zip([point[i], *kept], results, strict=True)
        ]
    begin = ", ".join(repr(float(problem["at"][name])) for name in program.variables)
    return "\n".join([
        "#include <math.h>", "#include <stdio.h>", "#include <stdlib.h>",
        "static double sech(double x) { double e = exp(-fabs(x)); return 2 * e / (1 + e * e); }",
        "int main(int count, char **words) {", f"double x[] = {{{begin}}}, check = 0;",
        f"double s[{count}][{max(slots, 1)}] = {{{{0}}}};",
        "long n = atol(words[1]);", "for (long i = 1; i <= n; i++) {", "double t = i;", *lines, *ends, "}",
        'printf("%.17g %.17g %d %g\\n", x[0], check, count, s[0][0]);', "return 0;", "}",
    ])  # fmt: skip


print(source(json.loads(Path(sys.argv[1]).read_text())))
