"""Staging of build contexts: what is in, which modes it has, and when it is another."""

import os
from pathlib import Path

import pytest

from components.images.context import is_remote, stage


@pytest.fixture
def context(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    (folder / "src").mkdir(parents=True)
    (folder / "Dockerfile").write_text("FROM scratch\n")
    (folder / "src" / "main.py").write_text("print()\n")
    (folder / "run").write_text("#!/bin/sh\n")
    (folder / "run").chmod(0o755)
    return folder


def staged(context: Path, dockerfile: str = "Dockerfile") -> Path:
    return stage(context, dockerfile, "shop-web", context.parent / "stage")


def test_a_context_is_staged_under_its_hash_with_everything_in_it(context: Path) -> None:
    target = staged(context)
    assert sorted(str(path.relative_to(target)) for path in target.rglob("*")) == [
        "Dockerfile",
        "run",
        "src",
        "src/main.py",
    ]


@pytest.mark.parametrize("umask", [0o022, 0o002])
def test_the_umask_of_a_checkout_changes_nothing(context: Path, umask: int) -> None:
    reference = staged(context)
    for path in context.rglob("*"):
        path.chmod((0o777 if path.is_dir() or path.name == "run" else 0o666) & ~umask)
    target = staged(context)
    assert target == reference
    assert {oct(path.stat().st_mode & 0o777) for path in target.rglob("*")} == {"0o755", "0o644"}


def test_an_unchanged_context_is_the_same_folder(context: Path) -> None:
    first = staged(context)
    before = first.stat().st_mtime_ns
    os.utime(context / "src" / "main.py", (1, 1))
    assert staged(context) == first
    assert first.stat().st_mtime_ns == before


def test_a_changed_file_is_another_folder_and_the_old_one_is_gone(context: Path) -> None:
    first = staged(context)
    (context / "src" / "main.py").write_text("print(1)\n")
    assert staged(context) != first
    assert not first.exists()


def test_an_executable_bit_is_a_change(context: Path) -> None:
    first = staged(context)
    (context / "src" / "main.py").chmod(0o755)
    assert staged(context) != first


def test_ignored_files_are_left_out_and_their_changes_are_none(context: Path) -> None:
    (context / ".dockerignore").write_text("# a remark\nsrc\n!src/main.py\n*.log\n")
    (context / "src" / "other.py").write_text("")
    (context / "a.log").write_text("1")
    first = staged(context)
    assert not (first / "a.log").exists()
    assert not (first / "src" / "other.py").exists()
    assert (first / "src" / "main.py").exists()
    (context / "a.log").write_text("2")
    assert staged(context) == first


def test_the_dockerfiles_own_ignore_file_wins(context: Path) -> None:
    (context / ".dockerignore").write_text("run\n")
    (context / "Dockerfile.dockerignore").write_text("src\n")
    target = staged(context)
    assert (target / "run").exists()
    assert not (target / "src").exists()


def test_an_ignored_dockerfile_is_staged_all_the_same(context: Path) -> None:
    (context / ".dockerignore").write_text("*\n")
    assert (staged(context) / "Dockerfile").exists()


def test_links_stay_links(context: Path) -> None:
    (context / "link").symlink_to("src/main.py")
    assert (staged(context) / "link").readlink() == Path("src/main.py")


def test_the_stage_ignores_itself_for_git(context: Path) -> None:
    staged(context)
    assert (context.parent / "stage" / ".gitignore").read_text() == "*\n"


def test_a_half_copied_context_is_not_taken_for_a_whole_one(context: Path) -> None:
    home = context.parent / "stage" / "shop-web"
    (home / "partial-x").mkdir(parents=True)
    target = staged(context)
    assert (target / "Dockerfile").exists()
    assert not (home / "partial-x").exists()


@pytest.mark.parametrize("place", ["https://x.example/a.git", "git@x.example:a", "github.com/a/b"])
def test_a_url_is_not_staged(place: str) -> None:
    assert is_remote(place)
