"""A word that was typed, as a hint repeats it: in quotes wherever a shell would not take it as it stands."""

from __future__ import annotations

import re

#: Words that every shell leaves as they are.
_PLAIN = r"[\w@%+=:,./-]+"


def shell_word(text: str) -> str:
    """*text* as one word of a command line: `x + y >= 1` in double quotes, in single ones where these do not do."""
    if re.fullmatch(_PLAIN, text):
        return text
    if not re.search(r'["$`\\!]', text):
        return f'"{text}"'
    import shlex

    return shlex.quote(text)
