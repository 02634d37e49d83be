"""Optimizers as they are called here and elsewhere, and the options that choose those of such names."""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.descent.rules.optimizer_table import ALSO_CALLED, DESCENTS, OPTIMIZERS


def optimizer_names() -> set[str]:
    """What an optimizer or a method of descents is called, in lower case."""
    return {*OPTIMIZERS, *DESCENTS, *ALSO_CALLED}


def choosing(option: str, names: Sequence[str]) -> str:
    """The option with those optimizers, and the settings that some of the names mean: momentum is sgd with one.

    option: `--optimizers`, which takes a list, or `--optimizer`.
    """
    meant = [ALSO_CALLED.get(name, name).partition(" ") for name in names]
    plain = list(dict.fromkeys(name for name, _, _ in meant))
    settings = list(dict.fromkeys(rest for _, _, rest in meant if rest))
    return " ".join([option, ",".join(plain if option == "--optimizers" else plain[:1]), *settings[-1:]])
