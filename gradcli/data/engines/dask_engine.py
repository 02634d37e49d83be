"""A cluster of Dask: workers that are started here, or those of a scheduler that is there; and what they are told to do.

Workers on this machine speak TLS with keys that are made for this run and that no file keeps. They have no pages, put
nothing on the disk, and end with this process whatever ends it.
"""

from __future__ import annotations

import os
import queue
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

from gradcli.data.engines.dask_library import check_keys_can_be_made, configuration, dask_library
from gradcli.data.engines.engine_request import EngineRequest
from gradcli.data.engines.worker_versions import difference, introduced, last_places
from gradcli.language.errors import EngineProblem, GradcliError

#: Seconds after which a scheduler that does not answer is not there.
_PATIENCE = 20

#: Seconds between looks at whether the scheduler is still there.
_LOOK = 0.5

#: Bytes of memory of a worker that does not say how much it has.
_UNKNOWN = 10**9

#: Of each worker. Dask's own has memory given back at once: then every array of a block is asked of the system anew.
_ENVIRONMENT = {
    "MALLOC_TRIM_THRESHOLD_": 2**28, "MALLOC_MMAP_THRESHOLD_": 2**25, "OMP_NUM_THREADS": 1, "MKL_NUM_THREADS": 1,
    "OPENBLAS_NUM_THREADS": 1,
}  # fmt: skip

#: Dask's settings for workers on this machine: nothing goes to the disk, and memory is freed by us and not by pausing.
_SETTINGS = {
    "distributed.worker.memory.target": False, "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False, "distributed.worker.memory.terminate": 0.95,
    "distributed.scheduler.allowed-failures": 3, "distributed.worker.profile.enabled": False,
    "distributed.nanny.pre-spawn-environ": _ENVIRONMENT, "distributed.admin.system-monitor.gil.enabled": False,
}  # fmt: skip


class Task:
    """Something that a worker does; `result` gives what came of it, or raises."""

    __slots__ = ("future",)

    def __init__(self, future: Any) -> None:
        self.future = future


class DaskEngine:
    """Workers. threads: how many things they do at a time. memory: bytes that they have together. remark: about their bits."""

    def __init__(self, request: EngineRequest) -> None:
        """Start them, or find them. Raises ExtraProblem, and EngineProblem where there are none or they are other ones."""
        self.name = request.address or "dask"
        self._cluster: Any = None
        self._client: Any = None
        self._scratch: str | None = None
        self.remark: str | None = None
        self.threads = self.memory = 0
        try:
            with self._explained():
                if request.address is None:
                    self._start(request.workers or _processors())
                else:
                    self._find(request)
                self._meet()
        except BaseException:
            self.close()
            raise

    def _start(self, workers: int) -> None:
        """Workers on this machine, one thread each."""
        from tempfile import mkdtemp

        library = dask_library()
        check_keys_can_be_made()
        from gradcli.data.engines.silent_servers import silent

        keys, self._scratch = library.Security.temporary(), mkdtemp(prefix="gradcli-engine-")
        configuration().set(_SETTINGS)
        common = {"host": "127.0.0.1", "protocol": "tls://", "security": keys}
        silence = 60
        options = {
            **common, "nthreads": 1, "worker_class": silent("Worker"), "local_directory": self._scratch,
            "memory_limit": library.system.MEMORY_LIMIT // workers, "silence_logs": silence, "dashboard": False,
        }  # fmt: skip
        scheduler = {"cls": silent("Scheduler"), "options": {**common, "port": 0, "dashboard": False}}
        worker = {"cls": library.Nanny, "options": options}
        self._cluster = library.SpecCluster(
            workers=dict.fromkeys(range(workers), worker), scheduler=scheduler, worker=worker, security=keys,
            silence_logs=silence, scheduler_sync_interval=3600,
        )  # fmt: skip
        self._client = library.Client(self._cluster, set_as_default=False)
        self._client.wait_for_workers(workers, timeout=_PATIENCE * 3)
        self._forget_scratch()

    def _find(self, request: EngineRequest) -> None:
        """The cluster of a scheduler."""
        library, security = dask_library(), None
        if request.keys is not None:
            for file in request.keys:
                if not Path(file).is_file():
                    raise EngineProblem(f"--engine-tls: there is no file {file}")
            security = library.Security(
                require_encryption=True, tls_ca_file=request.keys.authority,
                tls_client_cert=request.keys.certificate, tls_client_key=request.keys.key,
            )  # fmt: skip
        with warnings.catch_warnings():  # of other versions: those that matter are looked at
            warnings.simplefilter("ignore")
            self._client = library.Client(
                request.address, security=security, timeout=_PATIENCE, set_as_default=False
            )

    def _meet(self) -> None:
        """Know the workers. Raises EngineProblem where there are none, or one has other versions."""
        import json

        found = self._client.run(introduced)
        if not found:
            raise EngineProblem(f"the cluster at {self.name} has no workers")
        for worker, said in found.items():
            known = json.loads(said)
            if (other := difference(known["versions"])) is not None:
                raise EngineProblem(f"worker {worker} has other versions: {other}")
            if known["last_places"] != last_places():
                self.remark = (
                    "functions such as exp have other last places on the workers than here: so may the answer"
                )
            self.memory += known["memory"] or _UNKNOWN
        self.threads = sum(self._client.nthreads().values())

    def begin(self, function: Callable[..., Any], *arguments: Any) -> Task:
        """Have a worker do it. Arguments may be tasks: then what came of them, which a worker holds."""
        plain = [one.future if isinstance(one, Task) else one for one in arguments]
        with self._explained():
            return Task(self._client.submit(function, *plain, pure=False))

    def each(
        self, jobs: Iterable[tuple[Callable[..., Any], tuple[Any, ...]]], together: int | None = None
    ) -> Iterator[tuple[int, Any]]:
        """Have workers do the jobs; their numbers and results as they come. together: so many are begun at a time.

        Raises EngineProblem where workers or the scheduler are lost.
        """
        done: queue.SimpleQueue[int] = queue.SimpleQueue()
        waiting, begun = enumerate(jobs), dict[int, Task]()
        together = together or 4 * self.threads
        try:
            while True:
                while len(begun) < together and (job := next(waiting, None)) is not None:
                    number, (function, arguments) = job
                    begun[number] = task = self.begin(function, *arguments)
                    task.future.add_done_callback(lambda _, number=number: done.put(number))
                if not begun:
                    return
                number = self._next(done)
                yield number, self.result(begun.pop(number))
        finally:
            with suppress(Exception):
                for task in begun.values():
                    task.future.cancel()

    def _next(self, done: queue.SimpleQueue[int]) -> int:
        while True:
            try:
                return done.get(timeout=_LOOK)
            except queue.Empty:
                if self._client.status != "running":
                    self._gone()

    def result(self, task: Task) -> Any:
        """What came of a task. Raises EngineProblem where nothing did."""
        with self._explained():
            while True:
                with suppress(TimeoutError):  # who had it may be gone, and another works on it again
                    return task.future.result(timeout=_PATIENCE)
                if self._client.status != "running":
                    self._gone()

    def _gone(self, cause: BaseException | None = None) -> NoReturn:
        raise EngineProblem(f"the scheduler of {self.name} is gone") from cause

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """What goes wrong between processes, as a sentence of ours."""
        from asyncio import CancelledError as Cancelled
        from concurrent.futures import CancelledError

        library = dask_library()
        try:
            yield
        except GradcliError:
            raise
        except library.KilledWorker as error:
            raise EngineProblem(
                "workers ended again and again while they worked on one part",
                hint="with too little memory for it, perhaps: fewer workers (--engine-workers), or a smaller --cache",
            ) from error
        except (ModuleNotFoundError, AttributeError) as error:
            if "gradcli" not in str(error):
                raise
            raise EngineProblem(f"the workers of {self.name} have no gradcli, or another version") from error
        except (CancelledError, Cancelled, TimeoutError, OSError) as error:
            if not self.threads:
                raise EngineProblem(f"no scheduler answers at {self.name}") from error
            self._gone(error)

    def close(self) -> None:
        """Let the workers go, and end those that were started here."""
        cluster, client = self._cluster, self._client
        self._cluster = self._client = None
        for nanny in cluster.workers.values() if cluster is not None else ():
            nanny.auto_restart = False
            with suppress(OSError, TypeError):
                os.kill(nanny.pid, 9)  # it holds nothing that anybody wants to keep
        for one in (client, cluster):
            if one is not None:
                with suppress(Exception):
                    one.close(timeout=2)
        self._forget_scratch()

    def _forget_scratch(self) -> None:
        """Remove the folder that workers begin with: they put nothing there, and whatever ends this process leaves none."""
        if self._scratch is not None:
            from shutil import rmtree

            rmtree(self._scratch, ignore_errors=True)


def _processors() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
