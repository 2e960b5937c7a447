"""What kompose and `docker compose bridge` are known to leave out, change or drop without a word, each as a case.

kompose: https://kompose.io/conversion/, and of its issues 57, 939 and 1513 (`depends_on`) and 759 (a health check is
liveness alone); bridge: https://docs.docker.com/compose/bridge/. Not proved here: that a cluster does as it is asked
(tests/conformance).
"""

from pathlib import Path
from typing import Any

import pytest
from samples import VARIABLES

from components import compose, contents
from components.access import ImageReference
from components.model import App, Opaque, Parts
from components.support import findings
from components.targets import offline
from components.targets.kubernetes.support import SUPPORT
from components.targets.rows import Row

COMPOSE = """
name: shop
services:
  web:
    image: web@sha256:0
    ports: ["30080:80"]
    networks: [front, back]
    environment: {DATABASE: "postgres://shop:${S}@database:5432/shop", CACHE: "cache:6379"}
    depends_on: {db: {condition: service_healthy}, migrate: {condition: service_completed_successfully}}
    volumes: ["uploads:/uploads", "uploads:/var/backup"]
    configs: [{source: settings, target: /etc/settings.ini}]
    ulimits: {nofile: 65536}
    cgroup_parent: shop
  worker:
    image: worker@sha256:0
    networks: [back]
    volumes: ["uploads:/uploads"]
  db:
    image: db@sha256:0
    networks: {back: {aliases: [database]}}
    healthcheck: {test: pg_isready -U shop, interval: 10s, timeout: 3s, retries: 3, start_period: 30s}
    secrets: [password]
  migrate: {image: migrate@sha256:0, networks: [back]}
  cache: {image: cache@sha256:0, networks: [back]}
networks:
  front:
  back: {internal: true}
volumes:
  uploads: {x-slipway: {shared: true}}
secrets: {password: {environment: S}}
configs: {settings: {content: "debug = no"}}
"""
SECRET = Parts([Opaque("hidden", "S")])


@pytest.fixture
def shop(tmp_path: Path) -> App:
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    return compose.load([str(tmp_path / "compose.yaml")], {**VARIABLES, "S": SECRET})


@pytest.fixture
def rows(shop: App) -> dict[str, dict[str, Row]]:
    """Kind -> name -> object."""
    images = {name: ImageReference(name=each.image or "") for name, each in shop.services.items()}
    found: dict[str, dict[str, Row]] = {}
    for row in offline("kubernetes", shop, images, contents.read(shop, external=False, jobs=True)):
        found.setdefault(row.kind, {})[row.key] = row
    return found


def pod(row: Row) -> dict[str, Any]:
    spec: dict[str, Any] = row.args["spec"]["template"]["spec"]
    return spec


def test_no_key_is_left_out_without_a_word(shop: App) -> None:
    refused = [each.path for each in findings(shop, SUPPORT, "kubernetes") if each.refused]
    assert refused == ["services.web.ulimits", "services.web.cgroup_parent"]


def test_a_health_check_is_asked_at_the_start_for_requests_and_for_life(rows: dict[str, dict[str, Row]]) -> None:
    (container,) = pod(rows["Deployment"]["db"])["containers"]
    command = {"exec": {"command": ["/bin/sh", "-c", "pg_isready -U shop"]}}
    probes = {name: container[name] for name in ("startupProbe", "readinessProbe", "livenessProbe")}
    assert [{"exec": probe["exec"]} for probe in probes.values()] == [command] * 3
    assert probes["startupProbe"]["failureThreshold"] * probes["startupProbe"]["periodSeconds"] >= 30 + 3 * 10
    assert probes["readinessProbe"]["periodSeconds"] == 10


def test_a_pod_starts_after_what_it_depends_on_and_waits_after_a_reschedule_too(
    rows: dict[str, dict[str, Row]],
) -> None:
    web = rows["Deployment"]["web"]
    assert {("Deployment", "db"), ("Job", "migrate")} <= set(web.after)
    assert [each["name"] for each in pod(web)["initContainers"]] == ["wait-for-db"]


def test_a_volume_is_one_claim_however_often_it_is_mounted(rows: dict[str, dict[str, Row]]) -> None:
    assert [*rows["PersistentVolumeClaim"]] == ["uploads"]
    mounted = [volume for name in ("web", "worker") for volume in pod(rows["Deployment"][name])["volumes"]]
    claims = [each["persistentVolumeClaim"] for each in mounted if "persistentVolumeClaim" in each]
    assert claims == [{"claimName": "uploads"}] * 2


def test_a_network_alias_is_a_name_that_answers(rows: dict[str, dict[str, Row]]) -> None:
    spec = rows["Service"]["database"].args["spec"]
    assert spec["selector"]["app.kubernetes.io/name"] == "db"
    assert [port["port"] for port in spec["ports"]] == [5432]


def test_a_service_without_declared_ports_is_reachable(rows: dict[str, dict[str, Row]]) -> None:
    assert [port["port"] for port in rows["Service"]["cache"].args["spec"]["ports"]] == [6379]
    assert rows["Service"]["worker"].args["spec"]["clusterIP"] == "None"


def test_networks_keep_apart_what_shares_none(rows: dict[str, dict[str, Row]]) -> None:
    assert [*rows["NetworkPolicy"]] == ["shop-deny", "shop-network-front", "shop-network-back", "shop-web-published"]
    labels = {name: row.args["spec"]["template"]["metadata"]["labels"] for name, row in rows["Deployment"].items()}
    assert [name for name, own in labels.items() if "slipway.dev/network.front" in own] == ["web"]


def test_only_what_is_published_is_open_to_the_outside(rows: dict[str, dict[str, Row]]) -> None:
    kinds = {name: row.args["spec"].get("type") for name, row in rows["Service"].items()}
    assert {name for name, kind in kinds.items() if kind is not None} == {"web-published"}


def test_a_secret_in_a_variable_is_in_no_manifest_but_its_secrets(rows: dict[str, dict[str, Row]]) -> None:
    (container,) = pod(rows["Deployment"]["web"])["containers"]
    reference = {"secretKeyRef": {"name": "web-environment", "key": "DATABASE"}}
    assert container["env"] == [
        {"name": "DATABASE", "valueFrom": reference},
        {"name": "CACHE", "value": "cache:6379"},
    ]


def test_secrets_and_configs_are_files_where_compose_has_them(rows: dict[str, dict[str, Row]]) -> None:
    mounts = [each for name in ("web", "db") for each in pod(rows["Deployment"][name])["containers"][0]["volumeMounts"]]
    files = [(each["mountPath"], each["readOnly"]) for each in mounts if "subPath" in each]
    assert files == [("/etc/settings.ini", True), ("/run/secrets/password", True)]


def test_pods_that_are_told_to_stop_still_answer_for_a_while(rows: dict[str, dict[str, Row]]) -> None:
    spec = pod(rows["Deployment"]["web"])
    assert spec["containers"][0]["lifecycle"] == {"preStop": {"sleep": {"seconds": 5}}}
    assert spec["terminationGracePeriodSeconds"] == 15
