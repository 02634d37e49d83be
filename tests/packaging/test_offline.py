"""Given the wheels, gradcli installs without a network, from its wheel and from its source."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import OFFLINE, Environment, Packages


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_it_installs_offline(
    kind: str, packages: Packages, environment: Callable[[str], Environment], tmp_path: Path
) -> None:
    """No index and no network: what was installed answers from a folder of its own, with the tutorial's numbers."""
    own = environment(kind)
    offline = {**OFFLINE, "PIP_FIND_LINKS": str(packages.house)}  # for what builds the sdist as well
    own.install(getattr(packages, kind), env=offline)
    place = own.run("-c", "import gradcli; print(gradcli.__file__)")
    assert Path(place.strip()).is_relative_to(own.folder)
    home = {"GRADCLI_HOME": str(tmp_path / "home"), **OFFLINE}
    answer = own.run("-m", "gradcli", "grad", "x**2+x*y+3", "--x", 5, "--y", 3, "--format", "json", env=home)
    record = json.loads(answer)
    assert (record["value"], record["gradient"]) == (43.0, {"x": 13.0, "y": 5.0})
    assert json.loads(own.run("-m", "gradcli", "step", "--lr", 0.1, "--format", "json", env=home))["at"] == {
        "x": pytest.approx(3.7), "y": 2.5
    }  # fmt: skip
