"""Staging of build contexts: what is in, which modes it has, and when it is another."""

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.errors import InputError
from components.images import context as contexts
from components.images.context import Staged, is_remote

WHERE = "services.web.build"


@pytest.fixture
def context(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    (folder / "src").mkdir(parents=True)
    (folder / "Dockerfile").write_text("FROM scratch\n")
    (folder / "src" / "main.py").write_text("print()\n")
    (folder / "run").write_text("#!/bin/sh\n")
    (folder / "run").chmod(0o755)
    return folder


def stage(context: Path, dockerfile: Path | None = None) -> Staged:
    dockerfile = dockerfile or context / "Dockerfile"
    return contexts.stage(context, "shop/web", WHERE, dockerfile=dockerfile, root=context.parent / "stage")


def staged(context: Path, dockerfile: Path | None = None) -> Path:
    return Path(stage(context, dockerfile).location)


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_context_is_staged_under_its_hash_with_everything_in_it(context: Path) -> None:
    found = stage(context)
    assert names(Path(found.location)) == ["Dockerfile", "run", "src", "src/main.py"]
    assert (found.files, found.size) == (3, 31)
    assert Path(found.location).parts[-4:-2] == ("shop", "web")


@pytest.mark.parametrize("umask", [0o022, 0o002, 0o077])
def test_the_umask_of_a_checkout_changes_nothing(context: Path, umask: int) -> None:
    reference = staged(context)
    for path in context.rglob("*"):
        path.chmod((0o777 if path.is_dir() or path.name == "run" else 0o666) & ~umask)
    target = staged(context)
    assert target == reference
    assert {oct(path.stat().st_mode & 0o777) for path in target.rglob("*")} == {"0o755", "0o644"}


@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_the_umask_of_the_update_changes_no_mode(context: Path, umask: int) -> None:
    old = os.umask(umask)
    try:
        target = staged(context)
    finally:
        os.umask(old)
    modes = {str(path.relative_to(target.parent)): path.stat().st_mode & 0o777 for path in target.parent.rglob("*")}
    assert modes == {
        "dockerfile": 0o755,
        "dockerfile/Dockerfile": 0o644,
        "context": 0o755,
        "context/Dockerfile": 0o644,
        "context/run": 0o755,
        "context/src": 0o755,
        "context/src/main.py": 0o644,
    }


def test_an_unchanged_context_is_the_same_folder(context: Path) -> None:
    first = staged(context)
    before = (first / "src" / "main.py").stat().st_ino
    os.utime(context / "src" / "main.py", (1, 1))
    assert staged(context) == first
    assert (first / "src" / "main.py").stat().st_ino == before


def test_a_changed_file_is_another_folder(context: Path) -> None:
    first = staged(context)
    (context / "src" / "main.py").write_text("print(1)\n")
    assert staged(context) != first


def test_what_another_version_has_staged_is_not_taken_for_ours(context: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = staged(context)
    monkeypatch.setattr(contexts, "LAYOUT", b"another")
    assert staged(context) != first


def test_a_context_of_more_than_an_hour_ago_is_removed(context: Path) -> None:
    first = staged(context)
    (context / "src" / "main.py").write_text("print(1)\n")
    second = staged(context)
    assert first.exists()
    os.utime(first.parent, (time.time() - 3700,) * 2)
    assert staged(context) == second
    assert (first.exists(), second.exists()) == (False, True)


def test_an_executable_bit_is_a_change(context: Path) -> None:
    first = staged(context)
    (context / "src" / "main.py").chmod(0o755)
    assert staged(context) != first


def test_a_staged_file_does_not_change_with_its_original(context: Path) -> None:
    target = staged(context)
    with (context / "src" / "main.py").open("a") as file:
        file.write("x")
    assert (target / "src" / "main.py").read_text() == "print()\n"


def test_ignored_files_are_left_out_and_their_changes_are_none(context: Path) -> None:
    (context / ".dockerignore").write_text("# a remark\nsrc\n!src/main.py\n*.log\n")
    (context / "src" / "other.py").write_text("")
    (context / "a.log").write_text("1")
    first = staged(context)
    assert names(first) == [".dockerignore", "Dockerfile", "run", "src", "src/main.py"]
    (context / "a.log").write_text("2")
    assert staged(context) == first


def test_the_dockerfiles_own_ignore_file_wins_and_goes_with_it(context: Path) -> None:
    (context / ".dockerignore").write_text("run\n")
    (context / "Dockerfile.dockerignore").write_text("src\n")
    target = staged(context)
    assert names(target) == [".dockerignore", "Dockerfile", "Dockerfile.dockerignore", "run"]
    assert names(target.parent / "dockerfile") == ["Dockerfile", "Dockerfile.dockerignore"]


def test_an_ignored_dockerfile_is_staged_beside_the_context(context: Path) -> None:
    (context / ".dockerignore").write_text("*\n")
    found = stage(context)
    assert names(Path(found.location)) == []
    assert found.dockerfile is not None
    assert Path(found.dockerfile).read_text() == "FROM scratch\n"


def test_a_dockerfile_may_lie_outside_its_context(context: Path) -> None:
    elsewhere = context.parent / "docker" / "web.Dockerfile"
    elsewhere.parent.mkdir()
    elsewhere.write_text("FROM elsewhere\n")
    elsewhere.with_name("web.Dockerfile.dockerignore").write_text("src\n")
    found = stage(context, elsewhere)
    assert names(Path(found.location)) == ["Dockerfile", "run"]
    assert found.dockerfile is not None
    assert Path(found.dockerfile).name == "web.Dockerfile"
    elsewhere.write_text("FROM other\n")
    assert stage(context, elsewhere).location != found.location


def test_slipways_own_folder_is_no_part_of_a_context(context: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual case of `build: .` beside Pulumi.yaml: state and passphrase are there, and the stage itself."""
    monkeypatch.chdir(context)
    (context / ".slipway").mkdir()
    (context / ".slipway" / "passphrase").write_text("geheim")
    first = contexts.stage(Path(), "shop/web", WHERE)
    assert names(Path(first.location)) == ["Dockerfile", "run", "src", "src/main.py"]
    assert contexts.stage(context / "src" / "..", "shop/web", WHERE) == first


def test_empty_folders_are_part_of_a_context(context: Path) -> None:
    first = staged(context)
    (context / "empty").mkdir()
    assert staged(context) != first
    assert (staged(context) / "empty").is_dir()


@pytest.mark.parametrize("to", ["src/main.py", "src", "missing", "../outside", "/etc/hostname", ".", "/dev/null"])
def test_links_stay_links_wherever_they_lead(context: Path, to: str) -> None:
    (context / "link").symlink_to(to)
    assert (staged(context) / "link").readlink() == Path(to)


@pytest.mark.parametrize(
    ("to", "how"), [("link", "in a ring"), ("/dev/stdout", "to /dev/stdout"), ("/proc/self", "to /proc/self")]
)
def test_a_link_that_the_plugin_cannot_read_is_refused(context: Path, to: str, how: str) -> None:
    """Seen with pulumi-docker-build 0.0.22: a ring fails, its own standard output is waited for."""
    (context / "link").symlink_to(to)
    with pytest.raises(InputError) as raised:
        staged(context)
    assert str(raised.value) == (
        f'{WHERE}: the build context has a link "{context}/link" {how}, which the builder would read; '
        "make it in the Dockerfile (RUN ln -s), or name it in .dockerignore"
    )


def test_an_absolute_link_to_a_pipe_is_refused_and_a_relative_one_leads_nowhere(context: Path) -> None:
    os.mkfifo(context / "pipe")
    (context / "link").symlink_to("pipe")
    assert not (staged(context) / "link").exists()
    (context / "link").unlink()
    (context / "link").symlink_to(context / "pipe")
    with pytest.raises(InputError) as raised:
        staged(context)
    assert f'link "{context}/link" to {context}/pipe, which the builder would read' in str(raised.value)


def test_a_link_to_elsewhere_is_a_change(context: Path) -> None:
    (context / "link").symlink_to("src")
    first = staged(context)
    (context / "link").unlink()
    (context / "link").symlink_to("run")
    assert staged(context) != first


def test_sockets_and_pipes_are_no_part_of_a_context(context: Path) -> None:
    first = staged(context)
    os.mkfifo(context / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        folder = os.open(context, os.O_RDONLY)
        listener.bind(f"/proc/self/fd/{folder}/socket")  # a socket's own path has at most 107 bytes
        os.close(folder)
        assert staged(context) == first


@pytest.mark.parametrize("name", ["a b", "ä é", "日本", "-x", "a\nb", os.fsdecode(b"\xff")])
def test_any_name_of_a_file_will_do(context: Path, name: str) -> None:
    (context / name).write_text("x")
    assert (staged(context) / name).read_text() == "x"


@pytest.fixture
def another_user(context: Path) -> Iterator[None]:
    """Root reads everything: the test reads as another user."""
    root = context.parent
    for folder in [root, *root.parents]:
        folder.chmod(folder.stat().st_mode | 0o011)  # pytest's folders are its user's own
        if folder.name.startswith("pytest-of-"):
            break
    (root / "stage").mkdir()
    (root / "stage").chmod(0o777)
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    yield
    os.seteuid(was)


@pytest.fixture
def closed(context: Path) -> list[Path]:
    paths = [context / "run", context / "src"]
    for path in paths:
        path.chmod(0)
    return paths


def test_what_cannot_be_read_is_named_all_at_once(context: Path, closed: list[Path], another_user: None) -> None:
    with pytest.raises(InputError) as raised:
        staged(context)
    assert str(raised.value) == "\n".join(
        f'{WHERE}: the build context has "{path}", which cannot be read (Permission denied); '
        "make it readable, or name it in .dockerignore"
        for path in closed
    )


@pytest.mark.parametrize("exception", ["", "!Dockerfile\n"])
def test_what_is_left_out_need_not_be_readable(
    context: Path, closed: list[Path], exception: str, request: pytest.FixtureRequest
) -> None:
    (context / ".dockerignore").write_text(f"src\nrun\n{exception}")
    request.getfixturevalue("another_user")
    assert names(staged(context)) == [".dockerignore", "Dockerfile"]


@pytest.mark.parametrize("line", ["[a", "!", "! ", "a/[]", "x\\"])
def test_a_line_without_meaning_is_reported(context: Path, line: str) -> None:
    (context / ".dockerignore").write_text(f"src\n{line}\n")
    with pytest.raises(InputError) as raised:
        staged(context)
    assert str(raised.value) == (
        f'{WHERE}: "{line.strip()}" in {context}/.dockerignore is not a pattern; mend the line'
    )


def test_an_ignore_file_that_is_not_text_is_reported(context: Path) -> None:
    (context / ".dockerignore").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError) as raised:
        staged(context)
    assert str(raised.value) == f"{WHERE}: cannot read {context}/.dockerignore (it is not UTF-8)"


def test_the_stage_ignores_itself_for_git(context: Path) -> None:
    staged(context)
    assert (context.parent / "stage" / ".gitignore").read_text() == "*\n"


def test_a_half_copied_context_is_not_taken_for_a_whole_one(context: Path) -> None:
    home = context.parent / "stage" / "shop" / "web"
    (home / "partial-x").mkdir(parents=True)
    os.utime(home / "partial-x", (1, 1))
    target = staged(context)
    assert (target / "Dockerfile").exists()
    assert not (home / "partial-x").exists()


@pytest.mark.parametrize(
    "place", ["https://x.example/a.git", "git@x.example:a", "github.com/a/b", "docker-image://x", "oci-layout://x"]
)
def test_a_url_is_not_staged(place: str) -> None:
    assert is_remote(place)


@pytest.mark.parametrize("place", ["/a/b", ".", "a:b", "github.comics"])
def test_a_folder_is_no_url(place: str) -> None:
    assert not is_remote(place)
