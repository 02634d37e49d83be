"""What computes: versions, which must be the same here and on workers, and the last places of functions, which may differ."""

from __future__ import annotations

import hashlib
import json
import math
import platform
import struct
from functools import cache
from typing import Any

from gradcli import __version__
from gradcli.language.rows.loadable_libraries import has_arrays

#: Functions whose last places depend on the processor and the library, and points that tell.
_FUNCTIONS = ("exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "log1p", "expm1")
_POINTS = [0.03 + 0.0371 * i for i in range(200)]


@cache
def versions() -> dict[str, str]:
    """What has to be the same: gradcli's version, Python's, NumPy's (`none` where there is none)."""
    return {"gradcli": __version__, "Python": platform.python_version(), "NumPy": _numpy()}


def _numpy() -> str:
    if not has_arrays():
        return "none"
    import numpy as np

    return str(np.__version__)


@cache
def last_places() -> str:
    """A digest of what functions give at some points, in Python and in NumPy."""
    digest = hashlib.blake2b(digest_size=8)
    for name in _FUNCTIONS:
        digest.update(struct.pack(f"{len(_POINTS)}d", *map(getattr(math, name), _POINTS)))
    if has_arrays():
        import numpy as np

        for name in _FUNCTIONS:
            digest.update(getattr(np, name)(np.array(_POINTS)).tobytes())
    return digest.hexdigest()


def introduced(dask_worker: Any = None) -> str:
    """What a worker says of itself, as JSON. dask_worker: what Dask knows of it, by that name."""
    memory = getattr(getattr(dask_worker, "memory_manager", None), "memory_limit", None)
    return json.dumps({"versions": versions(), "last_places": last_places(), "memory": memory})


def difference(theirs: object) -> str | None:
    """How *theirs* differ from the versions here, as the end of a sentence; None where they do not."""
    here = versions()
    if not isinstance(theirs, dict):
        return "it does not say which versions it has"
    for name, own in here.items():
        if theirs.get(name) != own:
            return f"{name} is {theirs.get(name)} there and {own} here"
    return None
