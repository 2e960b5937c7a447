"""An instance: the containers of a template, in their order, in one network namespace, until it ends.

A container holds the namespace, so that the others share an address and localhost. It is in the outside network, by
which the front reaches it, and, where the template has VPC access, in the inside one.

What an instance there has and one here has not: a file system in memory, CPU limits, a metadata server, a sandbox of
its own, and a way to the world. What one here has besides: the authority of the front's certificates, where
distributions and OpenSSL look for such.
"""

import concurrent.futures
import contextlib
import functools
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docker

from . import probes, templates, volumes
from .templates import NotReadyError

if TYPE_CHECKING:
    from .agent import Agent

_LOG = logging.getLogger("run")
_LOOK_SECONDS = 0.2
_STARTING_SECONDS = 0.02
_GRACE_SECONDS = 10
"""Between SIGTERM and SIGKILL (https://cloud.google.com/run/docs/container-contract#instance-shutdown)."""
_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
_MORE = "Logs for this revision might contain more information."
_DID_NOT_LISTEN = (
    "The user-provided container failed to start and listen on the port defined provided by the PORT={port} "
    "environment variable within the allocated timeout. This can happen when the container port is misconfigured or "
    f"if the timeout is too short. The health check timeout can be extended. {_MORE}"
)
_PROBE_FAILED = f"The user-provided container failed the configured startup probe checks. {_MORE}"


@dataclass(frozen=True, kw_only=True)
class Spec:
    """What an instance is made from.

    Attributes:
        name: of the instance.
        template: of its revision or task.
        variables: that every container has.
        serves: whether one of its containers takes requests.
        whose: labels of its log entries' resource.
        kind: of that resource, such as `cloud_run_revision`.
        labels: of its log entries themselves.
    """

    name: str
    template: Mapping[str, Any]
    variables: Mapping[str, str]
    serves: bool
    whose: Mapping[str, str] = field(default_factory=dict)
    kind: str = "cloud_run_revision"
    labels: Mapping[str, str] = field(default_factory=dict)


class Instance:
    """One instance.

    Attributes:
        spec: what it is made from.
        address: in the outside network, once it is held.
        inner_address: in the inside network; "": it is not there.
        is_ready: whether it takes requests.
        given: its containers as the template has them, by name.
        containers: those of the Engine that have been made.
    """

    def __init__(self, agent: "Agent", spec: Spec) -> None:
        self.agent, self.spec = agent, spec
        self.address, self.inner_address = "", ""
        self.is_ready = False
        self.given = {templates.name(each, place): each for place, each in enumerate(spec.template["containers"])}
        self.containers: dict[str, Any] = {}
        self._folders: Mapping[str, Path] = {}
        self._held: Any = None
        self._failed = threading.Event()
        self._lock = threading.Lock()
        self._ended = threading.Event()

    # --- its life ---

    def start(self) -> None:
        """Start all containers, and wait for their startup probes.

        Raises:
            NotReadyError: it does not come up; it has been ended then.
        """
        try:
            self._start()
        except NotReadyError:
            self.end()
            raise
        except docker.errors.DockerException as why:
            self.end()
            raise NotReadyError(f"{why}") from None

    def _start(self) -> None:
        template, store = self.spec.template, self.agent.store
        account = templates.account(template)
        found = {name: dict(volumes.environment(each, account, store)) for name, each in self.given.items()}
        self._folders = volumes.made(template, self.spec.name, self.agent.engine, self.agent.place, store)
        for each in self.given.values():
            self._pull(each["image"])
        self._hold()
        with concurrent.futures.ThreadPoolExecutor(max_workers=len(self.given)) as pool:
            try:
                self._run_all(found, pool)
            except BaseException:
                self._failed.set()  # so that no probe waits on
                raise
        self.is_ready = True

    def _run_all(self, environments: Mapping[str, Mapping[str, str]], pool: concurrent.futures.Executor) -> None:
        """Start each container once those that it depends on have passed their probes; until all have."""
        waiting: dict[str, concurrent.futures.Future[bool]] = {}
        while len(waiting) < len(self.given) or not all(each.done() for each in waiting.values()):
            for name, each in self.given.items():
                if name not in waiting and self._is_due(each, waiting):
                    self._run(name, each, environments[name])
                    waiting[name] = pool.submit(self._passes, name)
            self._check(waiting)
            time.sleep(_STARTING_SECONDS)
        self._check(waiting)

    def _is_due(self, container: Mapping[str, Any], waiting: Mapping[str, "concurrent.futures.Future[bool]"]) -> bool:
        return all(
            name in waiting and waiting[name].done() and waiting[name].result()
            for name in container.get("dependsOn") or ()
        )

    def _check(self, waiting: Mapping[str, "concurrent.futures.Future[bool]"]) -> None:
        for name, each in waiting.items():
            if each.done() and not each.result():
                raise NotReadyError(self._why(name), "HEALTH_CHECK_CONTAINER_ERROR")

    def _passes(self, name: str) -> bool:
        probe = self._startup(name)
        if probe is None:
            return True
        return probes.passes(probe, self.address, self._port(name), functools.partial(self._is_over, name))

    def _is_over(self, name: str) -> bool:
        return self._ended.is_set() or self._failed.is_set() or not self._runs(name)

    def _startup(self, name: str) -> Mapping[str, Any] | None:
        given = self.given[name]
        if given.get("startupProbe"):
            return dict(given["startupProbe"])
        return probes.default(self._port(name)) if self.spec.serves and self._is_ingress(name) else None

    def _why(self, name: str) -> str:
        if self.given[name].get("startupProbe"):
            return _PROBE_FAILED
        return _DID_NOT_LISTEN.format(port=self._port(name))

    def watch(self, gone: Callable[["Instance"], None]) -> None:
        """Call once it has ended by itself, or fails its liveness probe; for what runs all the time."""
        for name, each in self.given.items():
            if each.get("livenessProbe"):
                threading.Thread(target=self._stays, args=(name, each["livenessProbe"]), daemon=True).start()
        while not self._ended.is_set():
            if not all(self._runs(name) for name in self.given):
                self.is_ready = False
                _LOG.info("%s has ended", self.spec.name)
                self.end()
                gone(self)
                return
            time.sleep(_LOOK_SECONDS)

    def _stays(self, name: str, probe: Mapping[str, Any]) -> None:
        probes.stays(probe, self.address, self._port(name), self._ended.is_set)
        if not self._ended.is_set():
            _LOG.info("%s: the liveness probe of %s failed", self.spec.name, name)
            with contextlib.suppress(docker.errors.APIError):
                self.containers[name].kill()

    def codes(self, seconds: float) -> dict[str, int | None]:
        """The exit codes of all containers, once all have ended; None: of one that took too long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and any(self._runs(name) for name in self.given) and not self._ended.is_set():
            time.sleep(_LOOK_SECONDS)
        return {name: None if self._runs(name) else int(self._state(name)["ExitCode"]) for name in self.given}

    def end(self) -> None:
        """Stop all containers at once; remove them, and what goes with the instance. A second time does nothing."""
        with self._lock:
            if self._ended.is_set():
                return
            self._ended.set()
            self.is_ready = False
            containers = list(self.containers.items())
        stopping = [threading.Thread(target=self._end, args=each) for each in containers]
        for each in stopping:
            each.start()
        for each in stopping:
            each.join()
        if self._held is not None:
            _without_fail(lambda: self._held.remove(force=True))
        self.agent.forget(self)
        for volume in self.agent.engine.volumes.list(filters={"label": f"{volumes.INSTANCE}={self.spec.name}"}):
            _without_fail(volume.remove)

    # --- its containers ---

    def _hold(self) -> None:
        place, engine = self.agent.place, self.agent.engine
        labels = {**place.labels, volumes.INSTANCE: self.spec.name}
        self._held = engine.containers.create(
            place.pause, ["sleep", "infinity"], init=True, name=f"{place.prefix}-{self.spec.name}",
            network=place.outside, dns=[place.gateway], labels=labels,
        )  # fmt: skip
        if self.spec.template.get("vpcAccess"):
            engine.networks.get(place.inside).connect(self._held)
        self._held.start()
        self._held.reload()
        networks = self._held.attrs["NetworkSettings"]["Networks"]
        self.address = networks[place.outside]["IPAddress"]
        self.inner_address = networks.get(place.inside, {}).get("IPAddress", "")
        self.agent.know(self)

    def _pull(self, image: str) -> None:
        engine = self.agent.engine
        try:
            engine.images.get(image)
        except docker.errors.ImageNotFound:
            _LOG.info("pull %s", image)
        else:
            return
        try:
            engine.images.pull(image)
        except docker.errors.APIError:
            raise NotReadyError(f"Image '{image}' not found.", "CONTAINER_MISSING") from None

    def _run(self, name: str, given: Mapping[str, Any], environment: Mapping[str, str]) -> None:
        place = self.agent.place
        port = {"PORT": str(self._port(name))} if self.spec.serves and self._is_ingress(name) else {}
        variables = {"SSL_CERT_FILE": _AUTHORITIES, **environment, **self.spec.variables, **port}
        authority = docker.types.Mount(_AUTHORITIES, str(self.agent.authority), type="bind", read_only=True)
        made = self.agent.engine.containers.create(
            given["image"],
            name=f"{place.prefix}-{self.spec.name}-{name}",
            network_mode=f"container:{self._held.id}",
            mounts=[authority, *volumes.mounts(given, self.spec.template, self._folders)],
            labels={**place.labels, volumes.INSTANCE: self.spec.name, CONTAINER: name, **self._told()},
            **templates.options(given, variables),
        )
        with self._lock:
            self.containers[name] = made
            is_over = self._ended.is_set()
        if is_over:
            self._end(name, made)
            raise NotReadyError("the instance was ended while it started")
        made.start()

    def _told(self) -> dict[str, str]:
        return {f"slipway.gcp.{key}": value for key, value in self.spec.whose.items()}

    def _end(self, name: str, container: Any) -> None:
        _without_fail(lambda: container.stop(timeout=_GRACE_SECONDS))
        with contextlib.suppress(docker.errors.APIError):
            self.agent.logs.keep(self.spec, name, container)
        _without_fail(lambda: container.remove(force=True, v=True))

    def _is_ingress(self, name: str) -> bool:
        return self.given[name] is templates.ingress(list(self.given.values()))

    def _port(self, name: str) -> int:
        return templates.port(self.given[name])

    def _runs(self, name: str) -> bool:
        return self._state(name)["Status"] not in {"exited", "dead", "removing"}

    def _state(self, name: str) -> dict[str, Any]:
        try:
            self.containers[name].reload()
        except docker.errors.NotFound:
            return {"Status": "exited", "ExitCode": 137}  # removed behind our back
        return dict(self.containers[name].attrs["State"])

    @property
    def port(self) -> int:
        """Where it takes requests."""
        return templates.port(templates.ingress(list(self.given.values())))


CONTAINER = "slipway.gcp.container"
"""The label with a container's name in its template."""


def _without_fail(what: Callable[[], Any]) -> None:
    """What is to be removed may be gone, or on its way."""
    try:
        what()
    except docker.errors.APIError as error:
        _LOG.info("%s", error)
