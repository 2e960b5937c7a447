"""The programs in the guides for users: each is run as a user runs it, and type-checked, with the package installed.

Installed is a link named `slipway` to the library; that the wheel holds the same is tests/test_wheel.py.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMPOSE = "name: shop\nservices: {db: {image: 'postgres:${TAG}', secrets: [password]}}\n"
SECRETS = "secrets: {password: {environment: PASSWORD}}\n"


def blocks(guide: str, language: str) -> list[str]:
    text = (CHECKOUT / "docs" / guide).read_text()
    return [block for name, block in BLOCK.findall(text) if name == language]


PROGRAMS = blocks("program.md", "python")
EXPECTED = [
    ["RemoteImage shop-db", "Network shop-default", "Container shop-db-1"],
    ["RemoteImage shop-web-eu", "Container shop-web-eu-1", "Container shop-web-us-1"],
    ["docker far", "DockerTarget shop", "Container shop-web-1"],
    ["ImageBuild web", "Image web"],
]
"""Some of what each program of program.md makes, in its order."""


@pytest.fixture
def site(tmp_path: Path) -> dict[str, str]:
    """The environment of a user who has installed the package."""
    packages = tmp_path / "packages"
    packages.mkdir()
    (packages / "slipway").symlink_to(CHECKOUT / "components")
    return {**os.environ, "PYTHONPATH": str(packages), "MYPYPATH": str(packages)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a user's program."""
    (tmp_path / "shop" / "app").mkdir(parents=True)
    return tmp_path / "shop"


def run(folder: Path, env: dict[str, str], *words: str) -> str:
    done = subprocess.run([sys.executable, *words], cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def type_errors(folder: Path, env: dict[str, str], *programs: str) -> list[str]:
    """What mypy finds in programs, which are called program0.py and so on."""
    (config,) = blocks("testing.md", "ini")
    (folder / "mypy.ini").write_text(config)
    names = [f"program{number}.py" for number, _ in enumerate(programs)]
    for name, program in zip(names, programs, strict=True):
        (folder / name).write_text(program)
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", os.devnull, "--follow-imports=silent", *names]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    return [line for line in done.stdout.splitlines() if line.startswith("program")]


@pytest.mark.parametrize(("program", "expected"), list(zip(PROGRAMS, EXPECTED, strict=True)))
def test_a_program_of_the_guide_makes_what_it_says(program: str, expected: list[str], folder, site) -> None:
    (folder / "__main__.py").write_text(program)
    (folder / "compose.yaml").write_text(COMPOSE + SECRETS)
    recorder = (
        "import runpy; from slipway.testing import record\n"
        "for each in record(lambda: runpy.run_path('__main__.py')):\n"
        "    print(each.type.rpartition(':')[2], each.name)"
    )
    assert set(expected) <= set(run(folder, site, "-c", recorder).splitlines())


def test_every_program_of_the_guides_has_the_right_types(folder, site) -> None:
    assert type_errors(folder, site, *PROGRAMS, *blocks("testing.md", "python")) == []


def test_a_misspelt_argument_and_a_wrong_type_are_found_by_mypy(folder, site) -> None:
    wrong = PROGRAMS[0].replace('"compose": ["compose.yaml"]', '"compos": ["compose.yaml"]')
    errors = "\n".join(type_errors(folder, site, wrong.replace('"target": "docker"', '"target": 3')))
    assert 'Extra key "compos" for TypedDict "ApplicationArgs"' in errors
    assert 'Incompatible types (expression has type "int", TypedDict item "target" has type "str")' in errors


def test_the_tests_of_the_guide_pass(folder, site) -> None:
    for block in (*blocks("testing.md", "yaml"), *blocks("testing.md", "python")):
        name = block.partition("\n")[0].removeprefix("# ")
        (folder / name).write_text(block)
    said = run(folder, site, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert said.splitlines()[-1].startswith("11 passed")
