"""What stands beside the first expression on a command line: more outputs, or an option without its hyphens.

An argument that is taken for one more expression, where something else was meant, changes the answer and says nothing.
So several expressions are summed only where that is asked for, and what looks like a value, a name or a count is asked
about.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from gradcli.language.errors import GradcliError, UsageProblem
from gradcli.language.names import is_name
from gradcli.shell.process.option_names import LETTERS
from gradcli.shell.writers.shell_words import shell_word

#: What people type for a hyphen, and what word processors make of two of them.
DASHES = "-‐‑‒–—―−"

_DASHED = re.compile(rf"[{DASHES}]{{1,2}}(?P<name>[^\W\d]\w*)(?:\s*=\s*(?P<value>.+))?", re.DOTALL)
_ASSIGNED = re.compile(r"(?P<name>[^\W\d]\w*)\s*=\s*(?P<value>[^=].*)", re.DOTALL)
_NUMBER = re.compile(r"[+−-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_VALUE = re.compile(rf"{_NUMBER.pattern}(?:\s*[*/^]\s*\w+)*|[+−-]?(?:pi|π|e)(?:\s*[*/]\s*[0-9.]+)?")

#: Commands of which an optimizer is an option.
OPTIMIZING = ("step", "minimize", "maximize", "compare")

#: Files as they are named behind an expression.
_FILE = re.compile(r"[\w./~-]+\.(?:png|svg|pdf|html?|md|tex|csv|tsv|jsonl?|txt|py|js|rs|jl|cpp|[cfhm])")
_ROWS = re.compile(r"[\w./~-]+\.(?:csv|tsv|tab|jsonl|ndjson|parquet|pq|arrow|feather|ipc)(?:\.gz|\.zst)?")

#: Characters of an argument that a message shows.
SHOWN = 40


class Several(NamedTuple):
    """What a command does with expressions.

    meaning: `sum` where --sum adds them up, `each` where every one is answered, `one` where a second is refused. number:
    the option that takes a bare one. interval: the option that takes X=LOW:HIGH. constant: whether a number alone is a
    problem for it.
    """

    meaning: str = "one"
    number: str | None = None
    interval: str | None = None
    constant: bool = True


#: Commands that differ from those that take one expression.
SEVERAL = {
    "grad": Several("sum"),
    "step": Several("sum", "--steps", "--bounds", constant=False),
    "minimize": Several("sum", "--max-steps", "--bounds", constant=False),
    "maximize": Several("sum", "--max-steps", "--bounds", constant=False),
    "jacobian": Several("each"),
    "plot": Several("each", interval="--range"),
    "compare": Several(number="--steps", constant=False),
    "taylor": Several(number="--order", constant=False),
    "critical": Several(interval="--box"),
    "report": Several("sum", interval="--range"),
    "explain": Several(number="--order"),
    "range": Several(interval="--box"),
}


def check_arguments(
    command: str,
    texts: Sequence[str],
    options: Collection[str],
    *,
    asked: bool,
    chosen: Sequence[str] = (),
    valued: bool = False,
) -> None:
    """Raises UsageProblem where one of *texts* is no expression that *command* was meant to take, with what was meant.

    options: the spellings of the command's options. asked: whether the sum of several was asked for. chosen: the optimizers
    of --optimizers. valued: whether variables have values.
    """
    how = SEVERAL.get(command, Several())
    _check_none_strange(command, how, texts, valued)
    if len(texts) < 2 or asked:
        return
    texts = _with_signs(texts)
    if len(texts) == 1:
        hint = _option(texts[0], None, how, options)
        message = f"{_shown(texts[0])} is cut at its blanks: an expression stands in quotes"
        raise UsageProblem(message, hint=hint or f'in quotes: "{_shown(texts[0], "")}"')
    defined = any(";" in text or "\n" in text for text in texts)
    hint = None if defined else _quoted(texts) or _ends(how, texts)
    hint = hint or (
        None if defined else _listed(command, texts, chosen) or _meant(command, how, texts, options)
    )
    if hint is None and how.meaning == "each":
        return
    second = _shown(texts[1])
    if hint is not None:
        message = f"{second} is taken for one more expression"
    elif how.meaning == "sum":
        message = f"{len(texts)} expressions, and nothing says that their sum is meant"
        hint = "--sum is the gradient of their sum, gradcli jacobian keeps them apart"
    else:
        message = f"{second} is a second expression, and {command} takes one"
        hint = f'their sum is one: "{_shown(texts[0], "")} + {_shown(texts[1], "")}"'
    raise UsageProblem(message, hint=hint)


#: What is left of a column that the shell has cut: `2,` and `3]`.
_ROW = re.compile(r"[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?[,\]]")


def _check_none_strange(command: str, how: Several, texts: Sequence[str], valued: bool) -> None:
    """Raises UsageProblem for - beside others, a number where a problem is due, and what looks like an option."""
    if "-" in texts and len(texts) > 1:
        raise UsageProblem("- is standard input and stands alone: it has the expressions",
                           hint="an expression - x is written in quotes")  # fmt: skip
    if len(texts) == 1 and not how.constant and _NUMBER.fullmatch(texts[0].strip()):
        raise UsageProblem(f"{texts[0].strip()} is a constant: {command} has nothing to do with it",
                           hint="an expression has a variable, such as x^2 - 4*x" if valued
                           else f"did you mean {how.number} {texts[0].strip()}?")  # fmt: skip
    if any(_ROW.fullmatch(text) for text in texts[1:]):
        raise UsageProblem("the numbers of a column are cut at their blanks: they stand in quotes",
                           hint='for example --x "[1, 2, 3]"')  # fmt: skip
    if strange := next((text for text in texts[1:] if re.match(r"--\w", text)), None):
        name = _shown(strange, "").partition("=")[0]
        if name[2:3].isdigit():
            raise UsageProblem(
                f"there is no option {name}", hint=f"gradcli {command} --help lists the options"
            )
        raise UsageProblem(f"{name} stands behind --, where nothing is an option any more",
                           hint=f'options stand before it: gradcli {command} {name} … -- "{_shown(texts[0], "")}"')  # fmt: skip


def _with_signs(texts: Sequence[str]) -> list[str]:
    """`x = 2` and `x= 2` as one argument, as they were meant."""
    joined = list(texts[:1])
    for text in texts[1:]:
        if text[:1] == "=" or joined[-1][-1:] == "=":
            joined[-1] += text
        else:
            joined.append(text)
    return joined


def _ends(how: Several, texts: Sequence[str]) -> str | None:
    """The hint for two numbers behind an expression in one variable: the ends of a range."""
    variables = _variables(texts[0]) or ()
    if how.interval is None or len(texts) != 3 or len(variables) != 1:
        return None
    if not all(_NUMBER.fullmatch(text.strip()) for text in texts[1:]):
        return None
    return f"did you mean {how.interval} {variables[0]}={texts[1].strip()}:{texts[2].strip()}?"


def _shown(text: str, quote: str = '"') -> str:
    text = text.strip()
    return f"{quote}{text if len(text) <= SHOWN else text[: SHOWN - 1] + '…'}{quote}"


def _quoted(texts: Sequence[str]) -> str | None:
    """The hint for an expression that a shell has cut at its blanks: some of its pieces are none."""
    whole = " ".join(texts)
    if len(whole) > 2 * SHOWN or all(_parses(text) for text in texts) or not _parses(whole):
        return None
    return f'did you mean "{whole}", in quotes?'


def _parses(text: str) -> bool:
    return _variables(text) is not None


def _variables(text: str) -> Sequence[str] | None:
    """The variables of an expression, None for what is none."""
    from gradcli.language.parser import parse

    try:
        return parse(text).variables
    except GradcliError:
        return None


def free_names(texts: Sequence[str]) -> set[str]:
    """The variables of the expressions that are some."""
    return {name for text in texts for name in _variables(text) or ()}


def free_names_of_session(session: str) -> set[str]:
    """The variables of the problem that a session has; none where it cannot be read."""
    from gradcli.memory.session_history import current
    from gradcli.shell.process.environment import open_memory

    try:
        with open_memory() as store:
            head = current(store, session)
    except GradcliError:
        return set()
    return free_names(head.expressions) if head is not None else set()


def _meant(command: str, how: Several, texts: Sequence[str], options: Collection[str]) -> str | None:
    """What an argument was probably meant to be; None where it may well be an expression."""
    known = _variables(texts[0]) or ()
    for place, text in enumerate(texts):
        after = texts[place + 1].strip() if place + 1 < len(texts) else None
        hint = _short(text.strip(), after, known, options) if place else None
        if place and "--out" in options and _FILE.fullmatch(text.strip()):
            hint = f"did you mean --out {shell_word(text.strip())}?"
        if place and "--data" in options and _ROWS.fullmatch(text.strip()) and _is_file(text.strip()):
            hint = f"did you mean --data {shell_word(text.strip())}?"
        hint = hint or (
            _option(text.strip(), after, how, options, first=not place) if place or after else None
        )
        hint = hint or (_alone(command, text.strip(), how, texts[0], options) if place else None)
        if hint:
            return hint
    return None


def _is_file(name: str) -> bool:
    from pathlib import Path

    return Path(name).is_file()


def letter_option(letter: str, arguments: Sequence[str], options: Collection[str]) -> str | None:
    """The option that a letter with a hyphen stands for elsewhere; None where an argument has a variable of that name."""
    typed = any(re.search(rf"(?<!\w){letter}(?!\w)", one) for one in arguments if one[:1] != "-")
    meant = LETTERS.get(letter, ())
    return None if typed else next((option for option in meant if option in options), None)


def _short(text: str, after: str | None, known: Collection[str], options: Collection[str]) -> str | None:
    """The hint for `-o file`, unless its letter is a variable's."""
    meant = LETTERS.get(text[1:], ()) if text[:1] == "-" and text[1:] not in known else ()
    option = next((one for one in meant if one in options), None)
    return f"did you mean {option} {shell_word(after) if after else ''}".rstrip() + "?" if option else None


def _option(
    text: str, after: str | None, how: Several, options: Collection[str], *, first: bool = False
) -> str | None:
    """The hint for a value: `x 5`, `–x 5`, `x=5`; and for a count: `steps 10`. first: of the first argument."""
    if (given := _ASSIGNED.fullmatch(text)) or ((given := _DASHED.fullmatch(text)) and given["value"]):
        name, value = given["name"], given["value"]
        if first and not _VALUE.fullmatch(value.strip()):
            return None
        if ":" in value and how.interval:
            return f"did you mean {how.interval} {shell_word(f'{name}={value}')}?"
        if "--subject-to" in options and _variables(value):
            return None  # an equation
        return f"did you mean --{name} {shell_word(value)}?"
    dashed = _DASHED.fullmatch(text)
    name = dashed["name"] if dashed else text
    if not is_name(name):
        return None
    if after is not None and (_VALUE.fullmatch(after) or f"--{name}" in options):
        return f"did you mean --{name} {shell_word(after)}?"
    return (
        f"a variable's value is --{name} 5"
        if dashed and after is not None and how.meaning != "each"
        else None
    )


def _alone(command: str, text: str, how: Several, first: str, options: Collection[str]) -> str | None:
    """The hint for a later argument that is a number, a name, or what someone has for a partial."""
    if how.meaning == "each":
        return None
    variables = _variables(first) or ()
    if command == "compare" and _NUMBER.fullmatch(text):
        return "lists have commas: --lr 0.1,0.01, --optimizers sgd,adam"
    if command == "check":
        claim = f"{variables[0] if len(variables) == 1 else 'x'}={text}"
        return f"did you mean --claim {shell_word(claim)}?"
    if _DASHED.fullmatch(text):
        return f"a variable's value is --{text.lstrip(DASHES)} 5"
    if "--subject-to" in options and re.search(r"[<>≤≥=]", text):
        return f"did you mean --subject-to {shell_word(text)}?"
    if _NUMBER.fullmatch(text):
        value = f"--{variables[0]} {text}" if len(variables) == 1 else None
        count = f"{how.number} {text}" if how.number and text.isdecimal() else None
        found = [option for option in (count, value) if option]
        return f"did you mean {' or '.join(found)}?" if found else None
    if text in variables:
        return f"did you mean --wrt {text}?"
    return _choice(command, text) if is_name(text) else None


def _choice(command: str, word: str) -> str | None:
    """The hint for a word that is a choice of an option."""
    if word in ("json", "jsonl", "csv", "tsv", "latex"):
        return f"did you mean --format {word}?"
    if command == "code":
        return f"did you mean --lang {word}?"
    return None


def _listed(command: str, texts: Sequence[str], typed: Sequence[str]) -> str | None:
    """The hint for optimizers as arguments: `sgd adam`, `momentum`. typed: those that are chosen already."""
    if command not in OPTIMIZING:
        return None
    from gradcli.descent.rules.optimizer_words import choosing, optimizer_names

    known, variables = optimizer_names(), _variables(texts[0]) or ()
    words = [text.strip().casefold() for text in texts[command != "compare" :]]
    found = [word for word in words if word in known and (word not in variables or texts[0] == word)]
    several = command == "compare"
    if not [word for word in found if word != texts[0]]:
        return None
    return f"did you mean {choosing('--optimizers' if several else '--optimizer', [*typed, *found])}?"


def summed(count: int, weights: str | None = None) -> str:
    """What is said wherever several expressions are added up."""
    return f"the {count} outputs are summed" + (f" with the weights {weights}" if weights else "")
