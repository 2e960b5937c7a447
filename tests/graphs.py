"""The applications of `tests/cases` and `examples`, whole, as a target would make them, under Pulumi mocks.

`tests/cases/<name>/<target>/` has what is expected of an application on a target:

    rejected.txt     the report, where the target refuses the files as they are
    compose.yaml     what is then written otherwise, merged over the files; without it, the application stays refused
    findings.txt     what the target does otherwise than the files say
    resources.json   every resource
"""

import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cloudrun_answers
import ecs_answers
import pulumi

from components import Application, compose
from components.model import App, Parts
from components.targets.managed import as_containers
from components.testing import UNKNOWN, Outputs, Recorded, Recording, record

ROOT = Path(__file__).parents[1]
CASES = Path("tests/cases")
SAMPLES = dict.fromkeys(("guestbook", "guestbook-contained"), Path("examples/guestbook/compose.yaml"))
"""Applications that are not in `tests/cases` themselves. Their images are built; those of the others are not there."""
SETTINGS: Mapping[str, Mapping[str, Any]] = {"guestbook-contained": {"managed": False}}
"""Application -> what its stack says beside."""
NAMES = (*sorted(path.parent.name for path in (ROOT / CASES).glob("*/canonical.json")), *SAMPLES)
SECRET = "correct-horse-battery"
VARIABLES = ("DB_PASSWORD", "PASSWORD", "REDIS_PASSWORD")
BUILT = "@sha256:" + "1" * 64
CONTEXT = re.compile(r"(\.slipway/contexts/[^/]+/[^/]+)/[0-9a-f]{32}")
"""Where a build's context is staged, by a hash of all that is in it."""


@dataclass(frozen=True)
class Place:
    """Where the applications are put on a target.

    Attributes:
        settings: of the application, beside its files, its secrets and its target.
        answers: what its provider would compute.
        kinds: how the tokens of the target's own resources begin.
        identity: type and name of a resource -> its ID, where that is not its name and `-id`.
    """

    settings: Mapping[str, Any]
    answers: Callable[[], Outputs]
    kinds: str
    identity: Callable[[str, str], str]


PLACES = {
    "cloudrun": Place(
        settings={"cluster": {"existing": cloudrun_answers.EXISTING}},
        answers=cloudrun_answers.Answers,
        kinds="gcp:",
        identity=cloudrun_answers.identity,
    ),
    "ecs": Place(
        settings={"cluster": {"existing": ecs_answers.BALANCED}},
        answers=ecs_answers.Answers,
        kinds="aws:",
        identity=ecs_answers.identity,
    ),
}
"""Target -> where. A target that has a row here has its folder in every case."""


def folder(name: str, target: str) -> Path:
    """Where it is said what is expected."""
    return CASES / name / target


def made(target: str) -> list[str]:
    """The applications that are deployed on a target, as they are or with what is written otherwise."""
    return [name for name in NAMES if (folder(name, target) / "resources.json").exists()]


def given(name: str) -> list[str]:
    """The files of an application, as its author wrote them."""
    sample = SAMPLES.get(name)
    if sample is not None:
        return [str(sample)]
    override = CASES / name / "compose.override.yaml"
    return [str(CASES / name / "compose.yaml"), *([str(override)] if override.exists() else [])]


def accepted(name: str, target: str) -> list[str]:
    """The files with what is written otherwise for a target that refuses them."""
    otherwise = folder(name, target) / "compose.yaml"
    return [*given(name), *([str(otherwise)] if otherwise.exists() else [])]


def application(name: str, target: str) -> App:
    """What is deployed, as the loader reads it, with `SECRET` in the place of every secret."""
    return loaded(name, accepted(name, target))


def loaded(name: str, files: list[str]) -> App:
    """Files as the loader reads them, and as the application's stack wants them."""
    app = compose.load(files, dict.fromkeys(VARIABLES, Parts([SECRET])))
    return app if SETTINGS.get(name, {}).get("managed", True) else as_containers(app)


def arguments(name: str, target: str, files: list[str]) -> dict[str, Any]:
    """Of an `Application`."""
    secrets = dict.fromkeys(VARIABLES, SECRET)
    services = compose.load(files, secrets).services if name not in SAMPLES else {}
    images = {key: f"registry.example/{name}-{key}{BUILT}" for key, each in services.items() if each.build}
    more = {**PLACES[target].settings, **SETTINGS.get(name, {})}
    return {"compose": files, "target": target, "secrets": secrets, "images": images, "name_key": SECRET, **more}


@functools.cache
def graph(name: str, target: str, *, preview: bool = False) -> Recording:
    """Every resource of an application, by type and name; the output `findings` is what is done otherwise."""
    args: Any = arguments(name, target, accepted(name, target))

    def program() -> None:
        pulumi.export("findings", Application("app", args).findings)

    recorded = record(program, outputs=PLACES[target].answers(), preview=preview)
    return Recording(sorted(recorded, key=lambda each: (each.type, each.name)), recorded.outputs)


def own(name: str, target: str) -> list[Recorded]:
    """The resources of the target's own kinds."""
    return [each for each in graph(name, target) if each.type.startswith(PLACES[target].kinds)]


def whole(value: Any) -> Any:
    """A value with numbers as they were given: mocks see each as a float."""
    if isinstance(value, dict):
        return {key: whole(each) for key, each in value.items()}
    if isinstance(value, list):
        return [whole(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def shown(recorded: Recording, target: str) -> str:
    """A graph as text: a resource beneath another, JSON texts opened, secrets marked, IDs by whose they are."""
    text = json.dumps([_resource(each) for each in recorded], indent=1, ensure_ascii=False) + "\n"
    for each in recorded:
        made = PLACES[target].identity(each.type, each.name)
        if made != f"{each.name}-id":
            text = text.replace(made, f"${{{each.type.rpartition(':')[2]} {each.name}}}")
    return CONTEXT.sub(r"\1/CONTENT", text)


def _resource(each: Recorded) -> dict[str, Any]:
    inputs = {
        key: {"(secret)": _opened(value)} if key in each.secrets else _opened(value)
        for key, value in sorted(whole(dict(each.inputs)).items())
    }
    said = {
        "type": each.type,
        "name": each.name,
        "parent": _called(each.parent),
        "provider": each.provider.rpartition("::")[0].rpartition("::")[2],
        "inputs": inputs,
        "options": dict(each.options),
        "dependencies": [_called(urn) for urn in each.dependencies],
    }
    return {key: value for key, value in said.items() if value or key == "inputs"}


def _called(urn: str) -> str:
    """A resource by its own type and name; the stack itself is none."""
    *_, types, name = urn.split("::")
    return "" if types == "pulumi:pulumi:Stack" else f"{types.rpartition('$')[2]} {name}"


def _opened(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _opened(each) for key, each in sorted(value.items())}
    if isinstance(value, list):
        return [_opened(each) for each in value]
    if isinstance(value, pulumi.AssetArchive):
        return {"(archive)": sorted(value.assets)}
    if isinstance(value, str) and value.startswith(("{", "[")):
        try:
            return {"(json)": _opened(json.loads(value))}
        except ValueError:
            return value
    return value


def differences(preview: Recorded, real: Recorded) -> list[str]:
    """Inputs of which a preview says otherwise than the real thing, beyond not knowing them yet."""
    return list(_differences(_opened(whole(dict(preview.inputs))), _opened(whole(dict(real.inputs)))))


def _differences(preview: Any, real: Any, place: str = "") -> Iterator[str]:
    if preview in (UNKNOWN, real):
        return
    if isinstance(preview, dict) and isinstance(real, dict) and preview.keys() == real.keys():
        for key, value in preview.items():
            yield from _differences(value, real[key], f"{place}.{key}")
    elif isinstance(preview, list) and isinstance(real, list) and len(preview) == len(real):
        for index, value in enumerate(preview):
            yield from _differences(value, real[index], f"{place}[{index}]")
    else:
        yield place
