"""The loader against the reference implementation of Compose, whole, on the cases of `corpus/`.

A case is a file, with `<case>.override.yaml` beside it where a second one is merged over it, or a folder. A folder's
`case.yaml` says how it is called: `files`, `profiles`, `env`, `env_files`, `name`, `directory`; without it, it is
called as by somebody who types nothing but `config` there.

`python -m components config` has to print what `docker-compose config` prints, value for value, with the variables of
`env_file` and without. A wrong case has to be refused with a problem of the same kind at the same path. What differs is
listed in `differences.py`, each with its reason, and is asserted to be a difference still; `docs/compose.md` has the
same lists.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import differences
import pytest
import verdicts
import yaml

from components.__main__ import main
from components.compose import read

HERE = Path(__file__).parent / "corpus"
PAGE = Path(__file__).parents[2] / "docs" / "compose.md"
BEGIN = "--update-goldens`; do not edit -->\n"
REFERENCE = shutil.which("docker-compose", path=str(Path(sys.executable).parent)) or "docker-compose"
FLAGS = {
    "files": "",
    "profiles": "--profile",
    "env_files": "--env-file",
    "name": "--name",
    "directory": "--project-directory",
}
THEIR_FLAGS = {**FLAGS, "files": "-f", "name": "-p"}


@dataclass(frozen=True)
class Case:
    """How a case is called, by us and by the reference."""

    folder: Path
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """All that either sees of the process's environment."""
        return {"PATH": os.environ["PATH"], "HOME": "/home/user", "FROM_ENV": "env", **self.options.get("env", {})}

    def words(self, flags: Mapping[str, str]) -> list[str]:
        words: list[str] = []
        for key, flag in flags.items():
            given = self.options.get(key, [])
            for value in given if isinstance(given, list) else [given]:
                words += [flag, value] if flag else [value]
        return words


def case(kind: str, name: str) -> Case:
    folder = HERE / kind / name
    if folder.is_dir():
        described = folder / "case.yaml"
        options = yaml.safe_load(described.read_text(encoding="utf-8")) if described.exists() else {}
        return Case(folder / options.pop("from", "."), options)
    files = [f"{name}.yaml", f"{name}.override.yaml"]
    return Case(HERE / kind, {"files": [file for file in files if (HERE / kind / file).exists()]})


def names(kind: str) -> list[str]:
    found = (HERE / kind).iterdir()
    files = {path.stem for path in found if path.suffix == ".yaml" and not path.stem.endswith(".override")}
    folders = {path.parent.name for path in (HERE / kind).glob("*/case.yaml")}
    folders |= {path.parent.name for path in (HERE / kind).glob("*/*compose.y*ml")}
    return sorted(files | folders)


def only_printed(path: str, mine: Any, _other: Any) -> bool:
    return mine == "absent" and any(fnmatchcase(path, pattern) for pattern in differences.PRINTED)


VALID, INVALID = names("valid"), names("invalid")


def theirs(case: Case, *flags: str) -> "subprocess.CompletedProcess[str]":
    command = [REFERENCE, *case.words(THEIR_FLAGS), "config", *flags]
    return subprocess.run(command, cwd=case.folder, env=case.environment, capture_output=True, text=True, check=False)


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """What we print for a case: exit code, standard output, standard error."""

    def run(case: Case, *flags: str) -> tuple[int, str, str]:
        monkeypatch.chdir(case.folder)
        monkeypatch.setattr(os, "environ", case.environment)
        code = main(["config", *flags, *case.words(FLAGS)])
        return code, *capsys.readouterr()

    return run


def parsed(text: str, folder: Path) -> Any:
    """A print as plain values, by the YAML of Compose."""
    file = folder / "printed.yaml"
    file.write_text(text, encoding="utf-8")
    return read.read(str(file))[0].root


def compared(mine: Any, other: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any, Any]]:
    """Where two trees differ: path, our value, theirs; "absent" where there is none."""
    if isinstance(mine, dict) and isinstance(other, dict):
        for key in {**mine, **other}:
            at = (*path, key)
            if key in mine and key in other:
                yield from compared(mine[key], other[key], at)
            else:
                yield ".".join(at), mine.get(key, "absent"), other.get(key, "absent")
    elif isinstance(mine, list) and isinstance(other, list) and len(mine) == len(other):
        for index, (one, another) in enumerate(zip(mine, other, strict=True)):
            yield from compared(one, another, (*path, str(index)))
    elif mine != other or type(mine) is not type(other):
        yield ".".join(path), mine, other


def with_env_files() -> list[str]:
    texts = {name: "".join(path.read_text("utf-8") for path in files_of(HERE / "valid", name)) for name in VALID}
    return [name for name, text in texts.items() if "env_file" in text]


def files_of(folder: Path, name: str) -> Iterator[Path]:
    yield from folder.glob(f"{name}*.yaml")
    yield from (folder / name).rglob("*.y*ml")


def assert_the_same(name: str, flags: tuple[str, ...], ours: Any, folder: Path) -> None:
    one = case("valid", name)
    done = theirs(one, *flags)
    assert done.returncode == 0, f"the reference refuses it, so it belongs to corpus/invalid: {done.stderr}"
    code, out, err = ours(one, *flags)
    assert code == 0, err
    known = {value.path for value in differences.VALUES if value.case == name}
    found = compared(parsed(out, folder), parsed(done.stdout, folder))
    assert [each for each in found if each[0] not in known and not only_printed(*each)] == []


@pytest.mark.parametrize("name", VALID)
def test_a_valid_case_means_what_the_reference_says(name: str, ours: Any, tmp_path: Path) -> None:
    assert_the_same(name, (), ours, tmp_path)


@pytest.mark.parametrize("name", with_env_files())
def test_so_it_does_where_files_of_variables_are_not_read(name: str, ours: Any, tmp_path: Path) -> None:
    assert_the_same(name, ("--no-env-resolution",), ours, tmp_path)


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_case_is_refused_for_the_same_reason_at_the_same_path(name: str, ours: Any) -> None:
    one = case("invalid", name)
    done = theirs(one)
    assert done.returncode != 0, "the reference takes it, so it belongs to corpus/valid"
    code, _, err = ours(one)
    assert code == 2, "we take it"
    kind, path = verdicts.kind_of(done.stderr)
    assert verdicts.says(err, kind, path), (kind, path, done.stderr, err)


# --- known differences: each is one still -----------------------------------------------------------------------------


@pytest.mark.parametrize("known", differences.VALUES, ids=lambda value: f"{value.case}-{value.path}")
def test_a_value_that_is_known_to_differ_differs(known: differences.Value, ours: Any, tmp_path: Path) -> None:
    one = case("valid", known.case)
    mine, other = parsed(ours(one)[1], tmp_path), parsed(theirs(one).stdout, tmp_path)
    assert (known.path, known.ours, known.theirs) in list(compared(mine, other))


def test_the_lists_name_the_cases_that_differ() -> None:
    assert names("refused_here") == sorted(differences.REFUSED_HERE)
    assert names("taken_here") == sorted(differences.TAKEN_HERE)


def test_the_page_lists_the_cases_and_the_differences(request: pytest.FixtureRequest) -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition("<!-- end -->")
    lists = differences.page({"valid": len(VALID), "invalid": len(INVALID)})
    written = f"{before}{begin}\n{lists}{end}{after}"
    if request.config.getoption("--update-goldens"):
        PAGE.write_text(written, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == written


@pytest.mark.parametrize("name", differences.REFUSED_HERE)
def test_what_only_we_refuse(name: str, ours: Any) -> None:
    one = case("refused_here", name)
    assert (theirs(one).returncode, ours(one)[0]) == (0, 2)


@pytest.mark.parametrize("name", differences.TAKEN_HERE)
def test_what_only_we_take(name: str, ours: Any) -> None:
    one = case("taken_here", name)
    assert (theirs(one).returncode, ours(one)[0]) == (1, 0)
