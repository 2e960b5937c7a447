"""The target kubernetes, on a cluster of this machine's own, or on the one that SLIPWAY_TEST_KUBECONFIG names."""

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from on_target import OnTarget

from components.errors import InputError
from toolchain import kubernetes
from toolchain.kubernetes import Cluster
from toolchain.places import Places

OWN, REGISTRY = kubernetes.VARIABLES
"""What `make test-kubernetes` sets, or the tester, who has a cluster."""


@contextlib.contextmanager
def some_cluster() -> Iterator[Cluster]:
    """The cluster that the environment names, else one that ends with the tests."""
    if OWN not in os.environ:
        with kubernetes.cluster(Places.here()) as made:
            yield made
        return
    kubeconfig = Path(os.environ[OWN])
    there = Cluster(kubeconfig, "", os.environ.get(REGISTRY, ""))
    addresses = '{.items[0].status.addresses[?(@.type=="InternalIP")].address}'
    yield Cluster(kubeconfig, there.kubectl("get", "nodes", f"--output=jsonpath={addresses}"), there.registry)


class OnKubernetes(OnTarget):
    """An application on a cluster.

    Attributes:
        existing: further keys of the stack's `existing` block.
    """

    target = "kubernetes"
    many = 10
    remedy = ""  # the next up runs it again

    def __init__(self, folder: Path, image: str, cluster: Cluster) -> None:
        super().__init__(folder, image)
        self.cluster = cluster
        self.existing: dict[str, Any] = {}
        self.hidden = {"slipway:nameKey": "key of the checksums"}  # as set-up makes one for every stack

    def settings(self) -> dict[str, Any]:
        where = {"kubeconfig": str(self.cluster.kubeconfig), "address": self.cluster.address}
        return {"slipway:cluster": {"existing": {**where, **self.existing}}}

    def kubectl(self, *words: str, stdin: str = "") -> str:
        """What `kubectl` says of the application's namespace."""
        return self.cluster.kubectl("--namespace", self.name, *words, stdin=stdin)

    def objects(self, kind: str, service: str | None = None) -> list[dict[str, Any]]:
        """The objects of a kind, all or those of a service."""
        selector = [] if service is None else ["--selector", f"app.kubernetes.io/name={service}"]
        found: list[dict[str, Any]] = json.loads(self.kubectl("get", kind, *selector, "--output=json"))["items"]
        return found

    def pods(self, service: str) -> list[dict[str, Any]]:
        """The service's pods that are ready and shall go on running."""
        found = self.objects("pods", service)
        return [pod for pod in found if "deletionTimestamp" not in pod["metadata"] and _is_ready(pod)]

    def settled(self, what: Callable[[], bool]) -> None:
        """The plugin that stands in ends its wait early where it looks before the controllers have (docs/setup.md)."""
        self.until(what)

    def run(self, service: str, *command: str) -> str:
        while True:
            self.until(lambda: bool(self.pods(service)))
            name = self.names(service)[0]
            try:
                return self.kubectl("exec", name, f"--container={service}", "--", *command).strip()
            except InputError:
                if name in self.names(service):
                    raise  # else it was on its way out

    def names(self, service: str) -> list[str]:
        """Of the service's pods."""
        return [pod["metadata"]["name"] for pod in self.pods(service)]

    def running(self, service: str) -> dict[str, float]:
        return {
            pod["metadata"]["uid"]: self.seconds(pod["metadata"]["creationTimestamp"]) for pod in self.pods(service)
        }

    @staticmethod
    def seconds(timestamp: str) -> float:
        """A time of the API, in seconds since 1970; it has whole seconds."""
        return datetime.fromisoformat(timestamp).timestamp()

    def exists(self, service: str) -> bool:
        return any(self.objects(kind, service) for kind in ("deployments", "statefulsets", "daemonsets", "jobs"))

    def remove_one(self, service: str) -> None:
        self.kubectl("delete", "deployment", service)

    def outside(self, service: str, port: int) -> str:
        (published,) = [each for each in self.objects("services", service) if each["spec"]["type"] == "NodePort"]
        (found,) = [each for each in published["spec"]["ports"] if each["targetPort"] == port]
        return f"{self.cluster.address}:{found['nodePort']}"

    def shown(self, service: str) -> str:
        return json.dumps([self.objects(kind, service) for kind in ("deployments", "jobs", "pods", "services")])

    def remove(self) -> None:
        with contextlib.suppress(InputError):
            self.cluster.kubectl("delete", "namespace", self.name, "--ignore-not-found", "--wait=false")


def _is_ready(pod: dict[str, Any]) -> bool:
    conditions = pod["status"].get("conditions", ())
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)
