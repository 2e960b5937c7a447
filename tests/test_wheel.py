"""The wheel: built from this checkout without a network, installed beside nothing, and used as a user does."""

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from email import message_from_string
from email.message import Message
from pathlib import Path

import pytest
from packaging.requirements import Requirement

CHECKOUT = Path(__file__).resolve().parents[1]
SOURCES = ("components", "pyproject.toml", "README.md", "LICENSE")
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # built from a copy: setuptools leaves folders beside what it builds, and takes up what it left before
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("built")
    for name in SOURCES:
        path = CHECKOUT / name
        if path.is_dir():
            shutil.copytree(path, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, source)
    words = ["wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", str(built), "."]
    subprocess.run([*PIP, *words], cwd=source, check=True)
    return next(built.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("installed")
    subprocess.run([*PIP, "install", "--quiet", "--no-deps", "--no-index", "--target", str(target), wheel], check=True)
    return target


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return message_from_string(archive.read(name).decode())


def run(installed: Path, folder: Path, *words: str, code: int = 0) -> str:
    """Run Python in a folder, with the installed package and what it needs, and without the checkout."""
    env = {**os.environ, "PYTHONPATH": str(installed)}
    done = subprocess.run([sys.executable, *words], cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done.stdout.strip()


def test_the_wheel_has_every_file_of_the_library_and_nothing_else(wheel: Path) -> None:
    own = {
        f"slipway/{path.relative_to(CHECKOUT / 'components')}"
        for path in (CHECKOUT / "components").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == own


def test_the_metadata_says_what_it_is_and_points_nowhere_private(metadata: Message) -> None:
    assert (metadata["Name"], metadata["License-Expression"]) == ("slipway", "Apache-2.0")
    assert metadata["License-File"] == "LICENSE"
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert metadata["Requires-Python"] == ">=3.11"
    assert str(metadata.get_payload()).startswith("# Slipway")
    assert metadata.get_all("Project-URL") is None


def test_every_pin_of_the_repository_is_within_what_the_wheel_requires(metadata: Message) -> None:
    required = {each.name: each.specifier for each in map(Requirement, metadata.get_all("Requires-Dist") or ())}
    lines = (CHECKOUT / "requirements.txt").read_text().splitlines()
    pins = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    assert required.keys() == pins.keys()
    assert [name for name, version in pins.items() if version not in required[name]] == []
    assert [name for name, specifier in required.items() if "<" not in str(specifier)] == []


def test_an_installed_user_imports_slipway_and_no_components(installed: Path, tmp_path: Path) -> None:
    program = "import importlib.util, slipway; from slipway import Application; print(Application.__module__)"
    assert run(installed, tmp_path, "-c", program) == "slipway.application"
    program = "import importlib.util; print(importlib.util.find_spec('components'))"
    assert run(installed, tmp_path, "-c", program) == "None"


def test_the_installed_verbs_check_the_sample(installed: Path) -> None:
    sample = CHECKOUT / "examples" / "guestbook"
    said = run(installed, sample, "-m", "slipway", "check", "compose.yaml", "--target", "docker")
    assert said.splitlines()[-1].startswith("docker: ")
    assert "python -m slipway" in run(installed, sample, "-m", "slipway", "--help")


def test_the_installed_mocks_kit_records_a_program(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("name: shop\nservices: {web: {image: web:1}}\n")
    program = (
        "from slipway.testing import record\n"
        "recorded = record({'compose': ['compose.yaml'], 'target': 'docker'})\n"
        "print([each.name for each in recorded if each.type.endswith(':Container')])"
    )
    assert run(installed, tmp_path, "-c", program) == "['app-web-1']"


@pytest.fixture
def plugin(installed: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, installed / "bin" / "pulumi-resource-slipway", "127.0.0.1:1"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def test_the_installed_plugin_starts_and_tells_its_port(plugin: subprocess.Popen[str]) -> None:
    assert plugin.stdout is not None
    assert plugin.stdout.readline().strip().isdigit()


def test_a_version_is_written_once_in_the_changelog_and_the_project() -> None:
    version = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]["version"]
    assert version in (CHECKOUT / "CHANGELOG.md").read_text()
