"""Commands as other programs call them, and what they are called here."""

from __future__ import annotations

_CALLED = {
    "grad": "diff derive derivative derivatives deriv differentiate gradient gradients partial partials nabla slope d autograd "
            "backward backprop eval evaluate value calc calculate compute ableiten formula formulas",
    "jacobian": "jac jacob jacobi vjp jvp jacrev jacfwd",
    "hessian": "hess hes hvp second curvature",
    "taylor": "series expand expansion maclaurin tay polynomial approximate",
    "code": "codegen export generate compile lambdify tex latex python translate",
    "step": "steps update iterate train sgd next",
    "minimize": "min minimise minimum optimize optimise optim descend descent argmin fmin downhill",
    "maximize": "max maximise maximum ascend ascent argmax fmax uphill",
    "compare": "comp versus vs race benchmark",
    "session undo": "undo back revert rollback",
    "session history": "history log hist trajectory",
    "session list": "sessions list ls",
    "session show": "show state status current",
    "session rm": "rm remove delete forget reset clear",
    "explain": "derivation why rules proof",
    "check": "verify test gradcheck validate",
    "critical": "extrema extremum stationary saddle saddles roots zeros solve criticalpoints",
    "plot": "draw graph picture figure curve contour visualize visualise chart",
    "report": "page handout pdf html",
    "functions": "function funcs constants operators",
    "optimizers": "optimizer optimisers algorithms methods",
    "completion": "completions autocomplete complete",
    "help": "man manual docs doc info usage guide tutorial examples example tour faq readme intro start",
}  # fmt: skip

#: A command's name elsewhere -> what it is called here.
COMMANDS_ELSEWHERE = {word: command for command, words in _CALLED.items() for word in words.split()}

#: What no command does -> a sentence.
NOT_DONE = {
    **dict.fromkeys(("integrate", "int", "integral"), "integrals are not computed here"),
    **dict.fromkeys(("limit", "lim"), "limits are not computed here"),
    **dict.fromkeys(
        ("simplify", "factor", "subs"), "gradcli grad shows each partial derivative in its shortest form"
    ),
    "redo": "did you mean gradcli session redo?",
    **dict.fromkeys(
        ("new", "use", "switch", "init"), "a session is named by --session NAME, with any command"
    ),
    "gradcli": 'gradcli is said once: gradcli grad "x**2"',
    **dict.fromkeys(("quit", "exit", "bye"), "every gradcli command ends by itself"),
    **dict.fromkeys(("upgrade", "install"), "pip install --upgrade gradcli"),
}


def command_hint(name: str) -> str | None:
    """What to say of a command called *name* that does not exist; None where nothing is known of it."""
    plain = name.casefold()
    if plain in NOT_DONE:
        return NOT_DONE[plain]
    if plain in COMMANDS_ELSEWHERE:
        return f"did you mean gradcli {COMMANDS_ELSEWHERE[plain]}?"
    words = name.replace("-", "").replace("_", "")
    if (
        len(name) == 1
        or name[:1].isdigit()
        or not words.isalnum()
        or any(sign in name for sign in "⁰¹²³⁴⁵⁶⁷⁸⁹")
    ):
        return f'did you mean gradcli grad "{name}"?' if name.isprintable() and '"' not in name else None
    return None
