"""The `x-slipway` block: read like any mapping, checked against a schema of its own."""

from pathlib import Path

import pytest

from components.model import Autoscale, Bytes, Ingress, ServiceExtension, VolumeExtension
from components.support import findings
from components.targets import support_table

ROOT = Path(__file__).parents[2]

BLOCK = """
services:
  web:
    image: x
    x-slipway:
      ingress: {port: "${PORT:-8080}", host: shop.example.com, tls: off, sticky: "${STICKY:-true}"}
      autoscale: {min: "${MIN:-2}", max: 10, cpu: "70.5"}
      managed: postgres
      patch: {docker: {Container: {hostname: "${HOST:-a}"}}}
volumes:
  data: {x-slipway: {size: 10GiB, class: ssd, shared: "true", keep: false}}
"""


def test_the_block_becomes_typed_classes_with_its_variables_in_place(load) -> None:
    app = load(BLOCK, {"MIN": "3"})
    assert app.services["web"].x_slipway == ServiceExtension(
        ingress=Ingress(port=8080, host="shop.example.com", tls="off", sticky=True),
        autoscale=Autoscale(min=3, max=10, cpu=70.5),
        managed="postgres",
        patch={"docker": {"Container": {"hostname": "a"}}},
    )
    assert app.volumes["data"].x_slipway == VolumeExtension(
        size=Bytes(10 << 30), storage_class="ssd", shared=True, keep=False
    )


def test_it_merges_key_by_key_as_any_mapping(load, write) -> None:
    write({"base.yaml": "services: {web: {image: x, x-slipway: {autoscale: {min: 1, max: 3}, managed: redis}}}"})
    text = "include: []\nservices: {web: {extends: {file: base.yaml, service: web}, x-slipway: {autoscale: {max: 9}}}}"
    assert load(text).services["web"].x_slipway == ServiceExtension(autoscale=Autoscale(min=1, max=9), managed="redis")


@pytest.mark.parametrize(
    ("block", "message"),
    [
        (
            "{ingres: {}}",
            'ingres: unknown key "ingres"; did you mean "ingress"? (known: autoscale, ingress, managed, patch)',
        ),
        (
            "{ingress: {prot: 80}}",
            'ingress.prot: unknown key "prot"; did you mean "port"? (known: health_path, host, internal, path, port, '
            "redirect_http, sticky, tls)",
        ),
        (
            "{patch: {kubernets: {}}}",
            'patch.kubernets: unknown key "kubernets"; did you mean "kubernetes"? (known: cloudrun, docker, ecs, '
            "kubernetes, swarm)",
        ),
        ("{patch: {docker: {Container: 1}}}", "patch.docker.Container: 1 is not a mapping; write a mapping"),
        (
            "{managed: postgresql}",
            'managed: "postgresql" is none of its values; did you mean "postgres"? (known: mysql, postgres, redis)',
        ),
        ('{autoscale: {min: "a"}}', 'autoscale.min: "a" is not a whole number; write digits'),
        ("{autoscale: {min: 5, max: 2}}", "autoscale.min: min 5 is more than max 2; lower it"),
        ("{ingress: {tls: always}}", 'ingress.tls: "always" is none of its values; (known: auto, off)'),
    ],
)
def test_a_wrong_block_of_a_service_is_refused(refused, block: str, message: str) -> None:
    report = refused(f"services:\n  web:\n    image: x\n    x-slipway: {block}\n")
    where, _, rest = report.partition(" services.web.x-slipway.")
    assert (where.split(":")[:2], rest) == (["compose.yaml", "4"], message)


def test_a_wrong_block_of_a_volume_is_refused(refused) -> None:
    assert refused("services: {web: {image: x}}\nvolumes:\n  d: {x-slipway: {clas: x}}\n") == (
        'compose.yaml:3:19 volumes.d.x-slipway.clas: unknown key "clas"; did you mean "class"? '
        "(known: class, keep, shared, size)"
    )


def test_a_volumes_size_has_to_be_one(refused) -> None:
    assert refused("services: {web: {image: x}}\nvolumes: {d: {x-slipway: {size: big}}}\n") == (
        'compose.yaml:2:27 volumes.d.x-slipway.size: "big" is not a size; write a number of bytes, or a number with '
        "a unit, such as 512m or 1gb"
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("x-slipway: {}", "2:1 x-slipway"),
        ("networks: {n: {x-slipway: {}}}", "2:16 networks.n.x-slipway"),
        ("secrets: {s: {environment: S, x-slipway: {}}}", "2:31 secrets.s.x-slipway"),
    ],
)
def test_a_block_where_it_means_nothing_is_refused(refused, text: str, place: str) -> None:
    assert refused(f"services: {{web: {{image: x}}}}\n{text}\n") == (
        f"compose.yaml:{place}: has no meaning here; write it in a service or a volume"
    )


def test_the_documented_block_is_taken_and_means_something_to_docker(load) -> None:
    page = (ROOT / "docs" / "x-slipway.md").read_text()
    app = load(page.partition("```yaml\n")[2].partition("```")[0])
    found = findings(app, support_table("docker"), "docker")
    assert {finding.path: finding.refused for finding in found} == {
        "services.web.x-slipway.ingress": True,
        "services.web.x-slipway.autoscale": False,
        "volumes.data.x-slipway.size": False,
        "volumes.data.x-slipway.class": False,
    }
