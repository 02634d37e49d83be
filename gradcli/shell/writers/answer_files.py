"""`--out FILE`: the files that an answer goes to, each in the form that its ending says, and those of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gradcli.language.errors import UsageProblem

if TYPE_CHECKING:
    from gradcli.shell.process.file_replacement import Part

#: Endings of a file → the format of what it holds.
ENDINGS = {
    "txt": "text", "md": "markdown", "tex": "latex", "json": "json", "jsonl": "jsonl", "csv": "csv", "tsv": "tsv",
}  # fmt: skip

#: Formats that are no text, of rows of files; and the endings of these and other tables of rows.
BINARY = ("parquet", "arrow")
TABLES = {"parquet": "parquet", "pq": "parquet", "arrow": "arrow", "feather": "arrow", "ipc": "arrow"}

#: Endings of pictures; html is a page with one.
PICTURES = ("html", "png", "svg", "pdf")


class TextFile:
    """A file with answers in one format; it takes its place when the command has ended well."""

    def __init__(self, name: str, form: str) -> None:
        self.name, self.format, self.told = name, form, ""
        self._part: Part | None = None

    def write(self, text: str) -> None:
        """Append *text*. Raises InputProblem where that cannot be."""
        self.write_bytes(text.encode("utf-8", "backslashreplace"))

    def write_bytes(self, content: bytes) -> None:
        """Append *content*. Raises InputProblem where that cannot be."""
        self.part.write(content)

    @property
    def part(self) -> Part:
        """The file as it grows. Raises InputProblem where it cannot be made."""
        from gradcli.shell.process.file_replacement import Part

        if self._part is None:
            self._part = Part(self.name)
        return self._part

    def is_new(self, header: str) -> bool:
        """Whether the header of a table is another than that of the rows before."""
        before, self.told = self.told, header
        return header != before

    def end(self, *, keep: bool) -> None:
        """Take the place, or leave what was there."""
        if self._part is None:
            return
        try:
            if keep:
                self._part.settle()
                self._part.publish()
        finally:
            self._part.discard()


class AnswerFiles:
    """What --out names: texts, pictures, a folder for part files, and whether stdout has the answer as well.

    Where only pictures are named the answer stands on stdout; `-` is stdout beside files. stdout_format: the format that it
    has then, where that is said.
    """

    def __init__(
        self, names: Sequence[str], formats: Sequence[str], *, pictures: bool, any_ending: str | None,
        rows: bool = False, folders: bool = False,
    ) -> None:  # fmt: skip
        """any_ending: the format whatever a name ends in. rows: whether files of rows may be Parquet and Arrow.

        folders: whether a name that ends in a slash is a folder of part files.
        """
        self._rows = rows
        self.texts: list[TextFile] = []
        self.pictures: list[str] = []
        self.folder: str | None = None
        self.folder_format: str | None = None
        self.stdout_format = any_ending if rows and "-" in names else None
        for name in names:
            if folders and name.endswith("/"):
                self._into(name, names, any_ending)
            else:
                self._add(name, formats, pictures, any_ending)
        self.stdout = "-" in names or not self.texts

    def _into(self, name: str, names: Sequence[str], format_: str | None) -> None:
        """Part files in a folder."""
        if len(names) > 1:
            raise UsageProblem(f"--out {name}: part files go into one folder, and nowhere else")
        self.folder, self.folder_format = name, format_

    def _add(self, name: str, formats: Sequence[str], pictures: bool, any_ending: str | None) -> None:
        ending = Path(name).suffix.lower().removeprefix(".")
        if name == "-":
            return
        if any_ending is not None:
            self.texts.append(TextFile(name, any_ending))
        elif ending in TABLES and self._rows:
            self.texts.append(TextFile(name, TABLES[ending]))
        elif pictures and ending in PICTURES:
            self.pictures.append(name)
        elif ENDINGS.get(ending) in formats:
            self.texts.append(TextFile(name, ENDINGS[ending]))
        elif _is_special(name):
            self.texts.append(TextFile(name, "text"))
        else:
            known = [end for end, form in ENDINGS.items() if form in formats] + list(PICTURES) * pictures
            known += list(BINARY) * self._rows
            raise UsageProblem(f"--out {name}: the kind of file is not known", hint=_listed(known))

    def __enter__(self) -> AnswerFiles:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        keep = error is None or isinstance(error, click.exceptions.Exit)
        for file in self.texts:
            file.end(keep=keep)


def _listed(endings: Sequence[str]) -> str:
    names = [f"NAME.{one}" for one in endings]
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _is_special(name: str) -> bool:
    """Whether a name leads to a pipe, a device or what a shell has opened."""
    from gradcli.shell.process.file_destinations import descriptor_of

    path = Path(name)
    return descriptor_of(name) is not None or (path.exists() and not path.is_file() and not path.is_dir())
