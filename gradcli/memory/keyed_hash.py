"""What this user wrote, told from what others may have put in its place: hashes under the secret of the folder."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gradcli.language.errors import SessionProblem
from gradcli.memory.private_files import blake2b, secret

if TYPE_CHECKING:
    from gradcli.memory.database import Store


def keyed_hash(known: bytes, *parts: str) -> bytes:
    """A keyed hash over the parts, each behind its length: no two lists of parts run into the same bytes."""
    state = blake2b()(key=known, digest_size=32)
    for part in parts:
        content = part.encode("utf-8", "surrogatepass")
        state.update(len(content).to_bytes(8, "big") + content)
    return bytes(state.digest())


def signature(store: Store, *parts: str, create: bool = False) -> str | None:
    """The hash of the parts under the secret of *store*, base 16; None where there is no secret.

    create: whether one is made where there is none.
    """
    if not store.place:
        return None
    try:
        if create:
            os.makedirs(store.place, mode=0o700, exist_ok=True)
        known = secret(store.place, create=create)
    except (OSError, SessionProblem):
        return None
    return None if known is None else keyed_hash(known, *parts).hex()
