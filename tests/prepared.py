"""Programs without their start-up: `python -m NAME` in a process that is forked from one that has loaded the libraries.

What is tested is a process all the same: its own descriptors, environment, folder, status and end. Starting Python and
loading sympy takes it nothing, which is most of what a command costs. Where start-up itself is tested, or terminals and
signals, processes are started as a shell starts them: the fixtures `shell` and `environment`. GRADCLI_TRUST=all starts
all of them so.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import importlib
import os
import pkgutil
import runpy
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent

#: Whether every program is started as a shell starts it.
ALL = os.environ.get("GRADCLI_TRUST") == "all"

#: Seconds after which a program hangs, however busy the machine is.
HANGS = 1800

#: What is loaded before the first program is asked for.
LIBRARIES = ("sympy", "mpmath", "flint", "numpy", "matplotlib", "rich.console", "click")

#: A command named gradcli that hands its descriptors over, and starts the program itself where that cannot be done.
CLIENT = """#!{python} -IS
import os, sys, _socket
words = ["gradcli", *sys.argv[1:]]
try:
    if None in (sys.stdin, sys.stdout, sys.stderr):
        raise OSError  # one that is closed has no number to hand over
    link = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    link.connect({address!r})
    facts = [os.fsencode(text) for text in (os.getcwd(), str(len(words)), *words,
                                            *(f"{{name}}={{text}}" for name, text in os.environ.items()))]
    body = b"\\0".join(facts)
    given = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))
    link.sendmsg([len(body).to_bytes(8, "big")], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, given)])
except OSError:
    os.execv({python!r}, [{python!r}, "-m", *words])
while body:
    body = body[link.send(body):]
for number in (0, 1):
    try:
        os.close(number)  # who reads from a pipe is told of its end when the program ends
    except OSError:
        pass
status = int.from_bytes(link.recv(1) or b"\\1", "big")
os._exit(status)
"""


class Server(NamedTuple):
    """A process that has loaded the libraries, and where it listens."""

    process: subprocess.Popen[bytes]
    address: str

    def client(self, script: Path) -> Path:
        """Write a command named gradcli that asks it."""
        script.write_text(CLIENT.format(python=sys.executable, address=self.address))
        script.chmod(0o755)
        return script


@functools.cache
def server() -> Server:
    """The server of this process, started when it is first asked for; it ends with this process."""
    folder = tempfile.mkdtemp(prefix="gradcli-")
    address = str(Path(folder) / "door")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.prepared", address], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None
    atexit.register(_end, process)
    assert process.stdout.readline() == b"ready\n"
    return Server(process, address)


def _end(process: subprocess.Popen[bytes]) -> None:
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
    process.wait(60)


def run(
    name: str,
    *arguments: str,
    text: str | bytes = "",
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    fresh: bool = ALL,
) -> subprocess.CompletedProcess[str]:
    """`python -m NAME ARGUMENTS`: its status, and what it wrote; *fresh* starts it as a shell does."""
    content = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    environment = {**(os.environ if env is None else env), "PYTHONPATH": str(ROOT)}
    if fresh:
        done = subprocess.run([sys.executable, "-m", name, *arguments], input=content, capture_output=True,
                              env=environment, cwd=cwd, check=False, timeout=HANGS)  # fmt: skip
        status, out, err = done.returncode % 256, done.stdout, done.stderr
    else:
        status, out, err = _asked([str(cwd or Path.cwd()), name, *arguments], content, environment)
    return subprocess.CompletedProcess(
        [name, *arguments], status, out.decode("utf-8", "replace"), err.decode("utf-8", "replace")
    )


def _asked(words: list[str], content: bytes, environment: Mapping[str, str]) -> tuple[int, bytes, bytes]:
    folder, *words = words
    facts = [folder, str(len(words)), *words, *(f"{name}={value}" for name, value in environment.items())]
    body = b"\0".join(map(os.fsencode, facts))
    with contextlib.ExitStack() as opened:
        files = [opened.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
        files[0].write(content)
        files[0].seek(0)
        link = opened.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
        link.settimeout(HANGS)
        link.connect(server().address)
        socket.send_fds(link, [len(body).to_bytes(8, "big")], [file.fileno() for file in files])
        link.sendall(body)
        status = int.from_bytes(link.recv(1), "big")
        for file in files:
            file.seek(0)
        return status, files[1].read(), files[2].read()


def _serve(address: str) -> None:
    for name in LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    import gradcli

    for module in pkgutil.walk_packages(gradcli.__path__, "gradcli."):
        if not module.name.endswith("__main__"):
            with contextlib.suppress(ImportError):
                importlib.import_module(module.name)
    gc.freeze()  # the libraries are no garbage: a child that looked through them would copy the memory that they are in
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    door.bind(address)
    door.listen(64)
    print("ready", flush=True)
    while sys.stdin not in select.select([door, sys.stdin], [], [])[0]:  # which ends with who started this
        link, _ = door.accept()
        if os.fork() == 0:
            door.close()
            _attend(link)
        link.close()
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
    shutil.rmtree(Path(address).parent)


def _attend(link: socket.socket) -> None:
    """Run one program in a child of this child, and tell how it ended."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    head, descriptors, _, _ = socket.recv_fds(link, 8, 3)
    length, body = int.from_bytes(head, "big"), b""
    while len(body) < length:
        body += link.recv(1 << 20)
    child = os.fork()
    if child == 0:
        link.close()
        os._exit(_run([os.fsdecode(fact) for fact in body.split(b"\0")], descriptors))
    for descriptor in descriptors:
        os.close(descriptor)
    _, ended = os.waitpid(child, 0)
    link.sendall((os.waitstatus_to_exitcode(ended) % 256).to_bytes(1, "big"))
    os._exit(0)


def _run(facts: list[str], descriptors: list[int]) -> int:
    """The status of a program in this process, whose descriptors, folder and environment become those that are given."""
    folder, count, *rest = facts
    words, environment = rest[: int(count)], rest[int(count) :]
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(pair.split("=", 1) for pair in environment)
    sys.argv = words
    status: object = 0
    try:
        runpy.run_module(words[0], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        status = end.code
    except BaseException:
        traceback.print_exc()
        status = 1
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    return status if isinstance(status, int) else status is not None


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _serve(sys.argv[1])
