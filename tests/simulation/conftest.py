"""A project in a temporary folder: the campaign files and the reference, none of the data."""

import shutil
from pathlib import Path

import pytest

from edp_analysis.campaign import find_root
from edp_analysis.simulation import simulate

ROOT = find_root(Path(__file__).parent)


def make_project(folder):
    shutil.copytree(ROOT / "campaigns", folder / "campaigns")
    shutil.copytree(ROOT / "data" / "reference", folder / "data" / "reference")
    return folder


@pytest.fixture
def project(tmp_path):
    return make_project(tmp_path / "projet")


@pytest.fixture(scope="session")
def simulated_2028(tmp_path_factory):
    """The report of a simulated campaign 2028, in its own project."""
    return simulate("2028", 7, make_project(tmp_path_factory.mktemp("c2028") / "projet"))


def content(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


@pytest.fixture
def read_folder():
    return content
