"""Names from strangers → names that are safe in a language: plain letters, not reserved, not twice."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gradcli.calculus.exporting.reserved_words import MACRO
from gradcli.calculus.exporting.target_language import Language
from gradcli.language.errors import UsageProblem

#: What every language of the table takes for a name.
PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,29}")


def safe_names(variables: Iterable[str], language: Language, taken: Iterable[str]) -> dict[str, str]:
    """Each variable's name in *language*: its own where that is safe, else one that is like it."""
    used = {_key(name, language) for name in (*language.reserved, *taken)}
    names: dict[str, str] = {}
    for variable in variables:
        wish = variable if _is_plain(variable) else _plain(variable)
        if language.macros and MACRO.fullmatch(wish):
            wish = wish.lower()
        name = _free(wish, used, language)
        used.add(_key(name, language))
        names[variable] = name
    return names


def checked_name(name: str, language: Language) -> str:
    """*name* as the name of the function. Raises UsageProblem where the language would not take it."""
    taken = {_key(word, language) for word in language.reserved}
    if not _is_plain(name) or _key(name, language) in taken or (language.macros and MACRO.fullmatch(name)):
        raise UsageProblem(f"--name {name}: this is not a name that {language.name} takes for a function",
                           hint="letters, digits and _, and no word of the language's own")  # fmt: skip
    return name


def temporary_prefix(variables: Iterable[str]) -> str:
    """A letter or word that, with a number behind it, is no variable's name."""
    lowered = [variable.lower() for variable in variables]
    for prefix in ("t", "s", "part", "step_"):
        if not any(re.fullmatch(prefix + r"\d+", name) for name in lowered):
            return prefix
    return "intermediate_result_"


def _is_plain(name: str) -> bool:
    return bool(PLAIN.fullmatch(name)) and "__" not in name and not name.endswith("_")


def _plain(name: str) -> str:
    """The name in plain letters: Greek ones by their names, other scripts' left out."""
    import unicodedata

    words = []
    for character in unicodedata.normalize("NFKD", name):
        if character.isascii():
            words.append(character)
        elif unicodedata.name(character, "").startswith("GREEK "):
            words.append(unicodedata.name(character).split()[-1].lower())
    text = re.sub(r"_+", "_", "".join(words)).strip("_")[:24].rstrip("_")
    return text if PLAIN.fullmatch(text) else f"v{text}" if PLAIN.fullmatch(f"v{text}") else "v"


def _free(name: str, used: set[str], language: Language) -> str:
    if _key(name, language) not in used:
        return name
    number = 1
    while _key(f"{name}_{number}", language) in used:
        number += 1
    return f"{name}_{number}"


def _key(name: str, language: Language) -> str:
    return name.lower() if language.folds_case else name
