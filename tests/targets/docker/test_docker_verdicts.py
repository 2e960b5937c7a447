"""The support table tells the truth: an honoured key changes what is created, any other gives a finding.

Every key of a service, a network and a volume is set, one at a time, on an application that is otherwise the same. Not
proved: that the Engine does what it is asked for.
"""

import dataclasses
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from apps import app, service

from components import model
from components.access import Contents, ImageReference
from components.images import build as image_build
from components.images import references
from components.images.sources import Sources
from components.model import App, Dependency, FileGrant, FileObject, Network, ServiceNetwork, Volume, used
from components.support import Verdict
from components.targets.docker.render import render
from components.targets.docker.support import NO_EFFECT, SUPPORT

SAMPLES: Mapping[str, Any] = {
    "restart": "always",
    "condition": "on-failure",
    "pull_policy": "missing",
    "published": "8000",
    "mode": "replicated",
    "endpoint_mode": "dnsrr",
    "order": "start-first",
    "failure_action": "pause",
    "scale": 3,
    "replicas": 3,
    "parallelism": 1,
    "delay": 0.0,
    "provenance": "true",
    "links": ("db",),
    "network_mode": "host",
    "volumes_from": ("db",),
    "tmpfs": ("/t:size=1m",),
    "depends_on": {"db": Dependency(restart=True)},
    "networks": {"other": ServiceNetwork()},
    "secrets": (FileGrant(source="s"),),
    "configs": (FileGrant(source="s"),),
    "test": ("CMD", "x"),
    "enable_ipv4": True,
    "dockerfile": "Other",
    "platforms": ("linux/amd64",),
}
"""Where any value of the type would not do."""

SILENT = {
    "services.*.deploy.update_config.parallelism": "1 is what the chain of replicas does",
    "services.*.deploy.update_config.delay": "0 is what the chain of replicas does",
    "services.*.deploy.update_config.failure_action": "pause is what the chain of replicas does",
    "services.*.deploy.mode": "replicated is what docker does",
    "services.*.deploy.endpoint_mode": "dnsrr is what docker does",
    "services.*.pull_policy": "missing is what the plugin does",
    "services.*.links": "the loader makes depends_on of it",
    "services.*.x-slipway.managed": "a container, as it is",
    "networks.*.external": "tested in test_docker_render",
    "networks.*.enable_ipv4": "true is what the Engine does",
    "volumes.*.external": "tested in test_docker_render",
    "volumes.*.x-slipway.shared": "matters to start-first alone, tested in test_docker_render",
    "volumes.*.x-slipway.keep": "tested in test_docker_render",
}
"""Honoured by what is done anyway, so that setting the sample changes nothing."""


def sample(spec: Any, name: str) -> Any:
    if name in SAMPLES:
        return SAMPLES[name]
    kind = typing.get_origin(spec)
    arguments = [each for each in typing.get_args(spec) if each is not type(None)]
    if kind in (types.UnionType, typing.Union):
        return sample(arguments[0], name)
    if kind is tuple:
        return (sample(arguments[0], ""),)
    if kind is not None and issubclass(kind, Mapping):
        return {"x": sample(arguments[1], "")}
    base = getattr(spec, "__supertype__", spec)
    if dataclasses.is_dataclass(base):
        return base(**dict(required(base)))
    return {bool: True, int: 7 << 20, float: 0.5, str: "x"}.get(base, "x")


def required(cls: Any) -> Iterator[tuple[str, Any]]:
    hints = typing.get_type_hints(cls)
    for spec in dataclasses.fields(cls):
        if spec.default is dataclasses.MISSING and spec.default_factory is dataclasses.MISSING:
            yield spec.name, sample(hints[spec.name], spec.name)


def variants(cls: Any) -> Iterator[Any]:
    """Values of a model class, each with one more key set, down to the leaves."""
    hints = typing.get_type_hints(cls)
    base = dict(required(cls))
    for spec in dataclasses.fields(cls):
        if spec.name in ("name", "x_slipway") and cls is model.Service:
            continue
        inner = next(
            (each for each in (hints[spec.name], *typing.get_args(hints[spec.name])) if dataclasses.is_dataclass(each)),
            None,
        )
        if inner is None or spec.name in SAMPLES:
            yield cls(**{**base, spec.name: sample(hints[spec.name], spec.name)})
            continue
        wrap = typing.get_origin(hints[spec.name])
        for value in variants(inner):
            if wrap is tuple:
                yield cls(**{**base, spec.name: (value,)})
            elif wrap is not None and wrap not in (types.UnionType, typing.Union) and issubclass(wrap, Mapping):
                yield cls(**{**base, spec.name: {"x": value}})
            else:
                yield cls(**{**base, spec.name: value})


def shop(web: model.Service, **keys: Any) -> App:
    return app(
        web,
        service("db"),
        networks=keys.get("networks") or {"default": Network(), "other": Network()},
        volumes=keys.get("volumes") or {"x": Volume()},
        secrets={"s": FileObject(environment="S"), "x": FileObject(environment="S")},
        configs={"s": FileObject(content="s"), "x": FileObject(content="s")},
    )


CONTENTS = Contents(secrets={"s": "s", "x": "s"}, configs={"s": "s", "x": "s"})


def created(application: App) -> Any:
    images = {name: ImageReference(name=each.image or name) for name, each in application.services.items()}
    builds = [
        image_build.arguments(
            each,
            application,
            sources=Sources(each.build.context or ".", each.build.dockerfile, each.build.additional_contexts),
            tags=references.tags(each, application),
            platform=None,
            secrets=CONTENTS.secrets,
            check=False,
        )
        for each in application.services.values()
        if each.build
    ]
    return render(application, images, contents=CONTENTS), builds


def cases() -> Iterator[tuple[str, App, App]]:
    plain = service("web")
    for value in variants(model.Service):
        keys = {spec.name: getattr(value, spec.name) for spec in dataclasses.fields(value) if spec.name != "name"}
        changed = {key: each for key, each in keys.items() if each not in (None, (), {})}
        base: dict[str, Any] = {"build": model.Build()} if "build" in changed else {}
        networks = {"networks": {}} if "network_mode" in changed else {}
        yield "services", shop(service("web", **base)), shop(service("web", **{**networks, **changed}))
    for value in variants(model.Network):
        others = {"other": Network()}
        yield "networks", shop(plain), shop(plain, networks={"default": value, **others})
    for value in variants(model.Volume):
        yield "volumes", shop(plain), shop(plain, volumes={"x": value})


def leaf(base: App, changed: App) -> list[Any]:
    before = {path: str(value) for path, value in used(base)}
    return [(path, value) for path, value in used(changed) if before.get(path) != str(value)]


CASES = {
    ".".join(map(str, leaf(base, changed)[-1][0])): (base, changed)
    for _, base, changed in cases()
    if leaf(base, changed)
}
"""By the key that is set: pytest compares and prints parameters, and an application is a large one."""


def test_there_is_a_case_for_nearly_every_key() -> None:
    rows = {SUPPORT.judge(changed, *found)[0].path for base, changed in CASES.values() for found in leaf(base, changed)}  # type: ignore[index]
    tested = {"services", "networks", "volumes"}
    table = {row.path for row in SUPPORT.rows if row.path.partition(".")[0] in tested and row.when is None}
    assert len(table & rows) > 0.75 * len(table)


@pytest.mark.parametrize("key", CASES)
def test_the_verdict_is_true(key: str) -> None:
    base, changed = CASES[key]
    judged = [SUPPORT.judge(changed, path, value) for path, value in leaf(base, changed)]
    assert all(judged), "a key that is used has a row"
    rows = [row for row, _ in filter(None, judged)]
    if any(row.verdict is not Verdict.HONOURED for row in rows):
        return  # a finding: test_support shows that it is reported
    if any(row.path in NO_EFFECT or row.path in SILENT for row in rows):
        return
    assert created(base) != created(changed), "an honoured key changes what is created"


def test_autoscaling_fixes_the_replicas_at_min() -> None:
    scaled = service("web", scale=7, x_slipway=model.ServiceExtension(autoscale=model.Autoscale(min=3, max=9)))
    containers = [row.key for row in created(app(scaled))[0] if row.kind == "container"]
    assert containers == ["web-1", "web-2", "web-3"]
