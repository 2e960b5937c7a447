"""A server on loopback that answers as an API server does, from a table of what is there."""

import contextlib
import json
import threading
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from components.access import KubernetesAccess

RULES = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"
REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
EVERYTHING = {"status": {"resourceRules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]}}
GROUPS = {
    "/api/v1": "ConfigMap Namespace PersistentVolumeClaim Secret Service ServiceAccount",
    "/apis/apps/v1": "DaemonSet Deployment StatefulSet",
    "/apis/autoscaling/v2": "HorizontalPodAutoscaler",
    "/apis/batch/v1": "CronJob Job",
    "/apis/networking.k8s.io/v1": "Ingress NetworkPolicy",
    "/apis/policy/v1": "PodDisruptionBudget",
}
WELL: Mapping[str, Any] = {
    "/version": {"gitVersion": "v1.36.3"},
    RULES: EVERYTHING,
    REVIEWS: {"status": {"allowed": True}},
    **{path: {"resources": [{"kind": kind} for kind in kinds.split()]} for path, kinds in GROUPS.items()},
}
"""A cluster that lets do everything, and in which nothing is."""


class ApiServer:
    """What a test asks and looks at.

    Attributes:
        answers: path -> what is answered: JSON, text, an HTTP status, or a function of the body. Anything else is 404.
        asked: method and path with query, in order.
        url: where it is.
    """

    def __init__(self, answers: Mapping[str, Any], url: str) -> None:
        self.answers = dict(answers)
        self.asked: list[str] = []
        self.url = url

    @property
    def access(self) -> KubernetesAccess:
        """The access that leads here."""
        content = {
            "current-context": "test",
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
            "clusters": [{"name": "test", "cluster": {"server": self.url}}],
            "users": [{"name": "test", "user": {"token": "secret"}}],
        }
        return KubernetesAccess(kubeconfig=json.dumps(content))


@contextlib.contextmanager
def serve(answers: Mapping[str, Any]) -> Iterator[ApiServer]:
    """Serve until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(f"{self.command} {self.path}")
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = found.answers.get(urlsplit(self.path).path, 404)
            if callable(answer):
                answer = answer(json.loads(body) if body else None)
            status = answer if isinstance(answer, int) else 200
            if isinstance(answer, int):
                answer = {"kind": "Status", "message": HTTPStatus(status).phrase}
            raw = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_DELETE = do_POST = do_PATCH = do_GET  # noqa: N815 - the names of http.server

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = ApiServer(answers, f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
