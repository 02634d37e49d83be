"""States → the command lines that lead to them, to the last bit."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.data.columns.missing_cells import SPELLINGS

if TYPE_CHECKING:
    import click

    from gradcli.memory.session_record import State

#: Parameters of a descent that do not say where it leads, or are told otherwise.
ASIDE = frozenset((
    "expressions", "at", "wrt", "session", "dry_run", "trace", "every", "live", "plot", "out",
    "digits", "format_", "get", "color", "certificate",
    "data", "column", "columns", "missing", "na", "decimal", "delimiter", "where",
))  # fmt: skip

Leg = tuple["State | None", "State"]


def typed_words(context: click.Context) -> list[str]:
    """The options of the command line that say where a descent leads, as they can be typed again."""
    from click.core import ParameterSource

    words: list[str] = []
    for param in context.command.params:
        name = str(param.name)
        given = context.get_parameter_source(name) is not ParameterSource.DEFAULT
        if given and name not in ASIDE and name in context.params:
            words += _worded(param, context.params[name])
    return words


def _worded(param: click.Parameter, value: Any) -> list[str]:
    if isinstance(value, bool):
        return [param.opts[0]] if value else list(param.secondary_opts[:1])
    several = value if isinstance(value, tuple) else (value,)
    texts = [one if isinstance(one, str) else repr(one) for one in several]
    option = param.opts[0]
    return [w for text in texts for w in ([f"{option}={text}"] if text.startswith("-") else [option, text])]


def posing(
    command: str, texts: Sequence[str], at: Mapping[str, float | str], options: Sequence[str] = ()
) -> str:
    """The command line that poses a problem at a point."""
    words = ["gradcli", command, *_told(texts, _summing(texts), ["--at", _values(at)] if at else [], options)]
    return shlex.join(words)


def _summing(texts: Sequence[str]) -> list[str]:
    """The word that makes one problem of several expressions."""
    return ["--sum"] if len(texts) > 1 else []


def _told(texts: Sequence[str], *options: Sequence[str]) -> list[str]:
    """Expressions and options; what is read as something else at their place stands behind the word that ends options."""
    rest = [word for several in options for word in several]
    plain = all(text[:1] not in ("-", "@", "") for text in texts)
    return [*texts, *rest] if plain else [*rest, "--", *texts]


def _values(at: Mapping[str, float | str]) -> str:
    return ",".join(
        f"{name}={value if isinstance(value, str) else repr(value)}" for name, value in at.items()
    )


def lines_of(legs: Sequence[Leg], *, smooth: bool) -> list[str]:
    """The command lines that take the steps of a session again, its problem posed by `grad` or the first of them.

    smooth: whether `grad` has an answer where they begin.
    """
    (base, begun), *rest = legs
    lines = [_line(before, state, first=False) for before, state in rest]
    start = begun.settings.get("wish", {}).get("from")
    if not (smooth and begun.kind == "step" and start):
        return [_line(base, begun, first=True), *lines]
    posed = begun._replace(kind="grad", at=start)
    along = ["--wrt", ",".join(begun.wrt)] if begun.wrt else ["--stop", ",".join(start)] * (begun.wrt == ())
    options = [*along, *files_words(begun.settings.get("data")), *_new_constraints(None, begun, first=True)]
    return [posing("grad", begun.expressions, start, options), _line(posed, begun, first=False), *lines]


def constraint_words(constraints: Sequence[str]) -> list[str]:
    """The options that say what is to hold."""
    texts = [" ".join(text.split()) for text in constraints]
    return [
        word
        for text in texts
        for word in ([f"--subject-to={text}"] if text.startswith("-") else ["--subject-to", text])
    ]


def _new_constraints(base: State | None, state: State, *, first: bool) -> list[str]:
    """The options for constraints that the session did not have before."""
    kept = state.settings.get("constraints", ())
    before = () if first or base is None else base.settings.get("constraints", ())
    return constraint_words(kept) if list(kept) != list(before) else []


def _others(words: Sequence[str]) -> list[str]:
    """Words without those that say what is to hold."""
    found: list[str] = []
    skips = False
    for word in words:
        if not (skips or word.startswith("--subject-to")):
            found.append(word)
        skips = word == "--subject-to"
    return found


def files_words(kept: Mapping[str, Any] | None) -> list[str]:
    """The options that name a session's files of data, by base name, and say how they are read; none without files."""
    if not kept:
        return []
    words = [w for path, *_ in kept["files"] for w in ("--data", path.replace("\\", "/").rpartition("/")[2])]
    words += [w for name, header in kept["bound"].items() for w in ("--column", f"{name}={header}")]
    words += [word for text in kept["where"] for word in ("--where", text)]
    options = kept["options"]
    words += ["--columns", ",".join(options["columns"])] if options.get("columns") else []
    words += ["--delimiter", options["delimiter"]] if options.get("delimiter") else []
    words += ["--decimal", options["decimal"]] if options.get("decimal", ".") != "." else []
    words += ["--missing", "skip"] if options.get("missing") == "skip" else []
    usual = options.get("spellings") in (None, list(SPELLINGS))
    return words if usual else [*words, "--na", ",".join(options["spellings"]) or ","]


def _batch_words(kept: Sequence[Any] | None) -> list[str]:
    if not kept:
        return []
    size, seed, shuffled, _ = kept
    return ["--batch", str(size), "--seed", str(seed), *([] if shuffled else ["--no-shuffle"])]


def line_of(base: State | None, state: State) -> str | None:
    """The command line that led from *base* to *state*; None where the state does not say."""
    if state.kind not in MOVING:
        return None
    return _line(base, state, first=base is None or state.steps == state.taken)


#: The kinds of states that a command made which moves the point.
MOVING = ("step", "apply", "minimize", "maximize")


def _line(base: State | None, state: State, *, first: bool) -> str:
    asked = state.settings.get("wish", {})
    begun = asked.get("from") or {}
    kept = {} if first or base is None else base.at
    moved = {name: x for name, x in begun.items() if name not in kept or float(kept[name]) != float(x)}
    texts = state.expressions if first else ()
    where = ["--at", _values(moved)] if moved else []
    where += files_words(state.settings.get("data")) if first else []
    along = state.wrt or (tuple(state.at) if not first and base is not None and base.wrt else ())
    along_words = ["--wrt", ",".join(along)] if along else []
    under = _new_constraints(base, state, first=first)
    if state.kind == "apply" and "gradient" in asked:
        words = ["gradcli", "apply", "-", *_optimizer(state, asked), *under]
        return f"echo {shlex.quote(_applied(texts, moved, along, asked['gradient']))} | {shlex.join(words)}"
    if state.kind == "step":
        count = [] if state.taken == 1 else ["--steps", str(state.taken)]
        corner = ["--corner", str(asked["corner"])] if asked.get("corner", "least") != "least" else []
        batch = _batch_words(state.settings.get("batch"))
        words = _told(
            texts, _summing(texts), where, under, count, batch, _optimizer(state, asked), corner, along_words
        )
        return shlex.join(["gradcli", "step", *words])
    how = _others(asked.get("words", ()))
    line = shlex.join(["gradcli", state.kind, *_told(texts, _summing(texts), where, under, how, along_words)])
    return line if "words" in asked else f"{line}   # with the options that it was given"


def _applied(
    texts: Sequence[str], at: Mapping[str, float | str], along: Sequence[str], gradient: Mapping[str, float]
) -> str:
    """The JSON that apply reads. Without backslashes, which echo means otherwise in some shells."""
    record: dict[str, Any] = {}
    if texts:
        record["expression"] = texts[0] if len(texts) == 1 else list(texts)
    if at:
        record["at"] = dict(at)
    if along:
        record["wrt"] = list(along)
    return json.dumps({**record, "gradient": dict(gradient)}, ensure_ascii=False)


def _optimizer(state: State, asked: Mapping[str, Any]) -> list[str]:
    """The optimizer with all its settings, whatever the session's own are by then."""
    from gradcli.shell.options.optimizer_options import flag
    from gradcli.shell.sessions.session_step import BOOKKEEPING

    words = ["--optimizer", state.optimizer]
    words += ["--dialect", str(state.settings["dialect"])] if state.settings.get("dialect") else []
    for name, value in state.settings.items():
        if name not in BOOKKEEPING:
            words += _setting(flag(name), value)
    box = ",".join(f"{name}={low!r}:{high!r}" for name, (low, high) in (asked.get("box") or {}).items())
    words += ["--box", box] if box else []
    words += ["--ascend"] * bool(asked.get("ascend"))
    for name in ("clip_norm", "clip_value"):
        words += [f"--{name.replace('_', '-')}", repr(asked[name])] if asked.get(name) is not None else []
    for name in ("schedule", "bounds"):
        words += [f"--{name}", str(asked[name])] if asked.get(name) else []
    return words


def _setting(option: str, value: object) -> list[str]:
    if isinstance(value, bool):
        return [option if value else f"--no-{option[2:]}"]
    return [option, repr(value)]
