"""The finished tree as the model's dataclasses: every key has its field, every type its conversion."""

import dataclasses
from pathlib import Path

import pytest

from components import model
from components.compose import extension, schema

DEFINITIONS = schema.official()["$defs"]
# Keys that the phases before have used up: nothing of them is left to bind.
USED_UP = {"extends", "include", "version"}


def keys(kind: type) -> set[str | None]:
    return {model.key_of(spec) for spec in dataclasses.fields(kind)}


def properties(*names: str) -> set[str]:
    return {key for name in names for key in DEFINITIONS[name].get("properties", {})}


@pytest.mark.parametrize(
    ("kind", "known"),
    [
        (model.App, set(schema.official()["properties"])),
        (model.Service, properties("container_spec", "workload_spec", "service")),
        (model.Job, properties("container_spec", "workload_spec", "job")),
        (model.PreStart, properties("container_spec")),
        (model.Deploy, properties("deployment")),
        (model.Healthcheck, properties("healthcheck")),
        (model.Network, properties("network")),
        (model.Volume, properties("volume")),
        (model.FileObject, properties("secret", "config")),
        (model.LanguageModel, properties("model")),
        (model.Hook, properties("service_hook")),
        (model.Schedule, properties("schedule")),
    ],
)
def test_every_key_of_the_schema_has_a_field(kind, known):
    assert known - USED_UP - keys(kind) == set()


def test_our_own_blocks_have_a_field_for_every_key():
    blocks = extension.blocks()["$defs"]
    assert set(blocks["services"]["properties"]) == keys(model.ServiceExtension)
    assert set(blocks["volumes"]["properties"]) == keys(model.VolumeExtension)
    for name, kind in (("ingress", model.Ingress), ("autoscale", model.Autoscale)):
        assert set(blocks["services"]["properties"][name]["properties"]) == keys(kind)


def test_each_kind_of_value_is_converted(load, folder):
    app = load(
        """
services:
  web:
    image: x
    cpus: "0.5"
    mem_limit: 1g
    stop_grace_period: 1m30s
    ulimits: {nproc: 5, nofile: {soft: 1, hard: 2}}
    extra_hosts: ["a=1.1.1.1", "a=2.2.2.2", "b:3.3.3.3"]
    group_add: [1000, mail]
    secrets: [{source: s, mode: "0400"}]
    volumes: [{type: tmpfs, target: /t, tmpfs: {size: 1m, mode: 01777}}]
    gpus: all
    labels: {n: 1, b: true, f: 1.50}
    build: {ssh: [default], provenance: true}
    x-slipway:
      ingress: {port: 80, tls: {certificate: c}}
      autoscale: {min: 1, cpu: 70}
      patch: {kubernetes: {Deployment: {spec: {a: [1]}}}}
  limited: {image: x, deploy: {resources: {limits: {cpus: "0.25", memory: 10M}}}}
secrets: {s: {file: ./s}}
volumes: {v: {x-slipway: {size: 10GiB, class: ssd, keep: false}}}
"""
    )
    web = app.services["web"]
    assert (web.name, web.cpus, web.mem_limit, web.stop_grace_period) == ("web", 0.5, 2**30, 90.0)
    assert web.ulimits == {"nproc": model.Ulimit(soft=5, hard=5), "nofile": model.Ulimit(soft=1, hard=2)}
    assert web.extra_hosts == {"a": ("1.1.1.1", "2.2.2.2"), "b": ("3.3.3.3",)}
    assert web.group_add == ("1000", "mail")
    assert web.secrets == (model.FileGrant(source="s", target="/run/secrets/s", mode=0o400),)
    assert web.volumes[0].tmpfs == model.TmpfsOptions(size=model.Bytes(2**20), mode=0o1777)
    assert web.gpus == (model.DeviceRequest(count=-1),)
    limits = model.Limits(cpus=0.25, memory=model.Bytes(10 * 2**20))
    assert app.services["limited"].deploy == model.Deploy(resources=model.Resources(limits=limits))
    assert web.labels == {"n": "1", "b": "true", "f": "1.5"}
    assert web.build == model.Build(
        context=str(folder), dockerfile="Dockerfile", ssh={"default": None}, provenance="true"
    )
    assert web.x_slipway == model.ServiceExtension(
        ingress=model.Ingress(port=80, tls={"certificate": "c"}),
        autoscale=model.Autoscale(min=1, cpu=70.0),
        patch={"kubernetes": {"Deployment": {"spec": {"a": [1]}}}},
    )
    assert app.volumes["v"].x_slipway == model.VolumeExtension(
        size=model.Bytes(10 * 2**30), storage_class="ssd", keep=False
    )
    assert app.secrets["s"] == model.FileObject(name="project_s", file=str(folder / "s"))
    assert app.networks == {"default": model.Network(name="project_default")}
    assert Path(app.directory) == folder


def test_what_is_not_written_is_not_used(load):
    web = load("services: {web: {image: x}}").services["web"]
    assert dict(model.used(web)) == {("image",): "x", ("networks", "default"): None}


def test_the_steps_before_a_service_are_containers_of_their_own(load):
    text = """
services:
  web:
    image: x
    pre_start:
      - command: migrate now
        environment: [A=1]
        volumes: ["./data:/data"]
        mem_limit: 1m
"""
    (step,) = load(text).services["web"].pre_start
    assert (step.image, step.command, step.environment, step.mem_limit) == ("x", ("migrate", "now"), {"A": "1"}, 2**20)
    assert step.volumes[0].type == "bind"


def test_jobs_take_what_services_take(load):
    text = """
services: {db: {image: x}}
jobs:
  nightly:
    image: y
    command: backup --all
    depends_on: [db]
    environment: [A]
    triggers: {schedule: [{cron: "0 3 * * *"}]}
"""
    job = load(text, {"A": "1"}).jobs["nightly"]
    assert (job.name, job.command, job.environment) == ("nightly", ("backup", "--all"), {"A": "1"})
    assert job.triggers == model.Triggers(schedule=(model.Schedule(cron="0 3 * * *"),))
    assert job.networks == {"default": None}
