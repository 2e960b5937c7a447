"""The init container's script and the seed's, run for real: by this machine's shell, and by busybox where it has it.

Not proved: that the containers of a Fargate task share what is written in /etc; docs/adr names who relies on it.
"""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from components.targets.init_script import SCRIPT, SEED

SHELLS = [["sh"], *([["busybox", "sh"]] if shutil.which("busybox") else [])]
ME = f"{os.getuid()}:{os.getgid()}"


@pytest.fixture(params=SHELLS, ids=" ".join)
def shell(request: pytest.FixtureRequest) -> list[str]:
    return list(request.param)


def run(shell: list[str], root: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the script with /etc in a folder of the test's."""
    (root / "etc").mkdir(exist_ok=True)
    (root / "etc" / "resolv.conf").touch()
    script = SCRIPT.replace("/etc/", f"{root}/etc/")
    known = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run([*shell, "-c", script], env=known, capture_output=True, text=True, check=False)


def test_the_applications_domain_is_searched_first_and_the_rest_stays(shell: list[str], tmp_path: Path) -> None:
    resolv = tmp_path / "etc" / "resolv.conf"
    resolv.parent.mkdir()
    resolv.write_text("search eu-central-1.compute.internal\nnameserver 10.0.0.2\n")
    assert run(shell, tmp_path, SLIPWAY_SEARCH="shop.internal corp.example").returncode == 0
    expected = "search shop.internal corp.example eu-central-1.compute.internal\nnameserver 10.0.0.2\n"
    assert resolv.read_text() == expected


def test_a_domain_is_searched_where_none_was(shell: list[str], tmp_path: Path) -> None:
    resolv = tmp_path / "etc" / "resolv.conf"
    resolv.parent.mkdir()
    resolv.write_text("nameserver 10.0.0.2\n")
    run(shell, tmp_path, SLIPWAY_SEARCH="shop.internal", SLIPWAY_OPTIONS="ndots:2 timeout:1")
    expected = "search shop.internal\nnameserver 10.0.0.2\noptions ndots:2 timeout:1\n"
    assert resolv.read_text() == expected


def test_hosts_are_added(shell: list[str], tmp_path: Path) -> None:
    hosts = tmp_path / "etc" / "hosts"
    hosts.parent.mkdir()
    hosts.write_text("127.0.0.1 localhost\n")
    run(shell, tmp_path, SLIPWAY_HOSTS="10.1.1.1 old.example\n10.1.1.2 new.example")
    assert hosts.read_text() == "127.0.0.1 localhost\n10.1.1.1 old.example\n10.1.1.2 new.example\n"


def test_without_anything_to_write_nothing_is_written(shell: list[str], tmp_path: Path) -> None:
    ran = run(shell, tmp_path)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert [(path.name, path.read_text()) for path in (tmp_path / "etc").iterdir()] == [("resolv.conf", "")]


def test_files_are_as_they_are_given_to_the_last_character(shell: list[str], tmp_path: Path) -> None:
    text, binary, empty = (tmp_path / "files" / name for name in ("a b.conf", "deep/raw", "none"))
    contents = {"SLIPWAY_FILE_1": "$HOME `id` \\n 'x' \"y\"\n\n", "SLIPWAY_FILE_2": "AP8K", "SLIPWAY_FILE_3": ""}
    lines = [
        f"SLIPWAY_FILE_1 text 440 {ME} {text}",
        f"SLIPWAY_FILE_2 base64 555 {ME} {binary}",
        f"SLIPWAY_FILE_3 text 444 {ME} {empty}",
    ]
    ran = run(shell, tmp_path, SLIPWAY_FILES="\n".join(lines), **contents)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert text.read_text() == contents["SLIPWAY_FILE_1"]
    assert (binary.read_bytes(), empty.read_bytes()) == (b"\x00\xff\n", b"")
    assert [stat.S_IMODE(path.stat().st_mode) for path in (text, binary, empty)] == [0o440, 0o555, 0o444]


def test_a_file_takes_the_place_of_a_link_of_the_images(shell: list[str], tmp_path: Path) -> None:
    elsewhere, link = tmp_path / "elsewhere", tmp_path / "default.conf"
    elsewhere.write_text("the image's")
    link.symlink_to(elsewhere)
    run(shell, tmp_path, SLIPWAY_FILES=f"SLIPWAY_FILE_1 text 444 {ME} {link}", SLIPWAY_FILE_1="mine")
    assert (link.read_text(), link.is_symlink(), elsewhere.read_text()) == ("mine", False, "the image's")


def test_a_file_that_cannot_be_written_fails_the_start(shell: list[str], tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    lines = f"SLIPWAY_FILE_1 text 444 {ME} {tmp_path}/taken/a"
    assert run(shell, tmp_path, SLIPWAY_FILES=lines, SLIPWAY_FILE_1="x").returncode != 0


def test_a_folder_of_the_image_is_copied_as_it_is_and_a_missing_one_is_none(shell: list[str], tmp_path: Path) -> None:
    image, volume = tmp_path / "a=b app", tmp_path / "volume"
    (image / "sub").mkdir(parents=True)
    volume.mkdir()
    (image / "sub" / ".hidden").write_text("x")
    (image / "run").write_text("y")
    (image / "run").chmod(0o751)
    pairs = [f"{image}={volume}", f"{tmp_path}/missing={volume}"]
    ran = subprocess.run([*shell, "-c", SEED, "seed", *pairs], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert (volume / "sub" / ".hidden").read_text() == "x"
    assert stat.S_IMODE((volume / "run").stat().st_mode) == 0o751
