"""What options are called elsewhere, as tables: the names that are taken, and those that only a hint answers."""

from __future__ import annotations

from collections.abc import Mapping

from gradcli.language.records import NamedTuple


class Alias(NamedTuple):
    """The options that it may stand for, of which a command's first one is meant, and the value that it brings."""

    options: tuple[str, ...]
    value: str | None = None


#: Names that are taken for an option of a command, where it has that one and none of its own name.
ALIASES: Mapping[str, Alias] = {
    "--json": Alias(("--format",), "json"),
    "--csv": Alias(("--format",), "csv"),
    "--no-save": Alias(("--dry-run",)),
    "--dry-run": Alias(("--no-save",)),
    "--epochs": Alias(("--steps", "--max-steps")),
    "--max-iter": Alias(("--max-steps", "--steps")),
    "--learning-rate": Alias(("--lr",)),
    "--method": Alias(("--optimizer", "--optimizers")),
    "--optimizer": Alias(("--optimizers",)),
    "--dialect": Alias(("--dialects",)),
    "--plot-out": Alias(("--out",)),
    "--degree": Alias(("--order",)),
    "--eps": Alias(("--epsilon",)),
    "--epsilon": Alias(("--eps",)),
}

#: The same for the values of options: other names → the value.
VALUES: Mapping[str, Mapping[str, str]] = {
    "--format": {"md": "markdown", "tex": "latex"},
}

#: Names that other programs have → the options of which the command's first is named in a hint.
SIBLINGS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("precision", "prec", "decimals", "sig-digits"), ("--digits",)),
    **dict.fromkeys(("output", "file", "output-file", "save", "save-to"), ("--out",)),
    **dict.fromkeys(
        ("iterations", "iters", "iter", "niter", "n-iter", "num-steps", "nsteps", "maxiter", "max_iter", "n_iter",
         "max-iterations", "max-epochs", "epoch", "num-epochs", "step"),
        ("--steps", "--max-steps", "--order"),
    ),
    "steps": ("--max-steps",),
    "max-steps": ("--steps",),
    **dict.fromkeys(("rate", "step-size", "step_size", "stepsize", "learning_rate", "alpha", "eta"), ("--lr",)),
    **dict.fromkeys(
        ("var", "vars", "variable", "variables", "respect-to", "by", "partial", "partials", "over", "with-respect-to",
         "dx", "params", "parameters"),
        ("--wrt",),
    ),
    **dict.fromkeys(
        ("point", "values", "x0", "x_0", "init", "initial", "start", "subs", "guess", "from", "around", "center", "centre",
         "about", "near", "value", "where", "evaluate", "eval", "where"),
        ("--at",),
    ),
    **dict.fromkeys(("terms", "nterms", "deg", "max-order", "max-degree", "nth"), ("--order",)),
    **dict.fromkeys(("answer", "expected", "solution", "grad", "gradient", "derivative", "result"), ("--claim",)),
    **dict.fromkeys(("width", "height", "figsize", "cols", "rows"), ("--size",)),
    **dict.fromkeys(("last", "tail", "head", "number", "count", "max"), ("--limit",)),
    **dict.fromkeys(("samples", "npoints", "resolution", "num"), ("--points",)),
    "language": ("--lang",), "target": ("--lang", "--to"),
    **dict.fromkeys(("response", "dependent", "observed", "ydata"), ("--to",)),
    **dict.fromkeys(("batch-size", "batch_size", "batchsize", "minibatch"), ("--batch",)),
    **dict.fromkeys(("tolerance", "gtol", "ftol", "xtol", "atol", "rtol"), ("--tol",)),
    **dict.fromkeys(("optim", "solver", "algorithm", "opt"), ("--optimizer", "--optimizers")),
    **dict.fromkeys(("constraint", "constraints"), ("--subject-to", "--bounds", "--range", "--box")),
    **dict.fromkeys(("limits", "domain", "interval"), ("--bounds", "--range", "--box")),
    **dict.fromkeys(("direction", "vector"), ("--along", "--hvp", "--jvp")),
    **dict.fromkeys(("weights", "grad_ys", "cotangent"), ("--grad-ys", "--vjp")),
    **dict.fromkeys(("xlim", "xrange", "ylim", "yrange"), ("--range",)),
    **dict.fromkeys(("latex", "tex", "markdown", "md", "yaml", "tsv", "text", "pretty"), ("--format",)),
}  # fmt: skip

#: Flags of other programs -> the option with its value.
WRITTEN: Mapping[str, str] = {
    **dict.fromkeys(("no-color", "nocolor", "no-colour", "plain", "monochrome"), "--color never"),
    **dict.fromkeys(("colors", "colored"), "--color always"),
    **dict.fromkeys(("html", "page"), "--out page.html"), **dict.fromkeys(("png", "svg", "pdf"), "--out picture.svg"),
    **{name: f"--lang {name}" for name in ("python", "numpy", "jax", "torch", "tensorflow", "rust", "julia", "fortran",
                                           "javascript", "matlab", "octave", "sql", "cpp", "pytorch", "js")},
}  # fmt: skip

#: Options of one letter that other programs have; here a letter with a hyphen is a variable.
LETTERS: Mapping[str, tuple[str, ...]] = {
    "o": ("--out",), "f": ("--format",), "l": ("--lang",), "n": ("--steps", "--max-steps", "--order", "--points", "--limit"),
    "s": ("--session",), "d": ("--digits",), "p": ("--digits",), "i": ("--steps", "--max-steps"),
}  # fmt: skip

#: Other words for what is done with a session → the command under `session`.
SESSIONS: Mapping[str, str] = {
    **dict.fromkeys(("clear", "reset", "delete", "remove", "forget", "drop", "del"), "rm"),
    **dict.fromkeys(("back", "revert"), "undo"), "forward": "redo", "log": "history", "ls": "list",
    **dict.fromkeys(("info", "status", "current", "get", "print"), "show"),
}  # fmt: skip

#: Words for what no command under `session` does -> what is done instead; `{name}` is the session's name.
SESSIONS_OTHERWISE: Mapping[str, str] = {
    **dict.fromkeys(
        ("new", "create", "start", "init", "begin", "add", "open", "save", "make"),
        'a session begins with its first problem: gradcli grad "x**2" --x 5 --session {name}',
    ),
    **dict.fromkeys(
        ("use", "switch", "select", "set", "checkout", "change", "load", "restore", "default", "cd", "goto"),
        "--session {name} is said to each command, or once to all: export GRADCLI_SESSION={name}",
    ),
    **dict.fromkeys(("copy", "cp", "clone", "fork", "branch", "rename", "mv"),
                    "its problem and point in another: gradcli session --json | gradcli step - --steps 0 --session {name}"),
    **dict.fromkeys(("export", "dump", "backup"), "gradcli session --json prints it, gradcli session history --csv its way"),
    "get": "did you mean gradcli session --get {name}?",
    **dict.fromkeys(("plot", "draw", "graph"), "gradcli plot draws the session's way"),
    **dict.fromkeys(("step", "minimize", "grad", "check", "explain"), "without EXPR every command is about the session"),
    **dict.fromkeys(("close", "end", "quit", "exit", "stop"), "nothing is open: what is remembered stays until rm"),
}  # fmt: skip

#: The three that say X=LOW:HIGH alike.
INTERVALS = ("--bounds", "--box", "--range")

#: Names whose meaning is no option here.
SAID: Mapping[str, str] = {
    **dict.fromkeys(("verbose", "debug"), "notes and errors are on stderr as they are; gradcli explain tells every rule"),
    **dict.fromkeys(("subject-to", "st", "constraint", "constraints"),
                    "gradcli minimize, maximize and critical take --subject-to"),
    **dict.fromkeys(("quiet", "silent"), "the answer alone is on stdout: 2>/dev/null leaves the notes out"),
    **dict.fromkeys(("yes", "force"), "nothing is asked before it is done"),
    **dict.fromkeys(("input", "stdin"), "- in the place of EXPR reads standard input"),
    **dict.fromkeys(("expr", "expression", "function", "fn"), "the expression stands by itself: gradcli grad \"x**2\""),
    **dict.fromkeys(("config", "settings"), "every setting is an option; gradcli help options"),
    "global": "gradcli minimize --prove --box X=-5:5 proves the least value in a box",
    **dict.fromkeys(("eigenvalues", "eigen", "eigs", "definiteness"), "they are part of the answer of gradcli hessian"),
    **dict.fromkeys(("numeric", "numerical", "symbolic", "exact"),
                    "formulas are exact, and with values numbers stand beside them"),
    **dict.fromkeys(("second", "second-order"), "gradcli hessian has the second derivatives; --wrt x,x asks for one of them"),
    **dict.fromkeys(("degrees", "deg"), "angles are radians; 30 degrees are written 30deg: sin(30deg)"),
    **dict.fromkeys(("undo", "back"), "gradcli session undo takes a step back"),
    **dict.fromkeys(("title", "label", "legend", "xlabel", "ylabel", "style", "theme", "font"),
                    "a picture's words come from the problem"),
    **dict.fromkeys(("gpu", "cuda", "device", "threads", "jobs"), "gradcli calculates in this process alone"),
}  # fmt: skip

#: Options of other libraries that are several here -> those, in the order of the values that are typed with commas.
SPLIT: Mapping[str, tuple[str, ...]] = {
    "betas": ("--beta1", "--beta2"), "beta": ("--beta1", "--beta2"),
}  # fmt: skip

#: Names of settings elsewhere -> the option here.
SETTINGS: Mapping[str, str] = {
    **dict.fromkeys(("beta_1", "b1", "beta-1"), "--beta1"),
    **dict.fromkeys(("beta_2", "b2", "beta-2"), "--beta2"),
    **dict.fromkeys(("wd", "decay-rate", "l2_reg"), "--weight-decay"),
    **dict.fromkeys(("mom", "mu", "mass"), "--momentum"),
    **dict.fromkeys(("clipnorm", "clip_norm", "max-norm", "max_norm", "global_clipnorm"), "--clip-norm"),
    **dict.fromkeys(("clipvalue", "clip_value"), "--clip-value"),
}

#: Parameters without which a command has nothing to do -> an example.
MISSING: Mapping[str, str] = {
    "--out": "for example --out report.html",
    "NAME": "for example gradcli session rm default; gradcli session list shows the names",
    "SHELL": 'for example eval "$(gradcli completion bash)"',
    "-": "for example gradcli grad --format json | gradcli apply - --lr 0.1",
}

#: Values that belong to another command's option of the same name.
ELSEWHERE: Mapping[tuple[str, str], str] = {
    ("--lr", "auto"): "gradcli minimize --lr auto searches along each direction; a step has a fixed rate",
}
