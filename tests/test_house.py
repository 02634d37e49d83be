"""The rules of the house, read off its own source."""

from __future__ import annotations

import ast
import functools
import subprocess
from collections import Counter
from pathlib import Path

import click
import pytest

import gradcli
from gradcli import cli

ROOT = Path(gradcli.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))

#: The rooms of the house, top first: a room may import only itself and rooms above it. A wing is its first name.
ROOMS = (
    "language.functions", "language.hints", "language", "language.parser", "language.rows", "language.constraints",
    "calculus.effort", "calculus.summation", "calculus.program", "calculus.symbolic", "calculus.graph",
    "calculus.sums", "calculus.formulas", "calculus.formulas.texts", "calculus.balls",
    "calculus.balls.special", "calculus.balls.programs",
    "calculus.intervals", "calculus.enclosures", "calculus.backends", "calculus.double_double", "calculus.native",
    "calculus.native.rows",
    "calculus.corners", "calculus.evaluation",
    "calculus.rows", "calculus.rows.bounds", "calculus.linear_algebra", "calculus.tables", "calculus.curvature",
    "calculus.critical.polynomials",
    "calculus.critical.boxes",
    "calculus.critical.one_variable", "calculus.critical", "calculus.sampling", "calculus.checking",
    "calculus.checking.losses", "calculus.deriving",
    "calculus.exporting.meanings", "calculus.exporting", "calculus.exporting.lowering", "calculus.exporting.languages",
    "calculus.exporting.columns",
    "descent.rules", "descent.steps", "descent.objective", "descent.certificates", "descent.certificates.corners",
    "descent.verdicts",
    "descent.minimization", "descent.constrained.problems", "descent.constrained.optimality", "descent.constrained.extrema",
    "descent.constrained.methods", "descent.constrained.unattained",
    "descent.constrained.equivalents", "descent.constrained",
    "descent.proofs", "descent.proofs.checking", "descent.proofs.ranges", "descent.proofs.constraints",
    "data.columns", "data.remote", "data.readers", "data.writers", "data.batches", "data.engines",
    "fitting.models", "fitting.solver", "fitting.inference",
    "memory",
    "output.text", "output.painters", "output.gradients", "output.results", "output.proofs",
    "output.pictures", "output.pictures.losses", "output.pages", "output.fits",
    "shell.process", "shell.writers", "shell.help", "shell.files", "shell.engines", "shell.problems", "shell.options",
    "shell.constraints", "shell.sessions",
    "shell.columns",
    "shell.derivatives", "shell.tables",
    "shell.plots", "shell.fits.questions", "shell.fits", "shell.descents", "shell.reports",
    "commands",
)  # fmt: skip

WINGS = tuple(dict.fromkeys(room.partition(".")[0] for room in ROOMS))

#: Modules in a room at most; `commands` has one per command.
CROWD = 16

#: Third-party libraries -> the wings that may import them.
LIBRARIES = {
    "sympy": {"calculus"}, "flint": {"calculus", "descent", "fitting"}, "rich": {"output"},
    "click": {"shell", "commands", "cli"},
}  # fmt: skip

#: Names that run text, as calls or attributes.
RUNNERS = {"eval", "exec", "sympify", "parse_expr", "lambdify", "S", "__import__", "execfile"}


def wing(path):
    """The wing that a module belongs to, or its own name."""
    parts = path.relative_to(ROOT).parts
    return parts[0].removesuffix(".py")


@functools.lru_cache(1)
def nodes(tree):
    """All nodes of a source, walked once for all rules."""
    return list(ast.walk(tree))


def imports(tree):
    """The modules that a source imports, at the top or inside functions, whole."""
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def named(path):
    """The dotted name of a module within the package, that of its folder for an `__init__`."""
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(name):
    """The room of a module: the longest one that its name begins with; its own name where there is none."""
    return max((one for one in ROOMS if f"{name}.".startswith(f"{one}.")), key=len, default=name)


NAMED = {named(path): path for path in MODULES}


@functools.cache
def graph():
    """Module -> the modules of the package that it imports: at the top, inside functions, or for types alone."""
    return {
        name: {
            found.removeprefix("gradcli.")
            for found in imports(ast.parse(path.read_text(encoding="utf-8")))
            if found.removeprefix("gradcli.") in NAMED and found != "gradcli"
        } - {name}
        for name, path in NAMED.items()
    }  # fmt: skip


def test_no_module_imports_in_a_circle():
    """Imports inside functions and those for types counted: modules can be taken away one by one, leaves first."""
    left = {name: set(needs) for name, needs in graph().items()}
    while leaves := {name for name, needs in left.items() if not needs & left.keys()}:
        left = {name: needs for name, needs in left.items() if name not in leaves}
    assert not left, sorted(left)


def test_a_room_imports_only_rooms_above_it():
    """The order is that of ROOMS, and the command line is imported by nobody."""
    for name, needs in graph().items():
        here = room(name)
        for found in needs:
            there = room(found)
            if here in ROOMS:
                assert there in ROOMS and ROOMS.index(there) <= ROOMS.index(here), (name, found)
            assert there != "cli" or here == "__main__", name


def test_rooms_are_not_crowded_and_no_name_occurs_twice():
    """Whoever looks for a file finds one, among few."""
    files = [path for path in MODULES if path.name not in ("__init__.py", "__main__.py")]
    crowds = Counter(path.parent for path in files if path.parent.name != "commands")
    assert max(crowds.values()) <= CROWD, crowds.most_common(3)
    outside = Counter(path.name for path in files if path.parent.name != "commands")
    assert outside.most_common(1)[0][1] == 1, outside.most_common(5)


def test_every_room_is_in_the_order_and_says_what_it_is():
    """No folder of modules is left out of ROOMS, and each has a line of its own."""
    folders = {path.parent for path in MODULES} - {ROOT}
    rooms = {".".join(folder.relative_to(ROOT).parts) for folder in folders}
    assert rooms - {"calculus", "descent", "data", "fitting", "output", "shell"} == set(ROOMS)
    for folder in folders:
        line = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
        assert line and len(line.split("\n")[0]) > 20


def foreign_libraries(path, tree):
    """Libraries stay in the wings that may import them."""
    for module in imports(tree):
        library = module.split(".")[0]
        if library in LIBRARIES and wing(path) not in LIBRARIES[library]:
            yield f"imports {module}"


def long_functions(path, tree):
    """At most 40 lines, and 8 parameters that are not options of a command; functions inside of others as well."""
    for node in nodes(tree):
        if not isinstance(node, ast.FunctionDef):
            continue
        if (length := node.end_lineno - node.lineno + 1) > 40:
            yield f"{node.name} has {length} lines"
        command = any(
            isinstance(one, ast.Call) and ast.unparse(one.func).startswith("click.")
            for one in node.decorator_list
        )
        taken = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        if not command and len([one for one in taken if one.arg not in ("self", "cls")]) > 8:
            yield f"{node.name} takes {len(taken)} things"


def prints(path, tree):
    """Inside the wings before commands nothing prints, and nothing reads sys."""
    if wing(path) not in ("language", "calculus", "descent", "data", "fitting", "memory", "output"):
        return
    for node in nodes(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            dotted = f"{node.value.id}.{node.attr}"
            if dotted in ("sys.argv", "sys.stdout", "sys.stderr", "sys.stdin"):
                yield f"reads {dotted}"
        if isinstance(node, ast.Name) and node.id in ("print", "input"):
            yield f"calls {node.id}"


def runs_text(path, tree):
    """No eval, exec, sympify, parse_expr or lambdify, by whatever name they are reached."""
    for node in nodes(tree):
        if isinstance(node, ast.Name) and node.id in RUNNERS - {"S"}:
            yield f"names {node.id}"
        if isinstance(node, ast.Attribute) and node.attr in RUNNERS - {"S"}:
            yield f"reaches {node.attr}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "S":
            yield "calls sympy.S, which parses its text"
        if isinstance(node, ast.ImportFrom) and (found := {alias.name for alias in node.names} & RUNNERS):
            yield f"imports {found}"


def public(body):
    """The public classes and functions of a body, and the public methods of its public classes."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body)


def undocumented(path, tree):
    """Modules, classes, functions and methods without a leading underscore have docstrings."""
    if not ast.get_docstring(tree):
        yield "says nothing of itself"
    for node in public(tree.body):
        if not ast.get_docstring(node):
            yield f"says nothing of {node.name}"


RULES = (foreign_libraries, long_functions, prints, runs_text, undocumented)


def broken(path, source=None):
    """What in a module is against the rules: each of them with the rule's name."""
    tree = ast.parse(path.read_text(encoding="utf-8") if source is None else source)
    return [f"{named(path)} {found} ({rule.__name__})" for rule in RULES for found in rule(path, tree)]


@pytest.mark.parametrize("place", sorted({path.parent.relative_to(ROOT).as_posix() for path in MODULES}))
def test_modules_keep_the_rules(place):
    """Those of RULES, each of which has a sentence of its own."""
    assert [found for path in MODULES if path.parent == ROOT / place for found in broken(path)] == []


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (foreign_libraries, "def f():\n    import sympy"), (long_functions, "def f():" + "\n    g()" * 40),
        (long_functions, "class C:\n    def f(self, a, b, c, d, e, f, g, h, *, i): ..."), (prints, "print(1)"),
        (prints, "import sys\nsys.stdout.write('')"), (runs_text, "run = eval"), (runs_text, "import builtins\nbuiltins.exec"),
        (runs_text, "sympy.S('1')"), (runs_text, "from sympy import sympify as f"), (undocumented, "x = 1"),
        (undocumented, "'M.'\nclass C:\n    'C.'\n    def f(self): ..."),
    ],
)  # fmt: skip
def test_a_broken_rule_is_seen(rule, source):
    """Each rule can fail."""
    assert any(rule.__name__ in found for found in broken(ROOT / "memory" / "schema.py", source))


def commands():
    """Every command of gradcli with its path, subcommands too."""
    context = click.Context(cli.program)
    for name in cli.COMMANDS:
        command = cli.program.get_command(context, name)
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", command.commands[inner]) for inner in command.commands)


COMMANDS = dict(commands())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name):
    """A sentence on the command, one on every option, and a command in the table for each module."""
    command = COMMANDS[name]
    assert command.help and command.help.strip().split("\n")[0][0].isupper()
    for param in command.params:
        if isinstance(param, click.Option):
            assert param.help, param.opts
            assert not param.help[0].islower() and param.help.endswith("."), param.opts


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_help_is_printed_and_fits(name, run):
    """`gradcli NAME --help` on 80 columns; tests/commands/test_help.py says what stands in it."""
    ended = run(name, "--help")
    assert ended.status == 0 and ended.err == ""
    assert f"Usage: gradcli {name}" in ended.out
    assert max(map(len, ended.out.splitlines())) <= 80


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_help_fits_a_narrow_terminal(name, run, monkeypatch):
    """40 columns, but for a word that is longer."""
    monkeypatch.setenv("COLUMNS", "40")
    for line in run(name, "--help").out.splitlines():
        assert len(line) <= 40 or len(line.split()) <= 2 or "gradcli" in line, line


def test_the_front_page_has_every_command_and_status(run):
    """From the two tables; without a command the same page is on stderr, status 2."""
    from gradcli.language.errors import STATUSES

    page = run("--help")
    for name, summary in cli.COMMANDS.items():
        assert name in page.out and summary.split()[0] in page.out
    for status, meaning in STATUSES.items():
        assert f"{status:>3}  {meaning[:60]}" in page.out
    assert max(map(len, page.out.splitlines())) <= 80
    bare = run()
    assert (bare.status, bare.out) == (2, "") and bare.err == page.out


@pytest.mark.parametrize(
    "name", [name for name, command in COMMANDS.items() if type(command).__name__ == "VariableCommand"]
)
def test_h_is_help_where_variables_are_options(name, run):
    """-h alone asks for help; -h**2 is an expression."""
    assert run(*name.split(), "-h").out.startswith("Usage:")


def test_a_minus_begins_an_expression(run):
    """As in -x**2 and -h**2."""
    assert run("grad", "-h**2", "--h", 3, "--get", "gradient.h").out == "-6.0\n"


def test_no_error_is_more_than_a_sentence(run):
    """Each message is one sentence without a full stop, beginning in lower case or with a name."""
    from tests.golden.test_golden import FILES

    said = [
        line
        for path in FILES
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("gradcli: ")
    ]
    assert len(said) > 80
    for line in said:
        assert not line.endswith("."), line


def test_the_package_says_that_it_is_typed():
    """py.typed, and the version that the program prints."""
    assert (ROOT / "py.typed").exists()
    assert gradcli.__version__


def test_nothing_else_stands_at_the_top():
    """The package, its tests, what describes them, LICENSE and dot-files: what a test or a try wrote is never kept."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("this is no checkout of git")
    names = {line.partition("/")[0] for line in listed.stdout.splitlines()}
    assert {name for name in names if name[0] != "."} == {
        "LICENSE",
        "README.md",
        "gradcli",
        "pyproject.toml",
        "tests",
    }
