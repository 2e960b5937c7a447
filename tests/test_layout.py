"""The house: which room may use which, what loads Pulumi, how large a module may be."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path("components")
MODULES = sorted(ROOT.rglob("*.py"))

ORDER = [
    {"errors"},
    {"model"},
    {"compose", "support"},
    {"cloud_access"},
    {"access"},
    {"settings"},
    {"contents", "images", "clusters", "targets"},
    {"plan", "plain"},
    {"application"},
    {"testing", "commands", "provider"},
    {"__main__", "__init__"},
]
"""A room uses the rooms above it, and its own."""

PURE = {"errors", "model", "compose", "support", "access", "cloud_access", "commands"}
"""Rooms that load no Pulumi."""


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def rank(name: str) -> int:
    return next(index for index, rooms in enumerate(ORDER) if name in rooms)


def imported(path: Path) -> Iterator[tuple[str, ast.stmt]]:
    """Rooms and packages that a module imports, wherever in it."""
    package = ("components", *path.relative_to(ROOT).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            name = ".".join((*base, *([node.module] if node.module else [])))
            if name == "components":
                yield from ((f"components.{alias.name}", node) for alias in node.names)
            else:
                yield name, node


IMPORTS = {path: list(imported(path)) for path in MODULES}
"""Read once, before any test runs: Python 3.11 fails to parse when a collection comes in between."""


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_room_uses_only_rooms_above_it(path: Path) -> None:
    if path == ROOT / "__init__.py":
        return
    used = {name.split(".")[1] for name, _ in IMPORTS[path] if name.startswith("components.")}
    own = room(path)
    assert sorted(name for name in used if name != own and rank(name) >= rank(own)) == []


def test_a_target_never_imports_a_cluster_nor_the_other_way_round() -> None:
    crossing = [
        str(path)
        for path in MODULES
        for name, _ in IMPORTS[path]
        if (room(path), name.split(".")[1:2]) in (("targets", ["clusters"]), ("clusters", ["targets"]))
    ]
    assert crossing == []


@pytest.mark.parametrize("path", [path for path in MODULES if room(path) in PURE], ids=str)
def test_a_pure_room_imports_no_pulumi(path: Path) -> None:
    assert [name for name, _ in IMPORTS[path] if name.startswith("pulumi")] == []


@pytest.mark.parametrize("module", ["components", "components.compose", "components.__main__", "components.support"])
def test_no_pulumi_is_loaded_where_none_is_needed(module: str) -> None:
    check = f"import {module}, sys; print([name for name in sys.modules if name.startswith('pulumi')])"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_table_of_a_target_loads_no_pulumi() -> None:
    check = (
        "from components.targets import support_table; support_table('docker');"
        "import sys; print([name for name in sys.modules if name.startswith('pulumi')])"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "path", [path for path in MODULES if room(path) not in {"targets", "images", "clusters"}], ids=str
)
def test_a_provider_sdk_is_imported_only_where_resources_are_made(path: Path) -> None:
    assert [name for name, node in IMPORTS[path] if name.startswith("pulumi_") and node.col_offset == 0] == []


def test_no_provider_sdk_is_loaded_before_its_target_is_chosen() -> None:
    check = "import components.application, sys;print([name for name in sys.modules if name.startswith('pulumi_')])"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "path",
    [path for room in ("components", "toolchain", "standins") for path in sorted(Path(room).rglob("*.py"))],
    ids=str,
)
def test_no_module_is_longer_than_a_reader_can_hold(path: Path) -> None:
    limit = 900 if path == ROOT / "model.py" else 440  # about 400; the model is one flat list of Compose's own keys
    assert len(path.read_text().splitlines()) <= limit


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_annotations_are_real_where_the_schema_analyzer_reads_them(path: Path) -> None:
    assert "from __future__ import annotations" not in path.read_text()


def test_the_project_program_is_short() -> None:
    assert len(Path("__main__.py").read_text().splitlines()) <= 40
