"""Sessions whose problem is over files of data: what they keep, how steps go on, batches, undo, files that change."""

import json
import math
import sqlite3
from pathlib import Path

import pytest

from gradcli.data.batches.batch_order import BatchOrder, batch_rows

LOSS = "mean((y - a*x - b)**2)"
ROWS = [(1.0, 2.1), (2.0, 3.9), (3.0, 6.2), (4.0, 7.8), (5.0, 10.1), (0.5, 1.4), (2.5, 4.75)]


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Files stand where the command is."""
    monkeypatch.chdir(tmp_path)


def written(rows=ROWS, name="points.csv"):
    Path(name).write_text("x,y\n" + "".join(f"{x!r},{y!r}\n" for x, y in rows))


def record(run, *words, text=None):
    ended = run(*words, "--format", "json", text=text)
    assert ended.status in (0, 1), ended.err
    return json.loads(ended.out)


def by_hand(at, rows):
    """The value and the gradient of LOSS."""
    gaps = [(x, y - at["a"] * x - at["b"]) for x, y in rows]
    mean = [math.fsum(terms) / len(rows) for terms in ([g * g for _, g in gaps], [-2 * x * g for x, g in gaps],
                                                       [-2 * g for _, g in gaps])]  # fmt: skip
    return mean[0], {"a": mean[1], "b": mean[2]}


def descended(at, steps, order, rate=0.01, begun=0):
    """Plain descent along the gradients of batches."""
    for step in range(begun, begun + steps):
        _, slopes = by_hand(at, [ROWS[row] for row in batch_rows(order, step)])
        at = {name: x - rate * slopes[name] for name, x in at.items()}
    return at


@pytest.fixture
def session(run):
    """A session over points.csv, at a = 1 and b = 0."""
    written()
    run("grad", LOSS, "--data", "points.csv", "--a", 1, "--b", 0)


@pytest.mark.usefixtures("session")
class TestSession:
    """One session over a file."""

    def test_it_goes_on_over_the_file(self, run):
        """grad, step, minimize and compare without EXPR and without --data."""
        value, slopes = by_hand({"a": 1, "b": 0}, ROWS)
        found = record(run, "grad")
        assert found["value"] == pytest.approx(value) and found["gradient"] == pytest.approx(slopes)
        stepped = record(run, "step", "--lr", "0.01")
        assert stepped["at"] == pytest.approx(
            {name: x - 0.01 * slopes[name] for name, x in {"a": 1, "b": 0}.items()}
        )
        assert (stepped["rows"], stepped["data"]["files"]) == (7, [{"file": "points.csv", "rows": 7}])
        least = record(run, "minimize")
        assert by_hand(least["x"], ROWS)[1] == pytest.approx({"a": 0, "b": 0}, abs=1e-12)
        assert record(run, "session")["at"] == least["x"]
        assert run("compare", "--lr", "0.01", "--optimizers", "sgd").status == 0
        assert by_hand(record(run, "grad", "--a", 3)["at"], ROWS)[0] == record(run, "session")["value"]

    def test_ten_commands_are_one(self, run):
        """Of batches, with an optimizer that has slots; and with undo, redo and steps again."""
        words = ("step", "--optimizer", "adam", "--lr", "0.05", "--batch", "3", "--seed", "4")
        run(*words)
        for _ in range(9):
            run("step")
        ten = record(run, "session")
        run("session", "undo", "all")
        assert record(run, "session")["at"] == {"a": 1, "b": 0}
        assert record(run, *words, "--steps", 10)["at"] == ten["at"]
        run("session", "undo", 7)
        assert record(run, "session")["steps"] == 3
        run("session", "redo", "all")
        assert record(run, "session")["at"] == ten["at"]
        run("session", "undo", 4)
        assert record(run, "step", "--steps", 4)["at"] == ten["at"]

    @pytest.mark.parametrize("shuffle", [True, False])
    def test_steps_follow_the_rows_of_their_batches(self, run, shuffle):
        """Against the same descent in plain Python, the last batch of an epoch shorter; the place is the session's."""
        order = BatchOrder(7, 3, 5, shuffle)
        words = (
            "step",
            "--lr",
            "0.01",
            "--batch",
            3,
            "--seed",
            5,
            "--shuffle" if shuffle else "--no-shuffle",
        )
        first = record(run, *words, "--epochs", 2)
        assert first["at"] == pytest.approx(descended({"a": 1, "b": 0}, 6, order), rel=1e-13)
        assert (first["epoch"], first["batch"]) == (2, {"size": 3, "seed": 5, "shuffle": shuffle})
        then = record(run, "step", "--steps", 2)
        assert then["at"] == pytest.approx(descended(first["at"], 2, order, begun=6), rel=1e-13)
        assert then["after"]["value"] == pytest.approx(by_hand(then["at"], ROWS)[0])
        again = record(run, "step", "--seed", 6, "--steps", 2)
        assert again["at"] == pytest.approx(descended(then["at"], 2, order._replace(seed=6)), rel=1e-13)
        whole = record(run, "step", "--batch", "all", "--epochs", 2)
        assert whole["taken"] == 2 and "epoch" not in whole

    def test_points_are_told_where_epochs_end(self, run):
        """In csv and in the file of --trace, of which --every takes each k-th."""
        lines = run("step", "--lr", "0.01", "--batch", 3, "--epochs", 4, "--trace", "t.csv", "--every", 2, "--format",
                    "csv").out.splitlines()  # fmt: skip
        assert [line.split(",")[0] for line in lines] == ["step", "0", "3", "6", "9", "12"]
        kept = Path("t.csv").read_text().splitlines()
        assert [line.split(",")[0] for line in kept] == ["step", "0", "6", "12"]
        assert float(lines[-1].split(",")[1]) == pytest.approx(by_hand(record(run, "session")["at"], ROWS)[0])

    def test_a_held_out_file_leaves_the_session_as_it_is(self, run):
        """`grad --data other.csv` is the session's problem on other rows."""
        written(ROWS[:3], "other.csv")
        found = run("grad", "--data", "other.csv", "--format", "json")
        assert json.loads(found.out)["value"] == pytest.approx(by_hand({"a": 1, "b": 0}, ROWS[:3])[0])
        assert "not remembered" in found.err
        assert record(run, "session")["data"]["files"] == [{"file": "points.csv", "rows": 7}]
        assert record(run, "step", "--data", "other.csv")["rows"] == 3
        assert record(run, "session")["data"]["files"] == [{"file": "other.csv", "rows": 3}]

    def test_a_file_that_has_changed_is_told(self, run):
        """All rows: with a note. In the middle of batches: only with --changed-data, and the order begins anew."""
        run("step", "--batch", 3, "--seed", 1, "--lr", "0.01", "--steps", 2)
        written([*ROWS, (6.0, 12.0)])
        ended = run("step")
        assert ended.status == 4 and "points.csv has changed" in ended.err and "--changed-data" in ended.err
        assert "points.csv has changed" in run("grad").err
        found = run("step", "--changed-data", "--format", "json")
        assert json.loads(found.out)["rows"] == 8 and "has changed" in found.err
        assert run("step").status == 0
        assert run("session", "undo").status == 0 and run("session", "undo").status == 0
        ended = run("session", "undo")  # into steps that were taken on other rows
        assert ended.status == 4 and "has changed" in ended.err

    def test_a_file_that_is_gone(self, run):
        """A sentence and status 4; the session can be undone all the same."""
        run("step", "--lr", "0.01")
        Path("points.csv").unlink()
        for command in ("grad", "step", "minimize"):
            ended = run(command)
            assert ended.status == 4 and "points.csv: No such file" in ended.err
        assert run("session", "undo").status == 0

    def test_gradients_applied(self, run):
        """`grad --format json | apply -`: the values before and after are those over the file."""
        answer = run("grad", "--format", "json").out
        _, slopes = by_hand({"a": 1, "b": 0}, ROWS)
        found = record(run, "apply", "-", "--lr", "0.01", text=answer)
        assert found["after"]["value"] == pytest.approx(by_hand(found["at"], ROWS)[0])
        assert found["at"] == pytest.approx({"a": 1 - 0.01 * slopes["a"], "b": -0.01 * slopes["b"]})
        found = record(run, "apply", "-", "--lr", "0.01", text='{"gradient": {"a": 1}}')
        assert found["after"]["value"] == pytest.approx(by_hand(found["at"], ROWS)[0])

    def test_requests_of_strangers_open_no_file_of_a_session(self, run):
        """And learn nothing of it: not where it is, nor whether it is there."""
        there = run("grad", "--limit", "service", "--no-save")
        Path("points.csv").unlink()
        assert run("grad", "--limit", "service", "--no-save") == there
        assert there.status == 4 and "turns these off" in there.err and "points" not in there.err

    def test_commands_without_files_say_so(self, run):
        """And do not ask for values of columns."""
        for command in ("taylor", "critical", "explain", "code"):
            ended = run(command)
            assert ended.status == 2 and "is over points.csv" in ended.err

    def test_a_path_that_somebody_wrote_is_not_opened(self, run, environment):
        """What the row says is signed: an edited one, or that of another folder, opens nothing."""
        written(ROWS[:2], "secret.csv")
        (place,) = Path(environment["GRADCLI_HOME"]).glob("gradcli.db")
        with sqlite3.connect(place) as connection:
            rows = connection.execute("SELECT id, state FROM states").fetchall()
            for row, text in rows:
                fields = json.loads(text.partition(",")[2].join(["{", ""]))
                fields["settings"]["data"]["files"][0][0] = str(Path("secret.csv").absolute())
                body = json.dumps(fields, separators=(",", ":"))
                from zlib import crc32

                connection.execute(
                    "UPDATE states SET state = ? WHERE id = ?",
                    (f'{{"crc":{crc32(body.encode())},{body[1:]}', row),
                )
        ended = run("step")
        assert ended.status == 4 and "were not named by this user" in ended.err and "--data FILE" in ended.err


def test_options_that_mean_nothing(run):
    """--batch without files, more rows than there are, a seed without batches, both counts."""
    written()
    loss = ("step", LOSS, "--data", "points.csv", "--a", 1, "--b", 0)
    for words, said in (
        (("step", "x**2", "--x", 1, "--batch", 3), "--batch is about files of data"),
        (("step", "x**2", "--x", 1, "--changed-data"), "--changed-data is about files of data"),
        ((*loss, "--batch", 8), "there are only 7 rows"),
        ((*loss, "--seed", 8), "--seed is about the order of batches"),
        ((*loss, "--steps", 2, "--epochs", 3), "--steps and --epochs both say how far"),
        ((*loss, "--lr", "safe", "--box", "a=0:1,b=0:1"), "--lr safe and --data do not go together"),
        (("step", "sum(x[0]*a)", "--data", "points.csv", "--a", 1, "--batch", 2), "does not vary by row"),
        (("step", "sum(x[i]*x[i+1]*a, i, 0, count() - 2)", "--data", "points.csv", "--a", 1, "--batch", 2),
         "means rows of the whole file"),
        (("step", "mean(x*y)", "--data", "points.csv"), "nothing moves"),
    ):  # fmt: skip
        ended = run(*words)
        assert ended.status == 2 and said in ended.err, words
    assert record(run, "step", "x**2", "--x", 1, "--epochs", 3, "--lr", "0.1")["taken"] == 3


def test_a_row_without_a_value_is_named_by_its_place_in_the_file(run):
    """Also where a batch has it at another place."""
    written([(1, 1), (2, 1), (-1, 1), (3, 1)])
    ended = run(
        "step", "mean(a*log(x))", "--data", "points.csv", "--a", 1, "--batch", 1, "--no-shuffle", "--steps", 4
    )
    assert ended.status == 3 and "row 3" in ended.err


@pytest.mark.usefixtures("session")
class TestFewRows:
    """Commands that write the rows out."""

    def test_second_derivatives(self, run):
        """The Hessian of the mean of squares; a product of it; typed and of the session."""
        count = len(ROWS)
        truth = {
            "a": {
                "a": 2 * math.fsum(x * x for x, _ in ROWS) / count,
                "b": 2 * math.fsum(x for x, _ in ROWS) / count,
            }
        }
        truth["b"] = {"a": truth["a"]["b"], "b": 2}
        for words in (("hessian",), ("hessian", LOSS, "--data", "points.csv", "--a", 1, "--b", 0)):
            found = record(run, *words)
            assert found["at"] == {"a": 1, "b": 0}
            for name in "ab":
                assert found["hessian"][name] == pytest.approx(truth[name])
        found = record(run, "hessian", "--hvp", "a=1,b=2")
        assert found["hvp"]["b"] == pytest.approx(truth["b"]["a"] + 4)

    def test_several_outputs(self, run):
        """A Jacobian of two losses, and weights times it; a stream of problems over one file."""
        words = ("jacobian", LOSS, "sum(a*x)", "--data", "points.csv", "--a", 1, "--b", 0)
        _, slopes = by_hand({"a": 1, "b": 0}, ROWS)
        total = math.fsum(x for x, _ in ROWS)
        found = record(run, *words)
        assert found["jacobian"][0] == pytest.approx(slopes) and found["jacobian"][1] == pytest.approx(
            {"a": total, "b": 0}
        )
        assert record(run, *words, "--vjp", "1,2")["vjp"]["a"] == pytest.approx(slopes["a"] + 2 * total)
        lines = "\n".join(json.dumps({"expression": "sum(a*x)", "at": {"a": a}}) for a in (1, 2))
        ended = run("jacobian", "-", "--data", "points.csv", "--format", "jsonl", text=lines)
        assert [json.loads(line)["value"][0] for line in ended.out.splitlines()] == pytest.approx(
            [total, 2 * total]
        )

    def test_claims(self, run):
        """Mine is right, another is not."""
        assert run("check").status == 0
        assert run("check", "--claim", "a=mean(-2*x*(y - a*x - b))").status == 0
        assert run("check", "--claim", "a=mean(2*x*(y - a*x - b))").status == 1

    def test_pictures_and_pages(self, run):
        """The way of the session beside the loss; a page that names the file by its base name, and no number of it."""
        run("step", "--lr", "0.02", "--steps", 3)
        found = json.loads(run("plot", "--format", "json").out)
        assert found["axes"] == ["a", "b"]
        assert run("report", "--out", "r.md").status == 0
        page = Path("r.md").read_text()
        assert "--data points.csv" in page and "x\\[0\\]" not in page and str(Path.cwd()) not in page
        again = [line for line in page.splitlines() if line.startswith("gradcli ")]
        at = record(run, "session")["at"]
        run("session", "rm", "default")
        import shlex

        for line in again[:-1]:
            assert run(*shlex.split(line)[1:]).status == 0
        assert record(run, "session")["at"] == at

    def test_steps_with_a_picture(self, run):
        """Of few rows and of many."""
        assert "●" in run("step", "--lr", "0.02", "--plot").out
        steps = record(run, "session")["steps"]
        written([(float(number), 1.0) for number in range(3000)])
        ended = run("step", "--lr", "1e-9", "--plot")
        assert ended.status == 0 and "●" in ended.out and "points.csv has changed" in ended.err
        assert record(run, "session")["steps"] == steps + 1


def test_optimizers_side_by_side_take_the_same_batches(run):
    """Each as `step` does it; what chooses its own lengths takes none."""
    written()
    words = (
        LOSS,
        "--data",
        "points.csv",
        "--a",
        1,
        "--b",
        0,
        "--batch",
        3,
        "--epochs",
        4,
        "--seed",
        2,
        "--lr",
        "0.02",
    )
    found = record(run, "compare", *words, "--optimizers", "sgd,adam")["results"]
    for one in found:
        stepped = record(run, "step", *words, "--optimizer", one["optimizer"])
        assert (one["value"], one["steps"]) == (stepped["after"]["value"], 12)
    ended = run("compare", *words[:-2], "--optimizers", "bfgs")
    assert "takes no batches" in ended.out + ended.err
    ended = run("compare", "x**2", "--x", 1, "--batch", 2)
    assert ended.status == 2 and "--batch is about files of data" in ended.err
