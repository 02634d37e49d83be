"""The commands, each in a module of its own name that is loaded when the command is run."""

from __future__ import annotations

#: Commands by what they are for, each in a module of its own name that is loaded when the command is run.
PURPOSES = {
    "Differentiate": {
        "grad": "value, formulas and gradient at a point",
        "jacobian": "the derivatives of several outputs, and products with them",
        "hessian": "second derivatives, eigenvalues, and products with them",
        "taylor": "the Taylor polynomial at a point",
        "code": "value and gradient as a function in another language",
    },
    "Descend": {
        "step": "one step of gradient descent, or many",
        "minimize": "downhill until it can be said how it ended",
        "maximize": "uphill, likewise",
        "fit": "parameters of a model from a file of data, with their errors",
        "compare": "optimizers side by side",
        "apply": "a gradient made elsewhere, applied",
        "session": "what is remembered: show, list, history, undo, redo, rm",
    },
    "Understand": {
        "explain": "a derivation rule by rule, or backpropagation as a table",
        "check": "is my gradient right?",
        "range": "what f and its slopes are in a box, proved",
        "critical": "where the gradient vanishes, and what is there",
        "plot": "a picture: curve, landscape, the way down, convergence",
        "report": "one page to hand in: formulas, derivation, descent, pictures",
    },
    "Look up": {
        "functions": "the functions that expressions may use",
        "optimizers": "the update rules, as mathematics",
        "completion": "shell completion for bash, zsh or fish",
        "help": "the reference, page by page",
    },
}

COMMANDS = {name: summary for commands in PURPOSES.values() for name, summary in commands.items()}
