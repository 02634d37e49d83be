"""gradcli's programs from inside: seconds of a value with and without gradient, and counts of instructions."""

import json
from statistics import median
from time import perf_counter, process_time

from gradcli.calculus.backends import float_backend
from gradcli.calculus.evaluation.gradient_at_point import evaluate
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.calculus.graph.expression_graph import Graph
from gradcli.calculus.graph.reverse_sweep import compile_value, program_of, reverse
from gradcli.language.parser import parse
from gradcli.language.parser.outputs import total


def rosenbrock(count):
    """The text of Rosenbrock's function."""
    return " + ".join(f"100*(x{i + 1} - x{i}**2)**2 + (1 - x{i})**2" for i in range(1, count))


def seconds(program, count):
    """The median time of one run."""
    run, point = float_backend.compiled(program), [0.5 + i / count for i in range(count)]
    times = []
    for _ in range(51):
        start = perf_counter()
        run(*point)
        times.append(perf_counter() - start)
    return median(times)


def nested(depth):
    """How many instructions value and gradient of e = sin(e)*x + cos(e) take, from e = x on."""
    graph, rule = Graph(), parse("sin(e)*x + cos(e)", ("e",))
    x = graph.node("name", text="x")
    e = x
    for _ in range(depth):
        e = graph.include(rule, {"e": e, "x": x})
    return len(program_of(reverse(graph, e, ("x",)), ("x",)).code)


def both(text):
    """The program of value and gradient."""
    expression, graph = total([text], ()), Graph()
    return program_of(reverse(graph, graph.include(expression), expression.variables), expression.variables)


def quintic():
    """Seconds of Jamil and Yang's "Quintic" of four variables: at a smooth point, and where all its terms tie."""
    names = "abcd"
    terms = (f"abs({x}**5 - 3*{x}**4 + 4*{x}**3 + 2*{x}**2 - 10*{x} - 4)" for x in names)
    text = " + ".join(terms)
    program = compile_text([text], list(names)).program
    found = []
    for values in ((1.3, 0.7, 2.2, -0.6), (2.0, -1.0, 2.0, -1.0)):
        times, point = [], dict(zip(names, values, strict=True))
        for _ in range(21):
            start = process_time()  # the longer of both is interrupted more often on a busy machine
            evaluate(program, text, point, "least")
            times.append(process_time() - start)
        found.append(median(times))
    return found


text = rosenbrock(1000)
smooth, corner = quintic()
print(json.dumps({
    "value and gradient": seconds(both(text), 1000), "value": seconds(compile_value(text), 1000),
    "depth 60": nested(60), "depth 30": nested(30), "smooth": smooth, "corner": corner,
}))  # fmt: skip
