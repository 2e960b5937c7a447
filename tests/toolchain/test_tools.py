"""Which way a tool comes: on PATH, from the cache, downloaded, built."""

import hashlib
import re
import tarfile

import pytest

from components.errors import InputError, Problem
from toolchain import download, golang, table, tools
from toolchain.table import TOOLS, Archive, Module, Tool, tool

TOOL = Tool(
    name="thing",
    version="3.2.0",
    on_path=("thing", "version"),
    official={machine: Archive("https://example.com/thing.tar.gz", "0" * 64) for machine in tools._MACHINES.values()},
    module=Module("thing", "example.com/thing"),
)


@pytest.fixture
def path(tmp_path, monkeypatch):
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/bin")

    def put(name, script):
        program = folder / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        return program

    return put


@pytest.fixture
def ways(monkeypatch):
    """Both ways to bring a tool, recorded; the download fails where the test says so."""
    taken = []

    def put(folder):
        (folder / TOOL.name).write_text("")

    def fetch(archive, folder):
        taken.append("download")
        put(folder)

    def build(tool, module, places, folder):
        taken.append("build")
        put(folder)

    monkeypatch.setattr(download, "fetch", fetch)
    monkeypatch.setattr(tools, "_build", build)
    return taken


@pytest.mark.parametrize("version", ["3.2.0", "v3.2.1", "thing v3.10.0 (abc)"])
def test_a_fitting_program_on_path_is_used(places, path, ways, version):
    program = path("thing", f"echo '{version}'")
    assert tools.obtain(TOOL, places) == tools.Found(program, "on PATH")
    assert ways == []


@pytest.mark.parametrize("script", ["echo 3.1.9", "echo 4.0.0", "echo 2.9.9", "echo none", "exit 1"])
def test_a_program_on_path_in_another_version_is_passed_over(places, path, ways, script):
    path("thing", script)
    assert tools.obtain(TOOL, places).how == "downloaded"


def test_the_official_download_comes_before_the_build(places, path, ways):
    assert tools.obtain(TOOL, places).how == "downloaded"
    assert ways == ["download"]


def test_what_is_in_the_cache_is_reused(places, path, ways):
    tools.obtain(TOOL, places)
    assert tools.obtain(TOOL, places) == tools.Found(places.cache / "thing-3.2.0" / "thing", "reused")
    assert ways == ["download"]


def test_where_the_download_fails_it_is_built(places, path, ways, monkeypatch):
    def fails(archive, folder):
        ways.append("download")
        raise InputError(Problem("does not answer", archive.url))

    monkeypatch.setattr(download, "fetch", fails)
    assert tools.obtain(TOOL, places).how == "built from Go modules"
    assert ways == ["download", "build"]


def test_without_a_checksum_it_is_built_at_once(places, path, ways):
    unpinned = Tool("thing", "3.2.0", official={"linux-amd64": Archive("https://example.com")}, module=TOOL.module)
    assert tools.obtain(unpinned, places).how == "built from Go modules"
    assert ways == ["build"]


def test_where_no_way_works_the_message_says_what_to_do(places, path, ways, refused):
    assert refused(tools.obtain, Tool("thing", "3.2.0"), places) == (
        "thing 3.2.0 cannot be had here; write the published SHA-256 into toolchain/table.py where it can be downloaded"
    )


def test_programs_in_a_folder_of_the_archive_are_found_beside_each_other(places, path, tmp_path, monkeypatch):
    """As in the CLI's archive, whose folder has the name of its first program."""
    file = tmp_path / "thing.tar.gz"
    with tarfile.open(file, "w:gz") as tar:
        for name in ("thing/thing", "thing/thing-language-python"):
            tar.addfile(tarfile.TarInfo(name))
    archive = Archive(file.as_uri(), hashlib.sha256(file.read_bytes()).hexdigest(), folder="thing")
    row = Tool("thing", "3.2.0", official=dict.fromkeys(tools._MACHINES.values(), archive))
    found = tools.obtain(row, places)
    assert found == tools.Found(places.cache / "thing-3.2.0" / "thing", "downloaded")
    assert sorted(each.name for each in found.program.parent.iterdir()) == ["thing", "thing-language-python"]


def test_every_checksum_is_one_of_an_archive_in_the_table():
    names = {archive.url.rpartition("/")[2] for row in TOOLS for archive in row.official.values()}
    assert set(table._CHECKSUMS) <= names
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in table._CHECKSUMS.values())


def test_the_cli_is_downloaded_on_every_kind_of_machine_that_set_up_knows():
    official = tool("pulumi").official
    assert {kind for kind, archive in official.items() if archive.sha256} == set(tools._MACHINES.values())


def test_go_is_used_from_version_1_26_on(path):
    path("go", "echo go version go1.25.9 linux/amd64")
    assert not golang.at_hand()
    path("go", "echo go version go1.26.0 linux/amd64")
    assert golang.at_hand()


def test_a_build_that_fails_shows_what_the_compiler_said(places, path, refused):
    (places.builds / "thing").mkdir(parents=True)
    path("go", 'case $1 in version) echo go1.26.0 ;; *) echo "cannot find module" >&2; exit 1 ;; esac')
    message = refused(tools.obtain, Tool("thing", "3.2.0", module=TOOL.module), places)
    assert message.endswith(
        "build -ldflags -s -w: ended with code 1; see whether a Go module proxy answers (`go env GOPROXY`)\n"
        "    cannot find module"
    )
    assert not (places.cache / "thing-3.2.0").exists()


def test_several_programs_of_the_same_modules_are_built_beside_each_other(places, path):
    (places.builds / "thing").mkdir(parents=True)
    path("go", 'case $1 in version) echo go1.26.0 ;; *) echo "$6" > "$5" ;; esac')
    module = Module("thing", "example.com/thing", also=("example.com/cmd/other",))
    folder = tools.obtain(Tool("thing", "3.2.0", module=module), places).program.parent
    built = {each.name: each.read_text().strip() for each in folder.iterdir()}
    assert built == {"thing": "example.com/thing", "other": "example.com/cmd/other"}


def test_a_build_is_pinned_by_its_go_sum_and_needs_no_c_compiler(places, path):
    (places.builds / "thing").mkdir(parents=True)
    path("go", 'case $1 in version) echo go1.26.0 ;; *) echo "$GOFLAGS $CGO_ENABLED $*" > "$5" ;; esac')
    program = tools.obtain(Tool("thing", "3.2.0", module=TOOL.module), places).program
    assert program.read_text().startswith("-mod=readonly -trimpath -buildvcs=false 0 build ")
