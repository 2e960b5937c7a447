"""Asking a Kubernetes cluster, by its REST API: what is there already, and why it does not answer.

https://kubernetes.io/docs/reference/using-api/api-concepts/
"""

import contextlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import urllib3
import yaml

from ...access import KubernetesAccess
from ...errors import Problem
from . import kubeconfig
from .kinds import API_VERSIONS

TIMEOUT = 5
"""Seconds that a question to the API server may take."""
MISSING = 404
OTHER_KINDS: Mapping[str, str] = {
    "ControllerRevision": "apps/v1",
    "Event": "v1",
    "IngressClass": "networking.k8s.io/v1",
    "Pod": "v1",
    "ReplicaSet": "apps/v1",
    "ResourceQuota": "v1",
    "StorageClass": "storage.k8s.io/v1",
}
"""Kinds that are read, and never written -> `apiVersion`."""
CLUSTER_WIDE = frozenset({"IngressClass", "Namespace", "StorageClass"})


ERRORS = (OSError, ValueError, urllib3.exceptions.HTTPError)
"""What says that a cluster did not answer."""


class Refused(Exception):  # noqa: N818 - an answer, not a mistake
    """The API server answered with an error.

    Attributes:
        status: of HTTP.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Cluster:
    """A connection to one API server."""

    def __init__(self, client: Any) -> None:
        """A connection by a client of the package `kubernetes`."""
        self._client = client

    def get(self, kind: str, namespace: str = "", name: str = "", **query: str) -> Any:
        """An object, or the list of a kind.

        Returns:
            As the API has it; None where there is no such object, or no such kind in this cluster.

        Raises:
            Refused: the answer is any other error.
        """
        return self.call("GET", path(kind, namespace, name), query=query)

    def call(self, method: str, place: str, *, query: Mapping[str, str] | None = None, body: Any = None) -> Any:
        """Any question, and its answer as JSON; None where there is nothing.

        Raises:
            Refused: the answer is an error.
        """
        text = self.text(method, place, query=query, body=body)
        return None if text is None else json.loads(text)

    def text(self, method: str, place: str, *, query: Mapping[str, str] | None = None, body: Any = None) -> str | None:
        """Any question, and its answer as it comes; None where there is nothing.

        Raises:
            Refused: the answer is an error.
        """
        from kubernetes.client import ApiException  # noqa: PLC0415 - half a second, and only where a cluster is asked

        types = {"PATCH": "application/strategic-merge-patch+json"}
        headers = {"Accept": "*/*", "Content-Type": types.get(method, "application/json")}
        try:
            answer = self._client.call_api(
                place,
                method,
                query_params=list((query or {}).items()),
                header_params=headers,
                body=body,
                auth_settings=["BearerToken"],
                _preload_content=False,
                _return_http_data_only=True,
                _request_timeout=TIMEOUT,
            )
        except ApiException as error:
            if error.status == MISSING:
                return None
            raise Refused(int(error.status or 0), _said(error.body) or str(error.reason)) from None
        return bytes(answer.data).decode(errors="replace")


def _said(body: Any) -> str:
    """The message of an API server's `Status`."""
    with contextlib.suppress(ValueError, TypeError, AttributeError):
        return str(json.loads(body)["message"])
    return ""


def can_ask(access: KubernetesAccess) -> bool:
    """Whether this program can ask the cluster itself; it cannot where the kubeconfig is an output.

    Raises:
        InputError: the kubeconfig is not there, or wrong.
    """
    return kubeconfig.read(access) is not None


@contextlib.contextmanager
def connect(access: KubernetesAccess) -> Iterator[Cluster]:
    """A connection to the cluster that an access means, which this program can ask.

    Raises:
        ValueError: the kubeconfig has credentials that the client does not take.
    """
    import kubernetes.client  # noqa: PLC0415 - half a second, and only where a cluster is asked
    from kubernetes.config import ConfigException, new_client_from_config_dict  # noqa: PLC0415 - the same

    found = kubeconfig.read(access)
    settings = kubernetes.client.Configuration()
    settings.retries = 0
    try:
        client = new_client_from_config_dict(
            dict(found.content) if found else {}, persist_config=False, client_configuration=settings
        )
    except (ConfigException, yaml.YAMLError, OSError) as error:
        raise ValueError(str(error)) from error
    with contextlib.closing(client):
        yield Cluster(client)


def plural(kind: str) -> str:
    """A kind as the API's paths have it: `networkpolicies`."""
    word = kind.lower()
    if word.endswith("y"):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith("s") else f"{word}s"


def group(kind: str) -> str:
    """The API group of a kind; "" for the core."""
    version = API_VERSIONS.get(kind) or OTHER_KINDS[kind]
    return version.rpartition("/")[0]


def path(kind: str, namespace: str = "", name: str = "") -> str:
    """Where the API has an object, or the list of a kind."""
    version = API_VERSIONS.get(kind) or OTHER_KINDS[kind]
    base = f"/apis/{version}" if "/" in version else f"/api/{version}"
    inside = f"/namespaces/{namespace}" if namespace and kind not in CLUSTER_WIDE else ""
    return f"{base}{inside}/{plural(kind)}" + (f"/{name}" if name else "")


REASONS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("Connection refused",),
        "nothing answers there",
        "start the cluster, or choose another context with slipway:cluster.existing.context",
    ),
    (
        ("NameResolution", "Name or service not known"),
        "no such host",
        "check the kubeconfig, or choose another context with slipway:cluster.existing.context",
    ),
    (
        ("CERTIFICATE_VERIFY_FAILED", "certificate verify failed"),
        "its certificate is not signed by the kubeconfig's authority",
        "fetch the kubeconfig anew",
    ),
    (
        ("timed out", "Timeout"),
        f"it does not answer within {TIMEOUT} s",
        "see whether the cluster is up and lets this machine in",
    ),
    (
        ("Unauthorized",),
        "it does not take the kubeconfig's credentials",
        "log in again, or fetch the kubeconfig anew",
    ),
)
"""What an error says -> what is wrong, and what to do about it."""


def where(access: KubernetesAccess) -> str:
    """What messages about a cluster begin with."""
    found = kubeconfig.read(access)
    return f"kubernetes {found.server} (context {found.context})" if found is not None else "kubernetes"


def unreachable(access: KubernetesAccess, error: Exception) -> Problem:
    """What is wrong with a cluster that does not answer, and what to do about it."""
    text = f"{type(error).__name__}: {error}"
    for words, what, fix in REASONS:
        if any(word in text for word in words):
            return Problem(what, where(access), fix)
    said = str(error).splitlines()[0] if str(error) else type(error).__name__
    return Problem(f"it does not answer ({said})", where(access))
