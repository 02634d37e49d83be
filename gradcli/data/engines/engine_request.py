"""What a command line says about an engine: which one, how many workers, what they hold, and the keys of a cluster."""

from __future__ import annotations

import re
from typing import NamedTuple

from gradcli.language.errors import UsageProblem

#: How engines are typed.
SPELLINGS = "dask (workers on this machine), dask://HOST:PORT (a cluster, by TLS) and tcp://HOST:PORT (one without keys)"

_ADDRESS = re.compile(r"(dask|tcp)://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):([0-9]{1,5})", re.ASCII)


class Keys(NamedTuple):
    """Files in PEM: the certificate that signs those of the cluster, and the certificate and key of this client."""

    authority: str
    certificate: str
    key: str


class EngineRequest(NamedTuple):
    """address: of a scheduler, `tls://HOST:PORT` or `tcp://HOST:PORT`; None for workers on this machine.

    workers: how many of these, None for one for each processor. cache: bytes of columns that all workers together hold
    between passes; None for half of their memory. keys: for TLS.
    """

    address: str | None = None
    workers: int | None = None
    cache: int | None = None
    keys: Keys | None = None


def engine_request(
    text: str, workers: int | None = None, cache: int | None = None, tls: str | None = None
) -> EngineRequest:
    """The engine that was typed. tls: three files, with commas. Raises UsageProblem for what is none."""
    address = None if text == "dask" else _address(text)
    if address is not None and workers is not None:
        raise UsageProblem(f"--engine-workers is about workers on this machine, and {text} has its own")
    encrypted = address is not None and address.startswith("tls")
    if tls is not None and not encrypted:
        raise UsageProblem("--engine-tls is about the keys of a cluster", hint="--engine dask://HOST:PORT")
    if encrypted and tls is None:
        raise UsageProblem(
            f"--engine {text} needs keys: --engine-tls CA,CERT,KEY",
            hint=f"a cluster without any is typed so: {address and address.replace('tls', 'tcp', 1)}",
        )
    return EngineRequest(address, workers, cache, None if tls is None else _keys(tls))


def _address(text: str) -> str:
    found = _ADDRESS.fullmatch(text)
    if found is None or not 0 < int(found[3]) < 2**16:
        raise UsageProblem(f"--engine {text}: there is no such engine", hint=f"engines are {SPELLINGS}")
    return f"{'tcp' if found[1] == 'tcp' else 'tls'}://{found[2]}:{found[3]}"


def _keys(text: str) -> Keys:
    files = [part.strip() for part in text.split(",")]
    if len(files) != len(Keys._fields) or not all(files):
        raise UsageProblem(
            f"--engine-tls {text}: three files are expected", hint="for example ca.pem,cert.pem,key.pem"
        )
    return Keys(*files)


_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}

_SIZE = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,6})?)\s*([KMGT]?B|)", re.ASCII | re.IGNORECASE)


def size_of(text: str) -> int | None:
    """`2GB` → bytes; None for what is no size."""
    found = _SIZE.fullmatch(text.strip())
    return None if found is None else int(float(found[1]) * _UNITS[found[2].upper()])
