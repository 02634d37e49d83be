"""Dask's `distributed`, loaded where an engine is asked for, and told to be silent: what it has to say we say."""

from __future__ import annotations

import logging
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from gradcli.language.errors import ExtraProblem

#: Loggers that are silenced: their warnings would stand among ours.
_LOGGERS = ("distributed", "tornado", "asyncio", "bokeh")


def dask_library() -> Any:
    """The library. Raises ExtraProblem where it is not installed."""
    if find_spec("distributed") is None:
        raise ExtraProblem.of("--engine needs dask.distributed", "dask")
    return _loaded()


@cache
def _loaded() -> Any:
    found = import_module("distributed")
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return found


def configuration() -> Any:
    """Dask's own settings: `set` changes them."""
    return import_module("dask").config


def check_keys_can_be_made() -> None:
    """Raises ExtraProblem where `cryptography` is not installed."""
    if find_spec("cryptography") is None:
        raise ExtraProblem.of("--engine dask makes keys for its workers with cryptography", "dask")
