"""Python looks for garbage less often where a long text becomes many objects, of which next to none are garbage."""

from __future__ import annotations

from gc import get_threshold, set_threshold

#: Objects that a character of a text becomes, about, until its program is there and was carried out.
OBJECTS = 16


def expect_objects(characters: int) -> None:
    """So many characters are about to be compiled: between two searches there may be as many objects as they become.

    Each search goes through what stays again, which takes a tenth of the time of a long text. What is garbage meanwhile
    takes no more memory than the text's own objects.
    """
    often, *others = get_threshold()
    if 0 < often < OBJECTS * characters:
        set_threshold(OBJECTS * characters, *others)
