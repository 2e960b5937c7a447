"""The target cloudrun, on the tests' own Google Cloud (`tests/gcp`).

What holds here is shown of Slipway's half, and of a Cloud Run that `tests/gcp/run` is: not of Google's. Nothing here
proves that CPU, memory and concurrency suffice, that a role or an organisation's policy lets a call through beyond
what reads secrets and buckets, or how Google scales.
"""

import contextlib
import datetime as dt
import json
from pathlib import Path
from typing import Any, NamedTuple

import docker
from on_target import OnTarget

from tests.gcp import start
from tests.gcp.client import HERE, Google, RefusedError

_KINDS = {"services": "service_name", "workerPools": "worker_pool_name", "jobs": "job_name"}
"""Collection of the API -> the label of an instance's containers with the name."""


class Platform(NamedTuple):
    """A project with a network.

    Attributes:
        google: its APIs.
        existing: the block of the stack's config that names it.
    """

    google: Google
    existing: dict[str, Any]

    @classmethod
    def make(cls, cloud: start.Cloud, name: str) -> "Platform":
        """Make one, by the APIs alone."""
        google = Google(cloud)
        google.enable("compute", "dns")
        place = {"project": start.PROJECT, "number": start.NUMBER, "region": start.REGION}
        return cls(google, {**place, **google.network(name)})


class OnCloudRun(OnTarget):
    """An application in a project.

    Attributes:
        options: of `slipway:cloudrun`.
    """

    target = "cloudrun"
    many = 5
    remedy = "what is known"
    """A job that failed is made anew by the next `up`, so that nothing has to be done for it to run again."""

    def __init__(self, folder: Path, image: str, platform: Platform) -> None:
        super().__init__(folder, image)
        self.google, self.existing = platform
        self.engine = docker.from_env()
        registry = self.google.cloud.registry
        self.options: dict[str, Any] = {"initImage": start.TOOLS, "repository": f"{registry}/{self.name}"}

    def settings(self) -> dict[str, Any]:
        return {"slipway:cluster": {"existing": self.existing}, "slipway:cloudrun": self.options}

    def resource(self, service: str) -> tuple[str, dict[str, Any]] | None:
        """What Google says of a service, after its collection; None: there is none."""
        for collection in _KINDS:
            found = self.google.find("run", f"{HERE}/{collection}/{self.name}-{service}")
            if found is not None:
                return collection, found
        return None

    def containers(self, service: str, name: str = "") -> list[Any]:
        """The service's own containers, or others beside it, in the instances of the revision that is ready."""
        found = self.resource(service)
        if found is None or "latestReadyRevision" not in found[1]:
            return []
        collection, resource = found
        revision = resource["latestReadyRevision"].rpartition("/")[2]
        labels = [
            f"slipway.gcp.{_KINDS[collection]}={self.name}-{service}",
            f"slipway.gcp.revision_name={revision}",
            f"slipway.gcp.container={name or service}",
        ]
        return list(self.engine.containers.list(filters={"label": labels}, ignore_removed=True))

    def run(self, service: str, *command: str) -> str:
        while True:
            self.until(lambda: bool(self.containers(service)))
            with contextlib.suppress(docker.errors.APIError):  # it was on its way out
                for container in self.containers(service):
                    code, output = container.exec_run(list(command))
                    assert code == 0, output
                    return str(output.decode()).strip()

    def running(self, service: str) -> dict[str, float]:
        return {each.id: _seconds(each.attrs["Created"]) for each in self.containers(service)}

    def exists(self, service: str) -> bool:
        return self.resource(service) is not None

    def remove_one(self, service: str) -> None:
        found = self.resource(service)
        assert found is not None
        self.google.ask("DELETE", "run", found[1]["name"])

    def outside(self, service: str, port: int) -> str:
        return self.google.host(f"{self.name}-{service}")

    def fetched(self, service: str, port: int) -> bytes:
        return self.google.fetch(self.outside(service, port)).content

    def shown(self, service: str) -> str:
        secrets = self.google.ask("GET", "secretmanager", f"projects/{start.PROJECT}/secrets")
        revisions = self.google.ask("GET", "run", f"{self.resource(service)[1]['name']}/revisions")
        return json.dumps([self.resource(service), revisions, secrets])

    def remove(self) -> None:
        """Only what runs: the cloud ends with the tests."""
        for collection in _KINDS:
            with contextlib.suppress(RefusedError):  # its API was never turned on
                for each in self.google.ask("GET", "run", f"{HERE}/{collection}").get(collection, ()):
                    if each["name"].rpartition("/")[2].startswith(f"{self.name}-"):
                        self.google.ask("DELETE", "run", each["name"])
        self.engine.close()


def _seconds(moment: str) -> float:
    """Since 1970, of a time as the Engine writes it: with nanoseconds."""
    return dt.datetime.fromisoformat(f"{moment[:26]}+00:00").timestamp()
