"""The loader against the reference implementation of Compose, whole, on the files of `corpus/`.

`docker-compose config --format json --no-env-resolution` prints what the reference made of a file; `compose.resolve`
has to give the same, apart from the differences that are named here, each with its reason. Of a wrong file only that
both refuse it is compared: the messages are ours, `test_bad_input.py` and `tests/cases` have them.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from components import compose
from components.errors import ComposeError

CORPUS = Path(__file__).parent / "corpus"
REFERENCE = shutil.which("docker-compose", path=str(Path(sys.executable).parent)) or "docker-compose"
ENV = {"FROM_ENV": "env"}
VALID = sorted(path.stem for path in (CORPUS / "valid").glob("*.yaml") if ".override" not in path.name)
INVALID = sorted(path.stem for path in (CORPUS / "invalid").glob("*.yaml") if ".override" not in path.name)

ANYTHING = object()
# What the reference leaves out of its JSON: (path, value).
NOT_PRINTED = (
    (("services", "*", "volumes", "*", "bind", "create_host_path"), True),  # true is what an absent one means
    (("services", "*", "env_file", "*", "required"), True),  # the same
    (("networks", "*"), ANYTHING),  # what no service uses is left out there; a target decides about it here
    (("volumes", "*"), ANYTHING),
    (("secrets", "*"), ANYTHING),
    (("configs", "*"), ANYTHING),
    (("models", "*"), ANYTHING),
)
# Go leaves out zero values; under these keys an empty value is a value.
MEANT_WHEN_EMPTY = ("environment", "labels", "args", "options", "driver_opts", "sysctls", "annotations")


def reference(*files: str, folder: Path = CORPUS) -> Any:
    """What the reference prints; None where it refuses."""
    environ = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], **ENV}
    named = [part for file in files for part in ("-f", file)]
    command = [REFERENCE, *named, "config", "--format", "json", "--no-env-resolution"]
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else None


def files_of(kind: str, name: str) -> list[str]:
    files = [f"{kind}/{name}.yaml", f"{kind}/{name}.override.yaml"]
    return [file for file in files if (CORPUS / file).exists()]


def as_meant(value: Any, path: tuple[str, ...] = ()) -> Any:
    """The reference's print without what only its way of printing adds."""
    if isinstance(value, dict):
        if path[-1:] == ("ssh",):
            return value
        # Go prints the fields of blkio entries by their Go names.
        lower = "blkio_config" in path
        pairs = {(key.lower() if lower else key).replace("$$", "$"): element for key, element in value.items()}
        return {key: as_meant(element, (*path, key)) for key, element in pairs.items()}
    if isinstance(value, list):
        if path[-1:] == ("ssh",):  # printed as a list of names, with paths it cannot be printed at all
            return dict.fromkeys(value)
        if path[-1:] == ("extra_hosts",):  # printed in alphabetical order
            return sorted(value)
        return [as_meant(element, (*path, str(index))) for index, element in enumerate(value)]
    # Printed so that it can be read again as a Compose file.
    return value.replace("$$", "$") if isinstance(value, str) else value


def differences(ours: Any, theirs: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any, Any]]:
    """Where two trees differ: path, our value, theirs; "absent" where there is none."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in {**ours, **theirs}:
            yield from entry_differences(ours, theirs, (*path, key))
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        if path[-1:] == ("extra_hosts",):
            ours = sorted(ours)
        for index, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from differences(one, other, (*path, str(index)))
    elif (ours != theirs or isinstance(ours, bool) != isinstance(theirs, bool)) and not (
        is_zero(path, ours) and is_zero(path, theirs)
    ):
        yield ".".join(path), ours, theirs


def entry_differences(ours: Any, theirs: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any, Any]]:
    key = path[-1]
    if key not in theirs:
        if not not_printed(path, ours[key]):
            yield ".".join(path), ours[key], "absent"
    elif key not in ours:
        if not is_zero(path, theirs[key]):
            yield ".".join(path), "absent", theirs[key]
    else:
        yield from differences(ours[key], theirs[key], path)


def is_zero(path: tuple[str, ...], value: Any) -> bool:
    if value == {"command": None}:  # of a watch without exec
        return True
    # The reference makes resources and placement of every deploy, ipam of every network.
    return value in (None, False, 0, "", [], {}, "0s") and path[-2] not in MEANT_WHEN_EMPTY


def not_printed(path: tuple[str, ...], value: Any) -> bool:
    if is_zero(path, value) or path[-1].startswith(
        "x-"
    ):  # extensions below the top level have no JSON in the reference
        return True
    return any(
        len(path) == len(pattern) and all(map(fnmatchcase, path, pattern)) and meant in (ANYTHING, value)
        for pattern, meant in NOT_PRINTED
    )


@pytest.fixture(autouse=True)
def _in_the_corpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CORPUS)


@pytest.mark.parametrize("name", VALID)
def test_a_valid_file_means_what_the_reference_says(name: str) -> None:
    files = files_of("valid", name)
    theirs = reference(*files)
    assert theirs is not None, "the reference refuses this file: it belongs to corpus/invalid"
    ours = json.loads(json.dumps(compose.resolve(files, ENV)))
    # Both print groups of which nothing is left in their own way.
    groups = ("networks", "volumes", "secrets", "configs", "models")
    ours = {**{group: {} for group in groups}, **ours}
    theirs = {**{group: {} for group in groups}, **theirs}
    found = [one for one in differences(ours, as_meant(theirs)) if (name, one[0]) not in DIFFERENCES]
    assert found == []


@pytest.mark.parametrize("name", VALID)
def test_a_valid_file_becomes_an_application(name: str) -> None:
    """That the values are bound to the right fields is proved elsewhere (`test_bind.py`)."""
    app = compose.load(files_of("valid", name), ENV)
    assert list(app.services) == list(compose.resolve(files_of("valid", name), ENV)["services"])


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_file_is_refused_as_the_reference_refuses_it(name: str) -> None:
    files = files_of("invalid", name)
    assert reference(*files) is None, "the reference takes this file: it belongs to corpus/valid"
    with pytest.raises(ComposeError):
        compose.load(files, ENV)


# --- known differences: each is asserted to be one still -------------------------------------------------------------

DIFFERENCES = {
    ("casts", "services.web.mem_swappiness"): (10, "10"),  # a percentage; the reference prints it like a size
    # The reference keeps seven digits of a number of cores.
    ("numbers", "services.web.deploy.resources.limits.cpus"): (0.123456789, 0.12345679),
}
"""By corpus file and path: our value, the reference's."""


@pytest.mark.parametrize(("name", "path"), DIFFERENCES)
def test_a_named_difference_is_still_one(name: str, path: str) -> None:
    files = files_of("valid", name)
    found = {at: (ours, theirs) for at, ours, theirs in differences(compose.resolve(files, ENV), reference(*files))}
    assert found[path] == DIFFERENCES[name, path]


REFUSED_HERE = {
    # A word that the reference drops silently changes what runs.
    "a shell operator in a command": "services: {web: {image: nginx, command: echo a && echo b}}",
    "an application without services": "services: {}",  # nothing would run
    "a redirection in a command": "services: {web: {image: nginx, command: echo a > /b}}",
    "a substitution in a command": "services: {web: {image: nginx, command: echo $$(date)}}",
    # There is no such port, the Engine says so later.
    "port 0": "services: {web: {image: nginx, ports: [{target: 0}]}}",
    "a port beyond the last": "services: {web: {image: nginx, ports: [{target: 70000}]}}",
    # An entry that does nothing is a mistake.
    "an include of nothing": "include: [{}]\nservices: {web: {image: nginx}}",
}


@pytest.mark.parametrize("text", REFUSED_HERE.values(), ids=REFUSED_HERE)
def test_what_only_we_refuse(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "compose.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert reference("compose.yaml", folder=tmp_path) is not None
    with pytest.raises(ComposeError):
        compose.load(["compose.yaml"], {})


TAKEN_HERE = {
    "an empty document": (  # it says nothing
        "---\n---\nservices: {web: {image: nginx}}",
        lambda root: root["services"]["web"]["image"] == "nginx",
    ),
    "a device without a target": (  # the schema does not ask for one: it is the source
        "services: {web: {image: nginx, devices: [{source: /dev/x}]}}",
        lambda root: root["services"]["web"]["devices"] == [{"source": "/dev/x"}],
    ),
    "a key file for ssh": (  # the reference's own JSON of it is broken
        "services: {web: {build: {context: ., ssh: [key=./id]}}}",
        lambda root: root["services"]["web"]["build"]["ssh"]["key"].endswith("/id"),
    ),
}


@pytest.mark.parametrize(("text", "right"), TAKEN_HERE.values(), ids=TAKEN_HERE)
def test_what_only_we_take(text: str, right: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "compose.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert reference("compose.yaml", folder=tmp_path) is None
    assert right(compose.resolve(["compose.yaml"], {}))


OTHERWISE = {
    # YAML 1.2 has no dates: what was written is what the container gets.
    "a date": (
        "services: {web: {image: nginx, environment: {DAY: 2024-01-02}}}",
        "2024-01-02",
        "2024-01-02 00:00:00 +0000 UTC",
    ),
}


@pytest.mark.parametrize(("text", "ours", "theirs"), OTHERWISE.values(), ids=OTHERWISE)
def test_what_we_read_otherwise(
    text: str, ours: str, theirs: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "compose.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    printed = reference("compose.yaml", folder=tmp_path)["services"]["web"]["environment"]["DAY"]
    assert (compose.resolve(["compose.yaml"], {})["services"]["web"]["environment"]["DAY"], printed) == (ours, theirs)
