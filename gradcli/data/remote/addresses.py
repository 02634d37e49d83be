"""Addresses of files, `s3://bucket/day.parquet`: taken apart here, so that no library reads more out of one than is meant.

PyArrow's own reading of an address lets it say which machine is asked (`endpoint_override`), how, and by whom.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from gradcli.language.errors import UsageProblem
from gradcli.language.names import nearest

#: Scheme -> what stands before the path, as a person reads it, and the pattern that it has.
SCHEMES = {
    "s3": ("a bucket", re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,254}", re.ASCII)),
    "gs": ("a bucket", re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,254}", re.ASCII)),
    "hdfs": (
        "a host, with its port if need be",
        re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(:[0-9]{1,5})?", re.ASCII),
    ),
}

#: Who asks is said by the surroundings, for each scheme.
_OWN = {
    "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or ~/.aws/credentials, say who asks",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS names the file that says who asks",
    "hdfs": "HADOOP_USER_NAME says who asks",
}

#: What may stand behind the path, for each scheme, with the pattern of its values.
_PARAMETERS = {
    "s3": {
        "region": re.compile(r"[a-z]{2,8}(-[a-z0-9]{1,12}){1,4}", re.ASCII),
        "anonymous": re.compile("true|false"),
    },
    "gs": {"anonymous": re.compile("true|false")},
    "hdfs": {},
}

_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://(.*)", re.ASCII | re.DOTALL)
_PARAMETER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*=", re.ASCII)


class Address(NamedTuple):
    """scheme: a key of SCHEMES. host: a bucket, or a host. path: without a slash before it. query: as it was typed."""

    scheme: str
    host: str
    path: str
    region: str | None = None
    anonymous: bool = False
    query: str = ""

    def of(self, path: str) -> str:
        """The address of another path there."""
        return f"{self.scheme}://{self.host}/{path}{self.query}"


def is_address(file: str) -> bool:
    """Whether what was typed is an address, and not the name of a file here."""
    return _ADDRESS.match(file) is not None


def address_of(file: str) -> Address:
    """An address, taken apart. Raises UsageProblem, which shows nothing that could be a secret."""
    scheme, host, path, query = _parts(file)
    if scheme not in SCHEMES:
        close = nearest(scheme, [*SCHEMES, "file"])
        every = ", ".join(f"{one}://" for one in (*SCHEMES, "file"))
        hint = f"did you mean {close}://?" if close else f"addresses begin with {every}"
        raise UsageProblem(f"{scheme}:// is no kind of address that data are read from", hint=hint)
    what, pattern = SCHEMES[scheme]
    if "@" in host:
        raise UsageProblem("an address says where a file is, and not who asks", hint=_OWN[scheme])
    given = _parameters(scheme, query)
    if not pattern.fullmatch(host):
        raise UsageProblem(f"behind {scheme}:// stands {what}", hint=f"for example {_example(scheme)}")
    if not path.strip("/") or "\0" in path:
        raise UsageProblem(f"{scheme}://{host}/ names no file", hint=f"for example {_example(scheme)}")
    asked = f"?{query}" if query else ""
    return Address(scheme, host, path, given.get("region"), given.get("anonymous") == "true", asked)


def local_path(file: str) -> str | None:
    """The path that a `file://` address means; None for any other text. Raises UsageProblem for one of another machine."""
    if not is_address(file):
        return None
    scheme, host, path, query = _parts(file)
    if scheme != "file":
        return None
    from urllib.parse import unquote

    if host not in ("", "localhost") or query or not path:
        raise UsageProblem(
            "a file:// address is a path on this machine", hint="for example file:///data/day.csv"
        )
    return "/" + unquote(path)


def without_query(file: str) -> str:
    """The name of a file; an address without what stands behind the path."""
    if not is_address(file):
        return file
    scheme, host, path, _ = _parts(file)
    return f"{scheme}://{host}/{path}"


def _parts(file: str) -> tuple[str, str, str, str]:
    """Scheme, host, path, and what was asked behind a question mark: one before anything else is a sign of a pattern."""
    found = _ADDRESS.match(file)
    assert found is not None  # noqa: S101  (is_address)
    scheme, rest = found[1].lower(), found[2]
    host, _, path = rest.partition("/")
    path, mark, query = _split(path)
    host, other, more = (host, "", "") if mark else _split(host)
    return scheme, host, path, query or (more if other else "")


def _split(text: str) -> tuple[str, str, str]:
    for place in (found.start() for found in re.finditer(r"\?", text)):
        if _PARAMETER.match(text, place + 1):
            return text[:place], "?", text[place + 1 :]
    return text, "", ""


def _parameters(scheme: str, query: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in query.split("&") if query else ():
        name, _, value = part.partition("=")
        known = _PARAMETERS[scheme].get(name)
        may = " and ".join(_PARAMETERS[scheme]) or "nothing"
        if known is None:
            shown = f"{name}=" if _PARAMETER.fullmatch(f"{name}=") else "that"
            raise UsageProblem(
                f"{shown} is nothing that an address says ({scheme}://)",
                hint=f"behind the question mark may stand {may}",
            )
        if not known.fullmatch(value) or name in found:
            raise UsageProblem(f"{name}= in an address is not understood", hint=_EXAMPLES[name])
        found[name] = value
    return found


_EXAMPLES = {
    "region": "for example region=eu-central-1",
    "anonymous": "it is true or false, and stands there once",
}


def _example(scheme: str) -> str:
    return "hdfs://host:8020/data/day.parquet" if scheme == "hdfs" else f"{scheme}://bucket/day.parquet"
