"""`minimize --lr safe`: the descent in a box at the rate that must descend there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from gradcli.language.errors import UsageProblem
from gradcli.memory.compiled_cache import compiled_or_cached
from gradcli.shell.options.optimizer_options import settings_of
from gradcli.shell.options.proof_options import domain_box
from gradcli.shell.problems.value_checks import check_complete, connected_names
from gradcli.shell.sessions.bounded_steps import check_inside, check_plain, rate_in_box

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.problems.problem import Problem


def with_safe_rate(
    store: Store, problem: Problem, how: Mapping[str, Any], *, ascend: bool
) -> tuple[dict[str, Any], str]:
    """The options with the rate 1/L and the box as bounds, and what there is to say of it.

    Raises UsageProblem for what is not sgd alone, or without a box; DomainProblem for a point outside, or for no bound of L.
    """
    typed = click.get_current_context().get_parameter_source("optimizer") is not ParameterSource.DEFAULT
    check_plain(
        how["optimizer"] if typed else "sgd", settings_of(how), bool(how["clip_norm"] or how["clip_value"])
    )
    if how["schedule"] != "constant" or how["restarts"] is not None:
        raise UsageProblem(
            "--lr safe is one rate, from one point: --schedule and --restarts do not belong to it"
        )
    box = domain_box(how)
    program = compiled_or_cached(store, problem.texts, problem.at.keys(), problem.wrt).program
    check_complete(problem.at, program.variables)
    check_inside(problem.at, box)
    found = rate_in_box(
        program, problem.at, box, connected_names(problem.wrt, program.variables), ascend=ascend
    )
    bounds = ",".join(f"{name}={float(low)!r}:{float(high)!r}" for name, (low, high) in box.items())
    return {**how, "optimizer": "sgd", "rate": repr(found.rate), "bounds": bounds, "box": None}, found.told(
        ascend=ascend
    )
