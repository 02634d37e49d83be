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
    **dict.fromkeys(("var", "vars", "variable", "variables", "respect-to"), ("--wrt",)),
    **dict.fromkeys(("point", "values", "x0", "init", "start", "subs"), ("--at",)),
    **dict.fromkeys(("language", "target"), ("--lang",)),
    **dict.fromkeys(("tolerance", "gtol", "ftol", "xtol", "atol", "rtol"), ("--tol",)),
    **dict.fromkeys(("optim", "solver", "algorithm", "opt"), ("--optimizer", "--optimizers")),
    **dict.fromkeys(("constraint", "constraints", "limits", "domain", "interval"), ("--bounds", "--range", "--box")),
    **dict.fromkeys(("direction", "vector"), ("--along", "--hvp", "--jvp")),
    **dict.fromkeys(("weights", "grad_ys", "cotangent"), ("--grad-ys", "--vjp")),
    **dict.fromkeys(("xlim", "xrange", "ylim", "yrange"), ("--range",)),
    **dict.fromkeys(("latex", "tex", "markdown", "md", "yaml", "tsv", "text", "pretty"), ("--format",)),
}  # fmt: skip

#: Options of one letter that other programs have; here a letter with a hyphen is a variable.
LETTERS: Mapping[str, str] = {"o": "--out", "f": "--format", "l": "--lang", "n": "--steps", "s": "--session"}

#: Other words for what is done with a session → the command under `session`.
SESSIONS: Mapping[str, str] = {
    **dict.fromkeys(("clear", "reset", "delete", "remove", "forget", "drop", "del"), "rm"),
    **dict.fromkeys(("back", "revert"), "undo"), "forward": "redo", "log": "history", "ls": "list",
    **dict.fromkeys(("info", "status", "current", "get", "print"), "show"),
}  # fmt: skip

#: The three that say X=LOW:HIGH alike.
INTERVALS = ("--bounds", "--box", "--range")

#: Names whose meaning is no option here.
SAID: Mapping[str, str] = {
    **dict.fromkeys(("verbose", "debug"), "notes and errors are on stderr as they are; gradcli explain tells every rule"),
    **dict.fromkeys(("subject-to", "st", "constraint", "constraints"),
                    "constraints are not part of gradcli yet: --bounds keeps variables in intervals"),
    **dict.fromkeys(("quiet", "silent"), "the answer alone is on stdout: 2>/dev/null leaves the notes out"),
    **dict.fromkeys(("yes", "force"), "nothing is asked before it is done"),
    **dict.fromkeys(("input", "stdin"), "- in the place of EXPR reads standard input"),
    **dict.fromkeys(("expr", "expression", "function", "fn"), "the expression stands by itself: gradcli grad \"x**2\""),
    **dict.fromkeys(("config", "settings"), "every setting is an option; gradcli help options"),
    **dict.fromkeys(("gpu", "cuda", "device", "threads", "jobs"), "gradcli calculates in this process alone"),
}  # fmt: skip

#: Values that belong to another command's option of the same name.
ELSEWHERE: Mapping[tuple[str, str], str] = {
    ("--lr", "auto"): "gradcli minimize --lr auto searches along each direction; a step has a fixed rate",
}
