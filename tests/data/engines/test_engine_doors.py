"""Nobody else talks to the workers of --engine dask, and none of them is left, whatever ends a command."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from gradcli.data.engines import dask_engine, worker_versions
from gradcli.data.engines.dask_engine import DaskEngine
from gradcli.data.engines.engine_request import EngineRequest, Keys
from gradcli.language.errors import EngineProblem

psutil = pytest.importorskip("psutil")
pytest.importorskip("distributed")


def listening(processes):
    """The addresses at which processes listen."""
    return {
        (process.pid, *one.laddr)
        for process in processes
        for one in process.net_connections("inet")
        if one.status == "LISTEN"
    }


@pytest.fixture
def ports(cluster):
    """Where the scheduler, the nannies and the workers listen."""
    workers = [psutil.Process(pid) for pid in cluster.workers]
    found = listening([psutil.Process(), *workers])
    assert len(found) >= 5  # scheduler, two nannies, two workers
    assert {host for _, host, _ in found} == {"127.0.0.1"}
    return sorted(port for _, _, port in found)


def answered(port, message, context=None):
    """What comes back from a port; nothing where it hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
        try:
            with context.wrap_socket(plain) if context else plain as stream:
                stream.sendall(message)
                return stream.recv(1000)
        except OSError:  # an alert, or the connection is reset
            return b""


def test_nothing_answers_without_the_key(ports):
    """Neither HTTP, nor TLS without a certificate, nor TLS with somebody else's."""
    from distributed import Security

    other = Security.temporary()
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    forged = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    forged.check_hostname, forged.verify_mode = False, ssl.CERT_NONE
    with tempfile.TemporaryDirectory() as folder:
        pair = [Path(folder, name) for name in ("cert.pem", "key.pem")]
        pair[0].write_text(other.tls_client_cert)
        pair[1].write_text(other.tls_client_key)
        forged.load_cert_chain(*pair)
    for port in ports:
        assert answered(port, b"GET /info/main/workers.html HTTP/1.0\r\n\r\n") == b""
        for context in (trusting, forged):
            assert answered(port, b"\0" * 64, context) == b""


def test_the_key_opens(ports, cluster):
    """So that the test before can fail: a client with the keys of this run is greeted."""
    keys, greeted = cluster.engine._cluster.security, 0
    context = keys.get_connection_args("client")["ssl_context"]
    for port in ports:
        greeted += (
            answered(port, b"", context) != b"" if not context else len(answered(port, b"\0", context)) > 0
        )
    assert greeted == len(ports)


def greeted(address, security):
    """Whether Dask's own way to a server there leads anywhere."""
    from distributed.comm import connect

    async def meet():
        comm = await connect(address, timeout=2, **security.get_connection_args("client"))
        await comm.close()

    try:
        asyncio.run(meet())
    except (OSError, RuntimeError, TypeError, ValueError):
        return False
    return True


def test_a_client_of_dask_without_the_key_gets_nowhere(cluster):
    """Nor one with other keys; one with those of this run does."""
    from distributed import Security

    address, own = cluster.engine._cluster.scheduler_address, cluster.engine._cluster.security
    assert greeted(address, own)
    for security in (Security(), Security.temporary()):
        for where in (address, address.replace("tls", "tcp")):
            assert not greeted(where, security), (where, security)


def test_nothing_is_put_on_the_disk(cluster):
    """The folder that workers begin with is this user's alone, and is gone when they are there."""
    assert not list(Path(tempfile.gettempdir()).glob(f"gradcli-engine-*/*/worker-*{os.getpid()}*"))
    scratch = [nanny.local_directory for nanny in cluster.engine._cluster.workers.values()]
    assert scratch and not any(Path(one).exists() for one in scratch)


def test_workers_of_other_versions_are_refused(cluster, run, tmp_path, monkeypatch):
    """With a sentence that says which, status 4."""
    (tmp_path / "a.csv").write_text("x\n1\n")
    monkeypatch.setattr(worker_versions, "versions", lambda: {"gradcli": "9.9", "Python": "4", "NumPy": "7"})
    ended = run("grad", "mean(a*x)", "--a", "1", "--data", tmp_path / "a.csv", *cluster.options)
    assert ended.status == 4 and "has other versions: gradcli is 0.2.0 there and 9.9 here" in ended.err


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "tls://127.0.0.1:9"])
def test_no_scheduler_there_is_a_sentence(address, monkeypatch, tmp_path):
    """After some patience."""
    monkeypatch.setattr(dask_engine, "_PATIENCE", 0.5)
    keys = Keys("no.pem", "no.pem", "no.pem") if address.startswith("tls") else None
    with pytest.raises(EngineProblem, match=r"no scheduler answers at|there is no file no\.pem"):
        DaskEngine(EngineRequest(address, keys=keys))


NEST = "; ".join(["e0 = a*x", *(f"e{i + 1} = sin(e{i})*x/2 + cos(e{i})" for i in range(30))]) + "; mean(e30)"

#: A cluster of one thread without keys, as somebody may have one; it ends when its standard input does.
SCHEDULER = """
import sys
from distributed import LocalCluster
if __name__ == "__main__":
    cluster = LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0", silence_logs=50)
    print(cluster.scheduler_address, flush=True)
    sys.stdin.read()
    import os
    os._exit(0)
"""


@pytest.fixture
def large(tmp_path):
    """A file that takes a worker a while."""
    numpy, pyarrow = pytest.importorskip("numpy"), pytest.importorskip("pyarrow")
    from pyarrow.parquet import write_table

    path = tmp_path / "large.parquet"
    write_table(pyarrow.table({"x": numpy.linspace(0, 1, 3_000_000)}), path, row_group_size=250_000)
    return str(path)


def started(environment, *arguments):
    """A command as a shell starts it, in a session of its own."""
    command = [sys.executable, "-m", "gradcli", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, env=environment, start_new_session=True, **pipes)


def workers_of(process):
    """The workers that a command has started, when there are two."""
    while process.poll() is None:
        with contextlib.suppress(
            psutil.NoSuchProcess
        ):  # a zombie is one too: helpers of the start come and go
            found = [
                one
                for one in psutil.Process(process.pid).children(recursive=True)
                if any("spawn_main" in word for word in one.cmdline())
            ]
            if len(found) >= 2 and all(listening([one]) for one in found):
                return psutil.Process(process.pid).children(recursive=True)
        time.sleep(0.05)
    raise AssertionError(process.communicate())


def gone(children):
    """Wait until processes are no more."""
    _, alive = psutil.wait_procs(children, timeout=30)
    return [one for one in alive if one.status() != psutil.STATUS_ZOMBIE] == []


ENGINE = ("--engine", "dask", "--engine-workers", "2", "--no-save")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_no_worker_is_left(number, environment, large):
    """Ctrl-C ends them, and so does the end of the command by force."""
    command = started(environment, "grad", NEST, "--a", "0.5", "--data", large, "--get", "value", *ENGINE)
    children = workers_of(command)
    command.send_signal(number)
    out, err = command.communicate()
    assert gone(children) and out == ""
    if number == signal.SIGINT:
        assert (command.returncode, err) == (130, "gradcli: interrupted\n")


def test_time_that_is_up_ends_them(environment, large):
    """Status 4, and nobody is left."""
    command = started(
        environment, "grad", NEST, "--a", "0.5", "--data", large, "--get", "value", *ENGINE, "--timeout", "4"
    )
    children = psutil.Process(command.pid).children(recursive=True)
    time.sleep(2)
    children += psutil.Process(command.pid).children(recursive=True)
    _, err = command.communicate()
    assert command.returncode == 4 and "time ran out" in err
    assert gone(children)


def test_a_scheduler_that_is_gone_is_a_sentence(environment, large, tmp_path):
    """In the middle of a pass: status 4, and nothing half written."""
    script = tmp_path / "scheduler.py"
    script.write_text(SCHEDULER)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, str(script)], env=environment, **pipes) as scheduler:
        address = scheduler.stdout.readline().strip()
        folder = tmp_path / "parts"
        command = started(
            environment, "grad", NEST.replace("mean(e30)", "e30"), "--a", "0.5", "--data", large,
            "--engine", address, "--out", f"{folder}/",
        )  # fmt: skip
        while not (folder / "_manifest.json").exists() and command.poll() is None:
            time.sleep(0.05)
        scheduler.stdin.close()
        out, err = command.communicate()
    assert (command.returncode, out) == (4, "")
    assert f"the scheduler of {address} is gone" in err
    from pyarrow.parquet import read_table

    for part in folder.glob("part-*.parquet"):  # what has its name is whole
        assert read_table(part).num_rows == 1_000_000
