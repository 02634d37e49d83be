"""One cluster for all tests of this folder: two worker processes, as `--engine dask` starts them."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest


class Cluster(NamedTuple):
    """The engine in this process, and what a command line says to find its scheduler."""

    engine: Any
    options: tuple[str, ...]

    @property
    def workers(self):
        """The processes of the workers, by their numbers."""
        return [nanny.pid for nanny in self.engine._cluster.workers.values()]


@pytest.fixture(scope="package")
def cluster(tmp_path_factory):
    """Two workers of one thread each; they end with the last test of the folder, for they take time even when they rest."""
    pytest.importorskip("distributed")
    pytest.importorskip("cryptography")
    from gradcli.data.engines.dask_engine import DaskEngine
    from gradcli.data.engines.engine_request import EngineRequest

    engine = DaskEngine(EngineRequest(workers=2))
    folder, security = tmp_path_factory.mktemp("keys"), engine._cluster.security
    texts = {"ca": security.tls_ca_file, "cert": security.tls_client_cert, "key": security.tls_client_key}
    for name, text in texts.items():
        (folder / f"{name}.pem").write_text(text)
    address = engine._cluster.scheduler_address.replace("tls://", "dask://")
    files = ",".join(str(folder / f"{name}.pem") for name in texts)
    yield Cluster(engine, ("--engine", address, "--engine-tls", files))
    engine.close()


@pytest.fixture
def in_folder(tmp_path, monkeypatch):
    """The folder of the test is the one that commands stand in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
