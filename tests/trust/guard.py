"""A process that runs command lines under watch. Run: guard.py < JOBS, where each line of JOBS is one job.

A job is a JSON object with `args`, and `stdin` where there is some. For each job one line of JSON is answered: status,
out, err, seconds, and `deeds`: what the audit hook saw that no formula may cause. Imports are let through: code that
the import system loads from a file of an installed package is gradcli's own, not the user's.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import re
import signal
import sys
import sysconfig
from pathlib import Path
from typing import Any

HOME = os.path.realpath(os.environ["GRADCLI_HOME"])
OURS = Path(__file__).resolve().parents[2]
ROOTS = tuple(
    os.path.realpath(path)
    for path in (
        sysconfig.get_path("stdlib"),
        sysconfig.get_path("purelib"),
        sysconfig.get_path("platlib"),
        OURS,
    )
)
FORBIDDEN = re.compile(
    r"subprocess|socket|ctypes|pickle|pty|os\.(system|exec|spawn|posix_spawn|fork|forkpty|kill|putenv|startfile)|"
    r"shutil|urllib|http|ftplib|smtplib|webbrowser|code\.__new__|marshal\.dumps|cpython\.run|sys\.addaudithook"
)
CHANGING = (
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.chmod",
    "os.truncate",
    "os.utime",
)
#: Modules of the standard library that make classes from text of their own while they are imported.
MAKERS = ("collections/__init__.py", "dataclasses.py", "typing.py", "enum.py", "functools.py", "pathlib.py")
#: Modules of the libraries that write loops for a shape of series or of monomials, from numbers alone.
GENERATORS = ("mpmath/libmp/libhyper.py", "sympy/polys/monomials.py")
deeds: list[str] = []
programs: set[str] = set()
series: set[str] = set()
watching = False


def watch(event: str, args: tuple[Any, ...]) -> None:
    """The audit hook: note what is not allowed, once watching began."""
    if not watching:
        return
    if event in ("compile", "code.__new__") and any(str(part).endswith(".pyx") for part in args):
        pass  # the line of a compiled library in a traceback
    elif event in ("exec", "compile"):
        _code(event, args)
    elif event == "open":
        _open(*args)
    elif event == "sqlite3.connect" or event in CHANGING:
        _inside(event, args[0])
    elif event == "marshal.loads":
        if "importlib" not in sys._getframe(1).f_code.co_filename:
            deeds.append(event)
    elif event == "os.fork" or (event == "os.kill" and args[1] == signal.SIGKILL):
        pass  # a costly call of C is made in a child, which is ended
    elif FORBIDDEN.match(event):
        deeds.append(f"{event} {args!r}"[:200])


def _code(event: str, args: tuple[Any, ...]) -> None:
    source = args[0]
    name = args[1] if event == "compile" else source.co_filename
    caller = sys._getframe(2).f_code.co_filename
    if isinstance(name, bytes):
        name = name.decode()
    if str(name) == "<program>" and event == "compile":
        programs.add(source.decode() if isinstance(source, bytes) else str(source))
    elif caller.endswith(GENERATORS):
        if event == "compile":
            series.add(source.decode() if isinstance(source, bytes) else str(source))
    elif "importlib" in caller and (
        str(name).startswith("<frozen ") or os.path.realpath(str(name)).startswith(ROOTS)
    ):
        return
    elif not caller.endswith(MAKERS):
        deeds.append(f"{event} {name} from {caller}")


def _open(path: Any, mode: Any, flags: int) -> None:
    if isinstance(path, int):
        return  # a descriptor: what it stands for was seen when it was opened
    writing = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
    writing = writing or bool(set(str(mode or "")) & set("wax+"))
    if writing and str(path) != os.devnull:
        _inside("open for writing", path)
    else:
        place = os.path.realpath(os.fsdecode(path))
        if not place.startswith(
            (*ROOTS, HOME, sys.prefix, sys.base_prefix, "/usr", "/proc/self", "/dev", "/lib")
        ):
            deeds.append(f"open {place}")


def _inside(event: str, path: Any) -> None:
    text = os.fsdecode(path).removeprefix("file:").partition("?")[0]
    if text != ":memory:" and not os.path.realpath(text).startswith(HOME):
        deeds.append(f"{event} {text}")


def spent() -> float:
    """Seconds of processor, those of children that have ended with them: a busy machine makes nothing slow."""
    return sum(os.times()[:4])


def run_job(job: dict[str, Any]) -> dict[str, Any]:
    """One command line in this process, its streams captured."""
    from gradcli.cli import run

    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", errors="backslashreplace") for _ in range(2))
    stdin = io.TextIOWrapper(
        io.BytesIO(job.get("stdin", "").encode("utf-8", "surrogatepass")), "utf-8", errors="surrogateescape"
    )
    streams = sys.stdout, sys.stderr, sys.stdin
    sys.stdout, sys.stderr, sys.stdin = out, err, stdin
    started = spent()
    trace = None
    try:
        status: Any = run([str(part) for part in job["args"]])
    except BaseException as error:
        status, trace = None, f"{type(error).__name__}: {error}"[:300]
    finally:
        sys.stdout, sys.stderr, sys.stdin = streams
    took = spent() - started
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode("utf-8", "replace"))
    found, deeds[:] = list(deeds), []
    return {
        "status": status,
        "out": texts[0][:20_000],
        "err": texts[1][:20_000],
        "seconds": took,
        "deeds": found,
        "trace": trace,
    }


def main() -> None:
    """Load the libraries, which make code of their own while they are loaded, then watch."""
    global watching  # noqa: PLW0603  (what the hook looks at)
    for library in ("flint", "sympy", "mpmath", "numpy", "matplotlib"):
        with contextlib.suppress(ImportError):
            importlib.import_module(library)
    sys.dont_write_bytecode = True
    sys.addaudithook(watch)
    watching = True
    for line in sys.stdin:
        print(json.dumps(run_job(json.loads(line))), flush=True)
    print(json.dumps({"programs": sorted(programs | series)[:500]}), flush=True)


if __name__ == "__main__":
    main()
