"""What is packed: gradcli and what it says of itself, and nothing else."""

from __future__ import annotations

import email
import subprocess
import tarfile
import zipfile

import pytest

from gradcli import __version__

from .conftest import ROOT, Packages


def tracked(*folders: str) -> set[str]:
    """The files of the checkout that are under version control."""
    done = subprocess.run(
        ["git", "ls-files", *folders], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip("this is no checkout: there is no list of files to compare with")
    return set(done.stdout.splitlines())


def test_the_wheel_holds_the_package_alone(packages: Packages) -> None:
    """Every file of gradcli/, its metadata, its licence, and nothing else: no tests, no caches, no file of an editor."""
    with zipfile.ZipFile(packages.wheel) as wheel:
        names = {name for name in wheel.namelist() if not name.endswith("/")}
    about = f"gradcli-{__version__}.dist-info"
    own = {
        f"{about}/{name}" for name in ("METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE")
    }
    assert names == tracked("gradcli") | own


def test_the_wheel_says_what_it_is(packages: Packages) -> None:
    """Name, licence, versions of Python, the command, and every dependency with both of its bounds."""
    with zipfile.ZipFile(packages.wheel) as wheel:
        about = f"gradcli-{__version__}.dist-info"
        metadata = email.message_from_bytes(wheel.read(f"{about}/METADATA"))
        entry = wheel.read(f"{about}/entry_points.txt").decode()
        kind = wheel.read(f"{about}/WHEEL").decode()
    assert (metadata["Name"], metadata["Version"]) == ("gradcli", __version__)
    assert (metadata["License-Expression"], metadata["Requires-Python"]) == ("MIT", ">=3.11")
    assert "gradcli = gradcli.__main__:main" in entry
    assert "py3-none-any" in kind
    assert {url.partition(",")[0] for url in metadata.get_all("Project-URL", [])} >= {"Homepage", "Changelog"}
    needed = [text for text in metadata.get_all("Requires-Dist", []) if not text.startswith("gradcli[")]
    assert len(needed) >= 8
    assert [text for text in needed if ">=" not in text or "<" not in text] == []


def test_the_sdist_holds_what_the_tests_need(packages: Packages) -> None:
    """The package, its tests, README, LICENSE and pyproject.toml, and what describes the sdist itself."""
    with tarfile.open(packages.sdist) as sdist:
        names = {member.name.partition("/")[2] for member in sdist.getmembers() if member.isfile()}
    described = {"PKG-INFO", ".gitignore"}
    assert names - described == tracked("gradcli", "tests", "README.md", "LICENSE", "pyproject.toml")
