"""`--engine` and the options beside it: where the rows of files are worked on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar, cast

import click

from gradcli.language.errors import UsageProblem
from gradcli.shell.options.number_types import Whole
from gradcli.shell.options.option_groups import OptionGroup, option

F = TypeVar("F", bound=Callable[..., Any])

#: Options beside --engine: their parameters -> as they are typed.
_BESIDE = {"engine_workers": "--engine-workers", "cache": "--cache", "engine_tls": "--engine-tls"}


def _bytes(ctx: click.Context, param: click.Parameter, text: str | None) -> int | None:
    """The bytes that a size means. Raises UsageProblem for what is no size."""
    if text is None:
        return None
    from gradcli.data.engines.engine_request import size_of

    found = size_of(text)
    if found is None:
        raise UsageProblem(f"--cache {text}: it is no size", hint="for example --cache 2GB")
    return found


def engine_options(function: F) -> F:
    """`--engine`, `--engine-workers`, `--cache`, `--engine-tls`, which stand below those of files of data.

    The engine is then found by `typed_engine`.
    """

    @wraps(function)
    def wanted(*args: Any, engine: str | None, **options: Any) -> Any:
        typed = {one: options.pop(name) for name, one in _BESIDE.items()}
        if engine is None:
            lone = next((one for one, value in typed.items() if value is not None), None)
            if lone is not None:
                raise UsageProblem(f"{lone} is about an engine", hint="for example --engine dask")
        else:
            _ask(engine, typed, options)
        return function(*args, **options)

    own = [
        option("--engine", group=OptionGroup.DATA, metavar="ENGINE",
               help="Where rows are worked on: dask, dask://HOST:PORT."),
        option("--engine-workers", group=OptionGroup.DATA, type=Whole(1), metavar="N", help="Workers of --engine dask."),
        option("--cache", group=OptionGroup.DATA, callback=_bytes, metavar="SIZE",
               help="Columns that workers hold, like 2GB."),
        option("--engine-tls", group=OptionGroup.DATA, metavar="CA,CERT,KEY", help="Files of keys for dask://."),
    ]  # fmt: skip
    found: Any = wanted
    for one in reversed(own):
        found = one(found)
    return cast("F", found)


def _ask(engine: str, typed: Mapping[str, Any], options: Mapping[str, Any]) -> None:
    """Keep the engine for the command. Raises UsageProblem for what is none, LimitProblem where engines are turned off."""
    from gradcli.data.engines.engine_request import engine_request
    from gradcli.language.errors import LimitProblem
    from gradcli.language.limits import for_strangers
    from gradcli.shell.engines.typed_engine import ENGINE

    if for_strangers():
        raise LimitProblem("--engine: --limit service turns engines off")
    asked = engine_request(engine, typed["--engine-workers"], typed["--cache"], typed["--engine-tls"])
    if options.get("data") is None:
        _check_session(options)
    click.get_current_context().meta[ENGINE] = asked


def _check_session(options: Mapping[str, Any]) -> None:
    """Raises UsageProblem where the session's problem is not over files either."""
    from gradcli.memory.session_history import current
    from gradcli.shell.process.environment import open_memory

    state = None
    if not options.get("expressions"):
        with open_memory() as store:
            state = current(store, options["session"])
    if state is None or "data" not in state.settings:
        raise UsageProblem("--engine is about files of data", hint="for example --data 'day-*.parquet'")
