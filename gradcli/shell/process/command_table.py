"""The commands, each in a module of its own name that is loaded when the command is run."""

from __future__ import annotations

#: Commands, each in a module of its own name that is loaded when the command is run.
COMMANDS = {
    "grad": "value, formulas and gradient at a point",
    "step": "one step of gradient descent, or many",
    "jacobian": "the derivatives of several outputs, and products with them",
    "hessian": "second derivatives, eigenvalues, and products with them",
    "taylor": "the Taylor polynomial at a point",
    "critical": "where the gradient vanishes, and what is there",
    "apply": "a gradient made elsewhere, applied",
    "minimize": "downhill until it can be said how it ended",
    "maximize": "uphill, likewise",
    "compare": "optimizers side by side",
    "optimizers": "the update rules, as mathematics",
    "check": "is my gradient right?",
    "explain": "a derivation rule by rule, or backpropagation as a table",
    "code": "value and gradient as a function in another language",
    "session": "what is remembered: show, list, history, undo, rm",
    "functions": "the functions that expressions may use",
    "plot": "a picture: curve, landscape, the way down, convergence",
    "report": "one page to hand in: formulas, derivation, descent, pictures",
    "completion": "shell completion for bash, zsh or fish",
}
