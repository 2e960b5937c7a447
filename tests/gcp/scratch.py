"""Services, worker pools and jobs by the API alone, for tests of Cloud Run as the tests have it."""

import contextlib
import uuid
from typing import Any

import docker

from toolchain import base_image

from .client import HERE, Google, RefusedError
from .start import Cloud

SERVER = """exec perl -MIO::Socket::INET -e '
    my $server = IO::Socket::INET->new(Listen => 50, LocalPort => $ENV{PORT}, ReuseAddr => 1) or die;
    while (my $client = $server->accept) {
        while (<$client>) { last if /^\\r?\\n$/ }
        my $size = length $ENV{SAID};
        print $client "HTTP/1.0 200 OK\\r\\nContent-Length: $size\\r\\n\\r\\n$ENV{SAID}"; close $client }'
"""
"""Answers every request with what SAID has."""


def container(script: str = "exec sleep infinity", **keys: Any) -> dict[str, Any]:
    """A container that runs a shell script."""
    return {"image": base_image.NAME, "command": ["sh", "-c", script], **keys}


def server(said: str = "hello", **keys: Any) -> dict[str, Any]:
    """A container that answers."""
    return container(SERVER, **{"env": [{"name": "SAID", "value": said}], **keys})


class Scratch:
    """What one test makes.

    Attributes:
        google: the APIs.
        name: of what there is one of; begins the names of others.
    """

    def __init__(self, cloud: Cloud) -> None:
        self.google = Google(cloud)
        self.google.enable("run", "iam", "secretmanager", "compute", "dns", "redis", "cloudscheduler")
        self.engine = docker.from_env()
        self.name = f"t{uuid.uuid4().hex[:8]}"

    def serve(self, *containers: dict[str, Any], name: str = "", template: Any = None, **keys: Any) -> dict[str, Any]:
        """Make a service that everyone may call, or change it."""
        body = {"invokerIamDisabled": True, "template": {"containers": list(containers), **(template or {})}, **keys}
        return self._put("services", name or self.name, "serviceId", body)

    def pool(self, *containers: dict[str, Any], count: int = 1, template: Any = None) -> dict[str, Any]:
        """Make a worker pool, or change it."""
        scaling = {"manualInstanceCount": count}
        body = {"template": {"containers": list(containers), **(template or {})}, "scaling": scaling}
        return self._put("workerPools", self.name, "workerPoolId", body)

    def job(self, *containers: dict[str, Any], token: str, retries: int = 0, template: Any = None) -> dict[str, Any]:
        """Make a job, or change it, and run it to its end."""
        task = {"containers": list(containers), "maxRetries": retries, **(template or {})}
        return self._put("jobs", self.name, "jobId", {"template": {"template": task}, "runExecutionToken": token})

    def _put(self, collection: str, name: str, parameter: str, body: dict[str, Any]) -> dict[str, Any]:
        if self.google.find("run", f"{HERE}/{collection}/{name}") is None:
            return self.google.ask("POST", "run", f"{HERE}/{collection}", body, **{parameter: name})
        return self.google.ask("PATCH", "run", f"{HERE}/{collection}/{name}", body)

    def said(self, name: str = "") -> str:
        """What the service answers to the internet."""
        return self.google.fetch(self.google.host(name or self.name)).text

    def containers(self, name: str) -> list[Any]:
        """The running ones of this name in all instances."""
        labels = [f"slipway.gcp.container={name}"]
        found = self.engine.containers.list(filters={"label": labels}, ignore_removed=True)
        return [each for each in found if self.name in str(each.name)]

    def inside(self, name: str, script: str) -> str:
        """What a shell script says in a container; it has to end with 0."""
        (found,) = self.containers(name)
        code, output = found.exec_run(["sh", "-c", script])
        assert code == 0, output
        return str(output.decode()).strip()

    def remove(self) -> None:
        """End what runs; the rest goes with the cloud."""
        for collection in ("services", "workerPools", "jobs"):
            for each in self.google.ask("GET", "run", f"{HERE}/{collection}").get(collection, ()):
                if self.name in each["name"]:
                    with contextlib.suppress(RefusedError):
                        self.google.ask("DELETE", "run", each["name"])
        self.engine.close()
