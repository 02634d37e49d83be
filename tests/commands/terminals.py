"""A real terminal: a command under a pty of a given width, and what it wrote there."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import struct
import subprocess
import termios
import time
from collections.abc import Iterator


def drained(main: int) -> Iterator[bytes]:
    """What arrives at the terminal until its last program is gone."""
    with contextlib.suppress(OSError):  # Linux says so when the other end closes
        while chunk := os.read(main, 65536):
            yield chunk


def on_terminal(arguments, environment, folder, columns=80, stderr_too=True):
    """Run a command whose stdin, stdout and stderr are a terminal; its status and what it wrote."""
    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    env = {key: value for key, value in environment.items() if key not in ("COLUMNS", "LINES")}
    process = subprocess.Popen(
        arguments, stdin=side, stdout=side, stderr=side if stderr_too else subprocess.DEVNULL,
        env={"TERM": "xterm-256color", **env}, cwd=folder, start_new_session=True,
    )  # fmt: skip
    os.close(side)
    text = b"".join(drained(main)).decode().replace("\r\n", "\n")
    os.close(main)
    return process.wait(60), text


def interrupted(arguments, environment, folder, after):
    """Run a command, press Ctrl-C once its first output contains *after*; its status and both outputs."""
    import signal

    process = subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment,
        cwd=folder, start_new_session=True,
    )  # fmt: skip
    seen = b""
    deadline = time.monotonic() + 60
    while after not in seen and time.monotonic() < deadline:
        seen += os.read(process.stdout.fileno(), 65536)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    return process.returncode, (seen + out).decode(), err.decode()
