"""What may be typed of an engine, and what only may be typed."""

from __future__ import annotations

import json

import pytest

from gradcli.data.engines import dask_library
from gradcli.data.engines.engine_request import EngineRequest, Keys, engine_request, size_of
from gradcli.data.engines.worker_versions import difference, introduced, versions
from gradcli.language.errors import UsageProblem


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (("dask",), EngineRequest()),
        (("dask", 3, 2_000), EngineRequest(None, 3, 2_000)),
        (("tcp://localhost:8786",), EngineRequest("tcp://localhost:8786")),
        (("tcp://[::1]:8786", None, 0), EngineRequest("tcp://[::1]:8786", None, 0)),
        (
            ("dask://h-1.example:1", None, None, "ca.pem, c.pem,k.pem"),
            EngineRequest("tls://h-1.example:1", None, None, Keys("ca.pem", "c.pem", "k.pem")),
        ),
    ],
)
def test_engines_that_there_are(typed, found):
    """TLS unless tcp is typed."""
    assert engine_request(*typed) == found


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("spark",), "there is no such engine"), (("",), "there is no such engine"), (("dask://",), "there is no such engine"),
        (("dask://host",), "there is no such engine"), (("tcp://host:99999",), "there is no such engine"),
        (("tcp://host:0",), "there is no such engine"), (("tcp://u@host:1",), "there is no such engine"),
        (("tls://host:1",), "there is no such engine"), (("dask://host:1/path",), "there is no such engine"),
        (("inproc://1/2/3",), "there is no such engine"), (("tcp://host:1\n",), "there is no such engine"),
        (("dask://host:1",), "needs keys"), (("dask://host:1", None, None, "a,b"), "three files"),
        (("dask://host:1", None, None, "a,,c"), "three files"), (("dask", None, None, "a,b,c"), "keys of a cluster"),
        (("tcp://host:1", None, None, "a,b,c"), "keys of a cluster"), (("tcp://host:1", 2), "has its own"),
    ],
)  # fmt: skip
def test_what_is_no_engine_is_a_sentence(typed, words):
    """UsageProblem."""
    with pytest.raises(UsageProblem, match=words):
        engine_request(*typed)


@pytest.mark.parametrize(
    ("text", "size"),
    [("0", 0), ("12", 12), ("2GB", 2 * 10**9), ("1.5 mb", 1_500_000), ("3kB", 3_000), ("1TB", 10**12), ("", None),
     ("-1", None), ("2 GiB", None), ("1e9", None), ("GB", None)],
)  # fmt: skip
def test_sizes(text, size):
    """With the units of the metric system."""
    assert size_of(text) == size


@pytest.fixture
def file(tmp_path):
    """A file of two rows."""
    path = tmp_path / "points.csv"
    path.write_text("x\n1\n2\n")
    return str(path)


@pytest.mark.parametrize(
    ("options", "words", "status"),
    [
        (("--cache", "2GB"), "--cache is about an engine", 2),
        (("--engine-workers", "2"), "--engine-workers is about an engine", 2),
        (("--engine", "dask", "--cache", "much"), "--cache much: it is no size", 2),
        (("--engine", "dask", "--engine-workers", "0"), "--engine-workers", 2),
        (("--engine", "duck"), "there is no such engine", 2),
        (("--engine", "dask", "--limit", "service"), "--limit service turns", 4),
    ],
)
def test_a_command_line_that_makes_no_sense(options, words, status, run, file):
    """A sentence, before any worker is started."""
    ended = run("grad", "mean(a*x)", "--a", "1", "--data", file, *options)
    assert ended.status == status and words in ended.err and ended.out == ""


@pytest.mark.parametrize(
    "command",
    [("grad", "x**2", "--x", "1"), ("step", "x**2", "--x", "1", "--lr", "0.1"), ("minimize", "x**2", "--x", "1"), ("grad",)],
)  # fmt: skip
def test_an_engine_needs_files(command, run):
    """Typed, or those of the session."""
    if len(command) == 1:
        run("grad", "x**2", "--x", "1")
    ended = run(*command, "--engine", "dask")
    assert ended.status == 2 and "--engine is about files of data" in ended.err


def test_a_loss_that_must_be_written_out_is_refused(run, file):
    """What workers cannot do is not done here in silence."""
    ended = run("grad", "prod(a*x[i], i, 0, count()-1)", "--a", "1", "--data", file, "--engine", "dask")
    assert ended.status == 2 and "written out" in ended.err


def test_tables_go_into_a_folder(run, file):
    """Each part is written by who reads it."""
    ended = run("grad", "a*x", "--a", "1", "--data", file, "--engine", "dask")
    assert ended.status == 2 and "--out NAME/" in ended.err


def test_no_problem_names_an_engine(run, monkeypatch):
    """Neither JSON nor the environment: nothing connects anywhere."""
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", "tcp://127.0.0.1:9")
    monkeypatch.setenv("GRADCLI_ENGINE", "tcp://127.0.0.1:9")
    text = json.dumps({"expression": "x**2", "at": {"x": 3}, "engine": "tcp://127.0.0.1:9", "cache": 3})
    assert run("grad", "-", "--get", "value", text=text).out == "9.0\n"


def test_options_of_engines_are_no_variables(run, file):
    """A name of the expression that is an option's too is told; --at has it."""
    ended = run("grad", "mean(engine*x)", "--engine", "1", "--data", file)
    assert ended.status == 2 and "engine" in ended.err
    assert run("grad", "mean(engine*x)", "--at", "engine=2", "--data", file, "--get", "value").out == "3.0\n"


@pytest.mark.parametrize("missing", ["distributed", "cryptography"])
def test_without_the_extra_it_is_a_sentence(missing, run, file, monkeypatch):
    """With what brings it, status 4."""
    if missing == "cryptography":
        pytest.importorskip("distributed")
    found = dask_library.find_spec
    monkeypatch.setattr(dask_library, "find_spec", lambda name: None if name == missing else found(name))
    ended = run("grad", "mean(a*x)", "--a", "1", "--data", file, "--engine", "dask")
    assert ended.status == 4 and 'pip install "gradcli[dask]"' in ended.err and missing in ended.err


def test_versions_that_differ_are_told():
    """Which, and how."""
    assert difference(json.loads(introduced())["versions"]) is None
    assert difference({**versions(), "NumPy": "0.1"}).startswith("NumPy is 0.1 there and ")
    assert difference(None) and difference({})
