"""Addresses → PyArrow's file systems, made so that they ask nobody but whom the address names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from gradcli.data.remote.addresses import Address
from gradcli.language.errors import GradcliError, InputProblem
from gradcli.language.limits import limit_problem

#: Seconds after which a machine that does not answer is given up, at each try.
_SECONDS = 10

#: Where Google's tools leave the file that says who asks, below the home folder.
_GOOGLE = ".config/gcloud/application_default_credentials.json"

#: Libraries that PyArrow would take from the folder where it is called, too.
_LOADED = ("libhdfs", "libjvm")


def connected(address: Address) -> Any:
    """The file system of an address. Raises InputProblem where it is not there, or does not answer."""
    with explained(address.of(address.path)):
        return _connected(address._replace(path="", query=""))


@lru_cache(maxsize=8)
def _connected(address: Address) -> Any:
    return _MAKERS[address.scheme](address)


def _s3(address: Address) -> Any:
    # Else a machine of the network would be asked who asks, where nothing here says it.
    os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
    from pyarrow import fs

    asked = next(filter(None, map(os.environ.get, ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"))), "")
    scheme, _, endpoint = asked.rstrip("/").rpartition("://")
    known = any(os.environ.get(name) for name in ("AWS_REGION", "AWS_DEFAULT_REGION"))
    region = address.region if address.region or asked or known else fs.resolve_s3_region(address.host)
    return fs.S3FileSystem(
        anonymous=address.anonymous, region=region, connect_timeout=_SECONDS, request_timeout=_SECONDS,
        scheme=scheme or None, endpoint_override=endpoint or None,
    )  # fmt: skip


def _gs(address: Address) -> Any:
    from datetime import timedelta

    from pyarrow import fs

    # Without these a machine of the network would be asked who asks.
    known = os.environ.get("GOOGLE_APPLICATION_CREDENTIALS") or (Path.home() / _GOOGLE).exists()
    return fs.GcsFileSystem(
        anonymous=address.anonymous or not known, retry_time_limit=timedelta(seconds=_SECONDS)
    )


def _hdfs(address: Address) -> Any:
    from pyarrow import fs

    beside = sorted(path.name for name in _LOADED for path in Path.cwd().glob(f"{name}.*"))
    if beside:
        raise InputProblem(
            f"{beside[0]} lies in this folder, and would be loaded to reach {address.scheme}://{address.host}",
            hint="go to another folder",
        )
    host, _, port = address.host.partition(":")
    return fs.HadoopFileSystem(host, int(port or 8020))


_MAKERS = {"s3": _s3, "gs": _gs, "hdfs": _hdfs}


@contextmanager
def explained(file: str) -> Iterator[None]:
    """What PyArrow says of a file that it does not reach, as a sentence of gradcli's."""
    from pyarrow import ArrowException

    try:
        yield
    except GradcliError:
        raise
    except MemoryError as error:
        raise limit_problem("memory", f"{file} needs more memory than it may have") from error
    except ImportError as error:
        raise InputProblem(f"{file}: the PyArrow that is installed does not reach such addresses") from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputProblem(f"{file}: there is no such file") from error
    except PermissionError as error:
        raise InputProblem(f"{file} may not be read") from error
    except (OSError, ArrowException, ValueError) as error:
        raise InputProblem(f"{file} cannot be reached{_reason(error)}") from error


def _reason(error: Exception) -> str:
    """The last part of what PyArrow says, where it is short: what stands before it says what it was doing."""
    first = str(error).split("\n")[0].split(" Details:")[0].split(" operation: ")[-1].rstrip(".; ")
    return f": {first}" if first and len(first) <= 120 and first.isprintable() else ""
