"""A Swarm's entry point: its own stack, and applications that add routes to it.

Traefik is the real one, built from its Go module; that its official image behaves alike is not proved. Certificates by
ACME need a public name, and are not tested.
"""

import http.client
import json
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import probe_image
import pytest
import yaml
from deployments import CHECKOUT
from on_target import OnTarget
from rolling import REQUESTS, web

from toolchain import traefik
from toolchain.places import Places
from toolchain.pulumi import Cli

pytestmark = [pytest.mark.engine, pytest.mark.targets("swarm")]

LOAD = "20s"
NODE = "node-1"


def described(deployment: Any) -> dict[str, Any]:
    """The settings of a Swarm with an entry point."""
    image = deployment.nodes.push(traefik.NAME, "traefik")
    existing = deployment.settings()["slipway:cluster"]["existing"]
    return {"slipway:cluster": {"new": {**existing, "kind": "swarm", "ingress": {"node": NODE, "image": image}}}}


class Entry:
    """The entry point of a Swarm, as it is seen from outside."""

    def __init__(self, deployment: Any) -> None:
        self.address = next(node.address for node in deployment.nodes.nodes if node.name == NODE)

    def get(self, path: str = "/", host: str | None = None, *, secure: bool = False) -> tuple[int, str]:
        """Status, and what the answer says: its body, or where it leads."""
        headers = {"Host": host} if host else {}
        if secure:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = (
                False,
                ssl.CERT_NONE,
            )  # Traefik's own, which nobody vouches for
            connection: Any = http.client.HTTPSConnection(self.address, timeout=5, context=context)
        else:
            connection = http.client.HTTPConnection(self.address, timeout=5)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        said = answer.headers.get("Location") or answer.read().decode().strip()
        connection.close()
        return answer.status, said


class Cluster(Entry):
    """The stack of a Swarm, in the backend of an application's."""

    def __init__(self, deployment: Any) -> None:
        super().__init__(deployment)
        self.name = f"{deployment.name}-cluster"
        folder = deployment.folder / "cluster"
        folder.mkdir()
        self.cli = Cli(CHECKOUT, self.name, folder / "config.yaml", deployment.cli.env)
        self.cli.create_stack(folder / "bare")
        old = yaml.safe_load(self.cli.config.read_text()) if self.cli.config.exists() else {}
        config = {"pulumi:disable-default-providers": ["*"], **described(deployment)}
        self.cli.config.write_text(yaml.safe_dump({**old, "config": config}))

    def up(self) -> tuple[int, str]:
        code, lines = self.cli.show("up", "--yes", "--skip-preview")
        return code, "\n".join(lines)


@pytest.fixture
def cluster(deployment: OnTarget, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    traefik.ensure(Places.here())
    made = Cluster(deployment)
    code, said = made.up()
    assert code == 0, said
    monkeypatch.setattr(deployment, "settings", lambda: {"slipway:cluster": {"stack": made.name}})
    yield made
    # the application is on the entry point's network
    for cli in (deployment.cli, made.cli):
        assert cli.show("destroy", "--yes", "--skip-preview")[0] == 0


def routed(deployment: Any, version: str, **ingress: Any) -> dict[str, Any]:
    service = web(deployment, version)
    return {"services": {"web": {**service, "x-slipway": {"ingress": {"port": 8000, **ingress}}}}}


def test_applications_are_reached_through_the_entry_point_of_the_clusters_stack(deployment, cluster) -> None:
    assert cluster.get()[0] == 404
    code, said = deployment.up(routed(deployment, "one"))
    assert code == 0, said
    deployment.until(lambda: cluster.get() == (200, "one"))
    assert " updated" not in deployment.up(routed(deployment, "one"))[1]

    code, said = deployment.up(routed(deployment, "one", host="shop.test", path="/a"))
    assert code == 0, said
    deployment.until(lambda: cluster.get("/a", "shop.test", secure=True) == (200, "one"))
    assert cluster.get("/a", "shop.test") == (301, "https://shop.test/a")
    assert cluster.get()[0] == 404

    code, _ = deployment.cli.show("destroy", "--yes", "--skip-preview")
    assert code == 0
    deployment.until(lambda: cluster.get("/a", "shop.test", secure=True)[0] == 404)
    code, said = cluster.up()
    assert (code, "unchanged" in said, " updated" in said) == (0, True, False), said


def test_a_trial_is_the_cluster_and_the_application_in_one_stack(deployment, monkeypatch) -> None:
    traefik.ensure(Places.here())
    settings = described(deployment)
    monkeypatch.setattr(deployment, "settings", lambda: settings)
    entry = Entry(deployment)
    code, said = deployment.preview(routed(deployment, "one"))
    assert code == 0, said
    code, said = deployment.up(routed(deployment, "one"))
    assert code == 0, said
    assert "this is a trial" in said
    deployment.until(lambda: entry.get() == (200, "one"))
    code, said = deployment.up(routed(deployment, "one"))
    assert (code, "unchanged" in said, " updated" in said) == (0, True, False), said

    assert deployment.cli.show("destroy", "--yes", "--skip-preview")[0] == 0
    assert [each.name for each in deployment.manager.services.list() if each.name.startswith(deployment.name)] == []


def test_an_update_under_load_through_the_entry_point_fails_no_request(deployment, cluster) -> None:
    assert deployment.up(routed(deployment, "one"))[0] == 0
    deployment.until(lambda: cluster.get() == (200, "one"))
    reports: list[dict[str, Any]] = []
    probe = Path(probe_image.program())

    def load() -> None:
        command = [str(probe), "load", f"http://{cluster.address}/", LOAD, str(REQUESTS)]
        reports.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))

    loading = threading.Thread(target=load)
    loading.start()
    code, said = deployment.up(routed(deployment, "two"))
    assert code == 0, said
    assert loading.is_alive(), "the load ended before the update did"
    loading.join()
    (report,) = reports
    assert report["sent"] >= REQUESTS
    assert (report["failed"], report["errors"]) == (0, [])
    assert set(report["answers"]) == {"one", "two"}
