"""Load balancers that answer: a global one's address is one of loopback, an internal one's is in the inside network.
A forwarding rule opens a port there.

A request goes by the URL map's hosts and paths to a backend service, its serverless network endpoint group, and a
service of Cloud Run. Not part of it: regional external balancers, health checks, session affinity, logs, Cloud CDN and
Armor, and the time that a managed certificate takes until DNS leads to the balancer.
"""

import re
import subprocess
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from typing import Any

from tests.gcp.cloud.compute import path_of
from tests.gcp.cloud.rest import Cloud

from . import front
from .authority import Authority
from .front import Forward, OwnAnswerError
from .instance import Instance

_PORTS = re.compile(r"(\d+)")
_FIRST_INNER = 127
_INTERNAL = "INGRESS_TRAFFIC_INTERNAL_ONLY"
_CODES = {"MOVED_PERMANENTLY_DEFAULT": 301, "FOUND": 302, "SEE_OTHER": 303, "TEMPORARY_REDIRECT": 307,
          "PERMANENT_REDIRECT": 308}  # fmt: skip


class Balancers:
    """All of a cloud's."""

    def __init__(self, port: int) -> None:
        """Have none.

        Args:
            port: of the cloud's APIs, which tells its addresses from another's.
        """
        self._port, self._count, self._inner = port, 0, 0
        self._servers: dict[str, ThreadingHTTPServer] = {}
        self.cloud: Cloud | None = None
        self.authority: Authority | None = None

    def address(self) -> str:
        """A new one: on loopback, where every address is this machine's."""
        self._count += 1
        return f"127.{177 + self._port % 70}.{self._count // 250}.{self._count % 250 + 1}"

    def inner_address(self) -> str:
        """A new one in the inside network: this machine's, in the half that no container gets."""
        place = self._known.place
        self._inner += 1
        address = f"{place.inner_gateway.rpartition('.')[0]}.{_FIRST_INNER + self._inner}"
        _ip("add", address, self._bridge())
        return address

    def _bridge(self) -> str:
        network = self._known.agent.engine.networks.get(self._known.place.inside)
        return f"br-{str(network.id)[:12]}"

    @property
    def _known(self) -> Cloud:
        assert self.cloud is not None
        return self.cloud

    def open(self, path: str, rule: dict[str, Any]) -> None:
        """A forwarding rule is there: its port answers."""
        first = _PORTS.match(str(rule.get("portRange") or (rule.get("ports") or ["80"])[0]))
        secure = "/targetHttpsProxies/" in rule["target"]
        authority = self.authority if secure else None
        answers = self._answers(path)
        self._servers[path] = front.listen(rule["IPAddress"], int(first[1]) if first else 80, answers, authority)

    def close(self, path: str) -> None:
        """A resource has gone: where it was a rule, its port answers no more."""
        server = self._servers.pop(path, None)
        if server is None:
            return
        server.shutdown()
        server.server_close()
        address = str(server.server_address[0])
        if not address.startswith("127."):
            _ip("del", address, self._bridge())

    def _answers(self, path: str) -> type[Forward]:
        cloud, is_inner = self._known, "/regions/" in path

        class Balanced(Forward):
            def instance(self, host: str) -> Instance:
                if is_inner and not front.came_inside(cloud, self.client_address[0]):
                    raise OwnAnswerError(403, "it is in the network alone")
                service = _service(cloud, _routed(cloud, path, host, self.path))
                if service is None or (service.get("ingress") == _INTERNAL and not is_inner):
                    raise OwnAnswerError(404, "Error: Page not found")
                return front.chosen(self, cloud, service)

        return Balanced


def _ip(verb: str, address: str, device: str) -> None:
    subprocess.run(["ip", "address", verb, f"{address}/32", "dev", device], check=True, capture_output=True)


def _routed(cloud: Cloud, rule: str, host: str, path: str) -> str:
    """The backend service to which the URL map leads a host and a path.

    Raises:
        OwnAnswerError: it leads elsewhere, or nowhere.
    """
    proxy = cloud.store.get("compute", path_of(cloud.store.get("compute", rule)["target"]))
    url_map = cloud.store.get("compute", path_of(proxy["urlMap"]))
    matcher = next((each["pathMatcher"] for each in url_map.get("hostRules", ()) if _is_of(host, each["hosts"])), None)
    found = next((each for each in url_map.get("pathMatchers", ()) if each["name"] == matcher), url_map)
    best = sorted(_rules(found, path.partition("?")[0]), key=lambda each: -len(each[0]))
    default = {"service": found.get("defaultService"), "urlRedirect": found.get("defaultUrlRedirect")}
    chosen: dict[str, Any] = best[0][1] if best else default
    if chosen.get("urlRedirect"):
        redirect = chosen["urlRedirect"]
        scheme = "https" if redirect.get("httpsRedirect") else "http"
        code = _CODES[redirect.get("redirectResponseCode", "MOVED_PERMANENTLY_DEFAULT")]
        raise OwnAnswerError(code, location=f"{scheme}://{redirect.get('hostRedirect', host)}{path}")
    if not chosen.get("service"):
        raise OwnAnswerError(404, "no route")
    return path_of(str(chosen["service"]))


def _is_of(host: str, patterns: list[str]) -> bool:
    return any(each in {host, "*"} or (each.startswith("*.") and host.endswith(each[1:])) for each in patterns)


def _rules(matcher: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for rule in matcher.get("pathRules", ()):
        for each in rule["paths"]:
            if path == each or (each.endswith("/*") and f"{path}/".startswith(each[:-1])):
                yield each, rule


def _service(cloud: Cloud, backend: str) -> dict[str, Any] | None:
    """The service of Cloud Run behind a backend service."""
    for each in cloud.store.get("compute", backend).get("backends", ()):
        group = cloud.store.get("compute", path_of(each["group"]))
        project, region = path_of(each["group"]).split("/")[1], path_of(each["group"]).split("/")[3]
        return cloud.store.find("run", f"projects/{project}/locations/{region}/services/{group['cloudRun']['service']}")
    return None
