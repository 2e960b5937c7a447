"""`make up`, `make down` and `make new`: a stack from its file to its URL, and back."""

import json
import re
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from components import settings, targets
from components.errors import InputError, Problem

from . import arguments, cache, cluster, environment, leftovers, recover, stack_file, swarm
from .places import Places
from .pulumi import Cli
from .shell import succeeds
from .steps import Steps

_KEPT = ("slipway:secrets", "slipway:nameKey")
_ENCRYPTION = ("encryptionsalt", "secretsprovider", "encryptedkey")
_UP = ("up", "--yes", "--skip-preview", "--suppress-outputs", "--refresh")
"""With a refresh: an Engine that was killed has stopped containers that the state takes for running."""
_CHANGE = re.compile(r" +[-+~]+ ?\d+ (created|updated|replaced|deleted|imported)$")
_URL_SECONDS = 30.0
_AGAIN = re.compile(r"pulumi up --replace '([^']+)'")


def up(places: Places, steps: Steps, name: str) -> int:
    """Deploy a stack, and say where it answers.

    Returns:
        The exit code of `pulumi up`.

    Raises:
        InputError: there is no such stack file, it needs a backend, or its URL does not answer.
    """
    cli = prepare(places, name)
    written = config(places, name)
    if on_own_swarm(written):
        with steps.step("swarm") as step:
            step.outcome = swarm.ensure(places, written)
    if cli.target == cluster.TARGET:
        cluster.ensure(places, steps, own=cluster.is_own(written))
    with steps.step("recovery") as step:
        step.outcome = recover.run(places, cli)
    makes_cluster = settings.is_cluster(_keys(written))
    if not makes_cluster:
        _secrets(cli, name)
    code, lines = cli.show(*_UP, steps=steps)
    again = sorted({urn for line in lines for urn in _AGAIN.findall(line)})
    if code and again:
        steps.note("a run to completion had failed before: it is run again")
        code, lines = cli.show(*_UP, *(word for urn in again for word in ("--replace", urn)), steps=steps)
    if code:
        return code
    if not changed(lines):
        steps.note("nothing changed")
    if makes_cluster:
        steps.note(f"applications take it by `slipway:cluster: {{stack: {name}}}`")
        return 0
    for service, url in sorted(json.loads(cli.ask("stack", "output", "urls", "--json")).items()):
        if not answers(url):
            raise InputError(Problem(f"{url} does not answer after {_URL_SECONDS:.0f} s", service, "see its logs"))
        steps.note(f"{service} answers at {url}")
    return 0


def changed(lines: Iterable[str]) -> bool:
    """Whether the CLI's summary tells of a change: `    + 2 created`, `    +-2 replaced`."""
    return any(_CHANGE.match(line) for line in lines)


def down(places: Places, steps: Steps, name: str, *, volumes: bool) -> int:
    """Destroy a stack, and remove what it leaves: our image tags, and named volumes only when asked.

    Returns:
        The exit code of `pulumi destroy`.
    """
    cli = prepare(places, name)
    written = config(places, name)
    recover.run(places, cli)
    tags = leftovers.image_tags(cli)
    code, _ = cli.show("destroy", "--yes", "--skip-preview", "--suppress-outputs", steps=steps)
    if code:
        return code
    cli.ask("stack", "rm", "--yes", "--preserve-config")
    with steps.step("leftovers") as step:
        if cli.target == cluster.TARGET:
            asked = volumes and not cluster.is_trial(written)
            removed = cluster.remove_kept(read(cli.config)["config"], cli.identity()) if asked else 0
            done = [f"{removed} volume{'s' if removed > 1 else ''} removed" if removed else "none"]
        else:
            done = [leftovers.remove(cli, tags, volumes=volumes)]
        if on_own_swarm(written):
            done.append(swarm.leave(places, written))
        if cluster.is_own(written):
            done.append(cluster.leave(places))
        step.outcome = ", ".join(filter(None, done))
    return 0


def new(places: Places, name: str, compose: str, target: str) -> Path:
    """Write a stack file for a user's own application.

    Raises:
        InputError: it is there already, the Compose file is not, or there is no such target.
    """
    path = stack_file.place(places, name)
    if path.exists():
        fix = "edit it, or take another name with STACK=<name>"
        raise InputError(Problem("it is there already", str(path.relative_to(places.checkout)), fix))
    if not (places.checkout / compose).is_file():
        raise InputError(Problem("there is no such file", compose, "name your Compose file with COMPOSE=<file>"))
    config: dict[str, Any] = {
        "pulumi:disable-default-providers": ["*"],
        "slipway:target": target,
        "slipway:compose": [compose],
    }
    check(config, f"stack {name}")
    cache.write(path, yaml.safe_dump({"config": config}, sort_keys=False))
    return path


def prepare(places: Places, name: str) -> Cli:
    """The CLI on a stack, with the file that it may write to. The stack itself is made by `recover.run`.

    Raises:
        InputError: there is no such stack file, what it says is wrong, or it needs a backend and a secrets provider of
            the user's own.
    """
    written = config(places, name)
    check(written, f"stack {name}")
    if not is_local(written) and not environment.has_backend(places):
        fix = "run `pulumi login`, or set PULUMI_BACKEND_URL and PULUMI_CONFIG_PASSPHRASE_FILE"
        raise InputError(Problem("it is not on this machine, and needs a backend of its own", f"stack {name}", fix))
    block = swarm.existing(written)
    # a cluster's own stack has none; and the Docker CLI does not have an Engine's certificates
    target = "" if "ca" in block else str(written.get("slipway:target", ""))
    file, variables = _config_file(places, name), environment.variables(places)
    return Cli(places.checkout, name, file, variables, target, block.get("host"))


def config(places: Places, name: str) -> dict[str, Any]:
    """A stack's config, as its file has it.

    Raises:
        InputError: there is no such stack file, or it is none.
    """
    path = stack_file.find(places, name)
    found = read(path).get("config") or {}
    if not isinstance(found, dict):
        raise InputError(
            Problem("its `config` is no mapping", path.name, "write a line `slipway:<key>: <value>` for each setting")
        )
    return found


def check(config: Mapping[str, Any], where: str) -> None:
    """Judge a stack's settings as its program will, before anything is set up for it.

    Raises:
        InputError: a key, a value or the target is wrong; all problems at once.
    """
    plain = _keys(config)
    problems: list[Problem] = []
    # what is encrypted is not for us to read
    judged = {key: value for key, value in plain.items() if key not in settings.SECRET}
    for judge in (lambda: settings.from_mapping(judged, where), lambda: targets.support_table(plain["target"])):
        try:
            judge()
        except KeyError:
            continue  # no target: the settings have said so
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)


def _keys(config: Mapping[str, Any]) -> dict[str, Any]:
    """A stack's settings under their own names: `target`."""
    prefix = f"{settings.NAMESPACE}:"
    return {key.removeprefix(prefix): value for key, value in config.items() if key.startswith(prefix)}


def is_local(config: Mapping[str, Any]) -> bool:
    """Whether a stack is on this machine: only for it are the project's own backend and passphrase."""
    if config.get("slipway:target") == cluster.TARGET:
        return cluster.is_local(config)
    return config.get("slipway:target") in ("docker", swarm.TARGET) and swarm.host(config).startswith("unix://")


def on_own_swarm(config: Mapping[str, Any]) -> bool:
    """Whether a stack is on a Swarm whose manager is this machine's Engine."""
    return config.get("slipway:target") == swarm.TARGET and is_local(config)


def _config_file(places: Places, name: str) -> Path:
    """The file that the CLI reads and writes: a committed one is copied first, so that the tree stays clean."""
    path = stack_file.find(places, name)
    if not succeeds(["git", "-C", str(places.checkout), "ls-files", "--error-unmatch", str(path)]):
        return path
    copy = places.stacks / path.name
    merged = _merged(read(path), copy)
    settled = merged.get("config") or {}
    if on_own_swarm(settled):
        merged["config"] = {**settled, **swarm.settings(places, settled)}
    elif cluster.is_own(settled):
        merged["config"] = {**settled, **cluster.settings(places, settled)}
    cache.write(copy, yaml.safe_dump(merged, sort_keys=False), 0o600)
    return copy


def answers(url: str) -> bool:
    """Whether an URL answers with anything but an error, within `_URL_SECONDS`."""
    end = time.monotonic() + _URL_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - http, of the stack itself
                return True
        except urllib.error.HTTPError as error:
            return error.code < 500
        except OSError:
            time.sleep(0.2)
    return False


def read(path: Path) -> dict[str, Any]:
    """A stack file.

    Raises:
        InputError: it is no YAML, or no mapping.
    """
    try:
        found = yaml.safe_load(path.read_text()) or {}
    except yaml.MarkedYAMLError as error:
        place = f"{path.name}:{error.problem_mark.line + 1}" if error.problem_mark else path.name
        raise InputError(Problem(f"it is no YAML ({error.problem})", place, "mend it")) from error
    if not isinstance(found, dict):
        raise InputError(Problem("it is no mapping", path.name, "write `config:` with the settings below"))
    return found


def _merged(written: Mapping[str, Any], copy: Path) -> dict[str, Any]:
    """The committed file, with the secrets and the salt that set-up wrote into the copy."""
    old = (yaml.safe_load(copy.read_text()) or {}) if copy.is_file() else {}
    keys = {key: old[key] for key in _ENCRYPTION if key in old}
    if any(written.get(key, value) != value for key, value in keys.items()):
        return dict(written)  # encrypted otherwise by now: what the copy holds cannot be read any more
    kept = {key: value for key, value in (old.get("config") or {}).items() if key in _KEPT}
    return {**keys, **written, "config": {**kept, **(written.get("config") or {})}}


def _secrets(cli: Cli, name: str) -> None:
    """A password for the sample's Redis, and the key of hashes in names; written once, never as an argument."""
    config = (yaml.safe_load(cli.config.read_text()) or {}).get("config") or {}
    wanted = {"slipway:nameKey": "slipway:nameKey" not in config}
    if name in arguments.SAMPLES:
        wanted["slipway:secrets.REDIS_PASSWORD"] = "REDIS_PASSWORD" not in (config.get("slipway:secrets") or {})
    for key, missing in wanted.items():
        if missing:
            cli.ask("config", "set", "--secret", "--path", key, stdin=secrets.token_urlsafe(24), config=True)
