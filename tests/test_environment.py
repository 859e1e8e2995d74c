"""pyproject.toml, environment.yml and requirements.lock describe one environment."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DECLARED = [Requirement(text) for text in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"])]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)(?P<rest>(?:.*\\\n)*.*)$", re.MULTILINE)


def locked() -> dict[str, list[tuple[Version, str]]]:
    found: dict[str, list[tuple[Version, str]]] = {}
    for match in ENTRY.finditer(LOCK):
        found.setdefault(canonicalize_name(match["name"]), []).append((Version(match["version"]), match["rest"]))
    return found


def conda() -> dict[str, Requirement]:
    content = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    listed = [item for item in content["dependencies"] if isinstance(item, str)]
    by_pip = [text for item in content["dependencies"] if isinstance(item, dict) for text in item["pip"]]
    return {canonicalize_name(r.name): r for r in map(Requirement, [*listed, *by_pip])}


@pytest.mark.parametrize("requirement", DECLARED, ids=lambda r: r.name)
def test_each_dependency_is_locked_at_a_version_it_allows(requirement: Requirement) -> None:
    versions = locked().get(canonicalize_name(requirement.name), [])
    assert versions, f"{requirement.name} manque dans requirements.lock"
    assert all(requirement.specifier.contains(version) for version, _ in versions)


def test_conda_asks_for_the_same_set_with_the_same_constraints() -> None:
    asked = conda()
    assert str(asked.pop("python").specifier) == PROJECT["requires-python"]
    asked.pop("pip")
    assert {name: r.specifier for name, r in asked.items()} == {
        canonicalize_name(r.name): r.specifier for r in DECLARED
    }


def test_conda_uses_one_free_channel() -> None:
    content = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert content["channels"] == ["conda-forge"]


def test_every_locked_file_has_a_hash() -> None:
    for name, versions in locked().items():
        for version, rest in versions:
            assert "--hash=sha256:" in rest, f"{name} {version} sans empreinte"


def test_the_lock_is_read_whole() -> None:
    """Each line is an entry or one of its hashes: nothing escapes the tests above, and no option names an index."""
    for line in LOCK.splitlines():
        assert re.match(r"[A-Za-z0-9._-]+==\S+( ; [^\\]+)? ?\\$|    --hash=sha256:[0-9a-f]{64}( \\)?$", line), line


@pytest.mark.parametrize("name", ["requirements.lock", "environment.yml", "pyproject.toml", "Makefile", ".ci/run"])
def test_no_address_is_written(name: str) -> None:
    assert not re.search(r"https?://|git\+|--index|--find-links", (ROOT / name).read_text(encoding="utf-8"))


def test_a_notebook_s_cells_stay_on_one_worker() -> None:
    """With its default, pytest-xdist spreads a notebook's cells over kernels that lack what precedes."""
    options = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    assert "--dist=loadscope" in options["addopts"]


@pytest.mark.parametrize(
    ("path", "ignored"),
    [
        ("data/raw/2025/ecoles/EDP-03_suivi_2025.xlsx", True),
        ("data/raw/2025/ecoles.csv", True),
        ("data/raw/2028/ORIGIN.toml", True),
        ("envoi/EDP-03_suivi_2025.xlsx", True),
        ("profils-2024.ipynb", True),
        ("02_profils.html", True),
        ("data/raw/README.md", False),
        ("data/raw/2024/ecoles/EDP-01.xlsx", False),
        ("notebooks/phase1/02_profils.ipynb", False),
        ("campaigns/2025.toml", False),
    ],
)
def test_received_files_cannot_be_committed_by_mistake(tmp_path: Path, path: str, ignored: bool) -> None:
    """In a repository of its own, so that what is tracked here does not decide."""
    if shutil.which("git") is None:
        pytest.skip("git n'est pas là")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    shutil.copy(ROOT / ".gitignore", tmp_path / ".gitignore")
    found = subprocess.run(["git", "-C", tmp_path, "check-ignore", "-q", "--no-index", path], check=False)
    assert (found.returncode == 0) is ignored
