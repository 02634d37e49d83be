"""Files at addresses: what an address may say, that nobody else is asked, and the same rows as from a file here."""

import http.server
import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from gradcli.data.readers.column_reading import blocks, header
from gradcli.data.readers.data_files import base_name, matching_files, opened_file
from gradcli.data.readers.file_formats import file_format
from gradcli.data.readers.file_identity import file_identity, is_changed
from gradcli.data.remote import file_systems
from gradcli.data.remote.addresses import Address, address_of, is_address, local_path
from gradcli.language.errors import GradcliError, InputProblem, UsageProblem

fs = pytest.importorskip("pyarrow.fs", reason="files at addresses need the extra gradcli[data]")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("s3://bucket/day.csv", Address("s3", "bucket", "day.csv")),
        ("S3://bucket/a/b c#d.csv", Address("s3", "bucket", "a/b c#d.csv")),
        ("s3://bucket/day-?.csv", Address("s3", "bucket", "day-?.csv")),
        (
            "s3://b-1/x?.csv?region=eu-central-1&anonymous=true",
            Address("s3", "b-1", "x?.csv", "eu-central-1", True, "?region=eu-central-1&anonymous=true"),
        ),
        ("gs://bucket/x.csv?anonymous=true", Address("gs", "bucket", "x.csv", None, True, "?anonymous=true")),
        ("hdfs://name.node:8020/data/x.csv", Address("hdfs", "name.node:8020", "data/x.csv")),
    ],
)
def test_an_address_is_taken_apart(text, address):
    """Scheme, bucket or host, path, and the two things that may stand behind it."""
    assert is_address(text) and address_of(text) == address


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("s3://bucket/x.csv?endpoint_override=127.0.0.1:9&scheme=http", "endpoint_override= is nothing"),
        ("s3://bucket/x.csv?scheme=http", "scheme= is nothing"),
        ("s3://bucket?endpoint_override=h/x.csv", "endpoint_override= is nothing"),
        ("s3://bucket/x.csv?region=us-east-1&endpoint_override=h", "endpoint_override= is nothing"),
        ("s3://bucket/x.csv?region=us-east-1&region=us-east-2", "region= in an address"),
        ("s3://bucket/x.csv?region=evil.org/", "region= in an address"),
        ("s3://bucket/x.csv?region=", "region= in an address"),
        ("s3://bucket/x.csv?anonymous=1", "anonymous= in an address"),
        ("s3://bucket/x.csv?access_key=HIDDEN", "access_key= is nothing"),
        ("gs://bucket/x.csv?region=eu", "region= is nothing"),
        ("hdfs://host/x.csv?user=root", "user= is nothing"),
        ("s3://KEY:HIDDEN@bucket/x.csv", "not who asks"),
        ("https://user:HIDDEN@host/x.csv", "https:// is no kind"),
        ("ftp://host/x.csv", "ftp:// is no kind"),
        ("s3a://bucket/x.csv", "s3a:// is no kind"),
        ("s3://bu:cket/x.csv", "stands a bucket"),
        ("s3:///x.csv", "stands a bucket"),
        ("s3://bucket", "names no file"),
        ("s3://bucket/", "names no file"),
        ("hdfs:///x.csv", "stands a host"),
        ("hdfs://a,b/x.csv", "stands a host"),
        ("file://host/x.csv", "path on this machine"),
        ("file:///x.csv?region=eu", "path on this machine"),
    ],
)
def test_what_no_address_says(text, said, monkeypatch):
    """Refused before anything is asked, in a sentence without the secrets."""
    monkeypatch.setattr(file_systems, "_connected", lambda _: pytest.fail("asked"))
    with pytest.raises(UsageProblem, match=re.escape(said)) as error:
        matching_files([text])
    assert "HIDDEN" not in f"{error.value.message} {error.value.hint}"


def test_names_of_files_are_no_addresses():
    """Drives of one letter, colons, and a scheme that is not at the beginning."""
    for text in ("C://x.csv", "a:b.csv", "./s3://b/x.csv", "s3:/b/x.csv", "x.csv"):
        assert not is_address(text) and local_path(text) is None


def test_an_address_of_this_machine_is_a_path(tmp_path, run):
    """`file://`, with signs that are written as numbers."""
    (tmp_path / "a b.csv").write_text("x\n1\n2\n")
    address = f"file://{str(tmp_path).replace('/', '//', 1)}/a%20b.csv"
    assert (
        matching_files([address]) == (f"/{tmp_path!s}/a b.csv",)
        or Path(matching_files([address])[0]).exists()
    )
    ended = run("grad", "sum(a*x)", "--data", f"file://{tmp_path}/a%20b.csv", "--a", 2, "--format", "json")
    assert (
        json.loads(ended.out)["value"] == 6.0
        and json.loads(ended.out)["data"]["files"][0]["file"] == "a b.csv"
    )
    assert run("step", "--lr", 1, "--get", "after.a").out == "-1.0\n"


TABLE = "x,y\n" + "".join(f"{k},{k / 4}\n" for k in range(200))


@pytest.fixture(params=["local", "mock"])
def store(request, tmp_path, monkeypatch):
    """PyArrow's local or mock file system in the place of a bucket's."""
    local = fs.SubTreeFileSystem(str(tmp_path), fs.LocalFileSystem())
    system = local if request.param == "local" else fs._MockFileSystem()
    monkeypatch.setattr(file_systems, "_connected", lambda _: system)

    def put(path, content):
        system.create_dir(str(Path(path).parent), recursive=True)
        with system.open_output_stream(path, compression=None) as stream:
            stream.write(content.encode() if isinstance(content, str) else content)

    for name in ("day-1.csv", "day-2.csv", ".day-3.csv", "sub/day-1.csv", "sub/deep/day-9.csv", "other.txt"):
        put(f"bucket/{name}", TABLE)
    return put


def rows(files, names=("x", "y")):
    return [tuple(column.tolist()) for block in blocks(files, names) for column in block.values]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("day-*.csv", ["day-1.csv", "day-2.csv"]),
        ("day-?.csv?region=eu-west-1", ["day-1.csv?region=eu-west-1", "day-2.csv?region=eu-west-1"]),
        ("day-[2-9].csv", ["day-2.csv"]),
        (".day-*.csv", [".day-3.csv"]),
        ("*/day-*.csv", ["sub/day-1.csv"]),
        ("**/day-*.csv", ["day-1.csv", "day-2.csv", "sub/day-1.csv", "sub/deep/day-9.csv"]),
        ("sub/*/*", ["sub/deep/day-9.csv"]),
        ("other.txt", ["other.txt"]),
    ],
)
@pytest.mark.usefixtures("store")
def test_patterns_are_those_of_files_here(pattern, found):
    """In one order, hidden files left out, `**` for folders."""
    assert matching_files([f"s3://bucket/{pattern}"]) == tuple(f"s3://bucket/{one}" for one in found)


@pytest.mark.usefixtures("store")
def test_the_same_rows_as_from_a_file_here(tmp_path):
    """Text, headers, formats by the ending, names, and what tells one file from another."""
    (tmp_path / "here.csv").write_text(TABLE)
    here, there = str(tmp_path / "here.csv"), "s3://bucket/day-1.csv?anonymous=true"
    assert rows([there]) == rows([here]) and header(there) == ("x", "y")
    assert file_format(there).name == "csv" and base_name(there) == "day-1.csv"
    kept, own = file_identity(there), file_identity(here)
    assert kept.path == there and not is_changed(own._replace(path=there), kept)


def test_every_kind_of_file(store, tmp_path):
    """Compressed text, Parquet and Arrow: what needs to know sizes and to go back."""
    import gzip

    import pyarrow
    from pyarrow import feather, parquet

    table = pyarrow.table({"x": [float(k) for k in range(200)], "y": [k / 4 for k in range(200)]})
    parquet.write_table(table, tmp_path / "a.parquet", row_group_size=30)
    feather.write_feather(table, str(tmp_path / "a.arrow"), compression="uncompressed")
    for name in ("a.parquet", "a.arrow"):
        store(f"bucket/{name}", (tmp_path / name).read_bytes())
    store("bucket/a.csv.gz", gzip.compress(TABLE.encode()))
    store("bucket/a.jsonl", "".join(f'{{"x": {k}, "y": {k / 4}}}\n' for k in range(200)))
    for name in ("a.parquet", "a.arrow", "a.csv.gz", "a.jsonl"):
        pieces = [block.values for block in blocks([f"gs://bucket/{name}"], ("x", "y"))]
        assert [x for piece in pieces for x in piece[0]] == [float(k) for k in range(200)], name
        assert [y for piece in pieces for y in piece[1]] == [k / 4 for k in range(200)], name


@pytest.mark.usefixtures("store")
def test_what_is_not_there_is_a_sentence():
    """A file, a folder, a pattern that nothing fits."""
    for text, said in (
        ("s3://bucket/none.csv", "there is no such file"),
        ("s3://bucket/sub", "is a folder"),
    ):
        with pytest.raises(InputProblem, match=said):
            opened_file(text)
    with pytest.raises(InputProblem, match="no file matches"):
        matching_files(["s3://bucket/*.parquet"])
    with pytest.raises(UsageProblem, match="read twice"):
        matching_files(["s3://bucket/day-1.csv", "s3://bucket/day-*.csv"])


@pytest.mark.usefixtures("store")
class TestCommands:
    """Addresses on a command line, and nowhere else."""

    LOSS = ("mean((y - a*x)**2)", "--a", 1)

    def test_a_loss_and_its_descent(self, run):
        """The same numbers, and base names in the answer."""
        words = ("grad", *self.LOSS, "--data", "s3://bucket/day-*.csv", "--format", "json")
        found = json.loads(run(*words).out)
        assert found["rows"] == 400 and found["value"] == sum((k / 4 - k) ** 2 for k in range(200)) / 200
        assert [one["file"] for one in found["data"]["files"]] == ["day-1.csv", "day-2.csv"]
        assert run("minimize", *words[1:-2], "--get", "x.a").out == "0.25\n"
        rows = run("grad", "a*x", "--a", 2, "--data", "s3://bucket/day-1.csv", "--format", "csv").out
        assert rows.splitlines()[4].startswith("3,0.75,6.0,3.0,2.0")

    def test_a_session_opens_no_address(self, run, monkeypatch):
        """It has to be typed again; then the descent goes on."""
        run("grad", *self.LOSS, "--data", "s3://bucket/day-1.csv?region=eu-west-1")
        with monkeypatch.context() as patch:
            patch.setattr(file_systems, "_connected", lambda _: pytest.fail("asked"))
            for words in (("step", "--lr", "1e-5"), ("minimize",), ("grad",)):
                ended = run(*words)
                assert ended.status == 4 and "addresses are opened only where they are typed" in ended.err, (
                    words
                )
                assert "--data s3://bucket/day-1.csv?region=eu-west-1" in ended.err
        assert run("step", "--lr", "1e-5", "--data", "s3://bucket/day-1.csv").status == 0

    def test_json_names_no_address(self, run, monkeypatch):
        """What it says of data is an answer, and no order."""
        monkeypatch.setattr(file_systems, "_connected", lambda _: pytest.fail("asked"))
        text = json.dumps({"expression": "sum(a*x)", "at": {"a": 1}, "data": "s3://bucket/day-1.csv"})
        assert run("grad", "-", text=text).status != 0

    def test_strangers_open_none(self, run, monkeypatch):
        """`--limit service` turns files off, and these with them."""
        monkeypatch.setattr(file_systems, "_connected", lambda _: pytest.fail("asked"))
        ended = run("grad", *self.LOSS, "--data", "s3://bucket/day-1.csv", "--limit", "service")
        assert ended.status == 4 and "turns files of data off" in ended.err
        run("grad", "x", "--x", 1)  # with the usual limits again


def test_a_library_that_lies_in_the_folder_is_not_loaded(tmp_path, monkeypatch):
    """PyArrow looks for Hadoop's library in the folder where it is called, too."""
    monkeypatch.chdir(tmp_path)
    file_systems._connected.cache_clear()
    Path("libhdfs.so").write_text("")
    with pytest.raises(InputProblem, match=r"libhdfs.so lies in this folder"):
        opened_file("hdfs://localhost:1/x.csv")


def test_an_installation_without_hadoop_is_a_sentence(tmp_path, monkeypatch):
    """Status 4, whichever part of it is missing."""
    monkeypatch.chdir(tmp_path)
    file_systems._connected.cache_clear()
    with pytest.raises(InputProblem, match=r"^hdfs://localhost:1/x.csv cannot be reached"):
        opened_file("hdfs://localhost:1/x.csv")


class Bucket(http.server.BaseHTTPRequestHandler):
    """As much of S3 as reading asks for: sizes, parts and lists, in buckets that are paths."""

    files = {"/bucket/day-1.csv": TABLE.encode(), "/bucket/day-2.csv": TABLE.encode()}  # noqa: RUF012
    asked: list = []  # noqa: RUF012

    def log_message(self, *_):
        """Nothing."""

    def do_HEAD(self):
        """The size of a file."""
        self.do_GET()

    def do_GET(self):
        """A part of a file, or the list of them."""
        self.asked.append(self.path)
        path = self.path.partition("?")[0]
        content, status = self.files.get(path), 200
        if path.rstrip("/") == "/bucket":
            each = "".join(
                f"<Contents><Key>{name.removeprefix('/bucket/')}</Key><Size>{len(held)}</Size>"
                "<LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>"
                for name, held in self.files.items()
            )
            content = f"<ListBucketResult><IsTruncated>false</IsTruncated>{each}</ListBucketResult>".encode()
        if content is None:
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if part := re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", "")):
            content, status = content[int(part[1]) : int(part[2]) + 1], 206
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


@pytest.mark.skipif(not hasattr(fs, "S3FileSystem"), reason="this PyArrow has no S3")
def test_a_server_that_speaks_as_s3(environment, tmp_path):
    """The whole way in a process of its own: the server is named by AWS_ENDPOINT_URL, never by the address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_address[1]}"
        names = {
            "AWS_ENDPOINT_URL": url,
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
            "AWS_REGION": "us-east-1",
        }
        words = ("grad", "mean((y - a*x)**2)", "--a", "1", "--get", "value", "--no-save", "--data")

        def answer(address):
            command = [sys.executable, "-m", "gradcli", *words, address]
            return subprocess.run(
                command,
                env={**environment, **names},
                cwd=tmp_path,
                capture_output=True,
                text=True,
                check=False,
            )

        found = answer("s3://bucket/day-*.csv?anonymous=true")
        assert found.returncode == 0, (found.stderr, Bucket.asked)
        assert (found.returncode, float(found.stdout)) == (
            0,
            sum((k / 4 - k) ** 2 for k in range(200)) / 200,
        ), found.stderr
        lost = answer("s3://bucket/none.csv?anonymous=true")
        assert (
            lost.returncode == 4
            and lost.stderr == "gradcli: s3://bucket/none.csv?anonymous=true: there is no such file\n"
        )
        assert any(path.startswith("/bucket/day-2.csv") for path in Bucket.asked)
    finally:
        server.shutdown()
        server.server_close()
    gone = answer("s3://bucket/day-1.csv?anonymous=true")
    assert gone.returncode == 4 and gone.stderr.startswith(
        "gradcli: s3://bucket/day-1.csv?anonymous=true cannot be reached"
    )


def test_nothing_of_it_is_loaded_for_files_here(environment, tmp_path):
    """A local file asks for no file systems."""
    (tmp_path / "x.csv").write_text("x\n1\n")
    script = (
        "import sys; from gradcli.data.readers.column_reading import read_columns\n"
        "read_columns(['x.csv'], ('x',)); print([m for m in sys.modules if 'pyarrow' in m or 'remote_files' in m])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n" and issubclass(InputProblem, GradcliError) and os.name
