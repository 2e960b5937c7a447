"""What an ingress controller is told by annotations, beyond what an Ingress can say.

Which controller it is, its class's name tells. One that is not known here is told nothing.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ...access import KubernetesAccess
from ...model import Ingress
from ..ingress import secure

NGINX = "nginx.ingress.kubernetes.io/"
"""Begins ingress-nginx's annotations
(https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/)."""
ALB = "alb.ingress.kubernetes.io/"
"""Begins those of what makes load balancers of AWS: EKS Auto Mode, or the AWS Load Balancer Controller
(https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/)."""
WELL, ANSWERS = "200-399", "200-499"
"""Status codes of a pod that is well: at the path that the file says to ask, and at one that it may not have."""


@dataclass(frozen=True, kw_only=True)
class Controller:
    """An ingress controller that is known here.

    Attributes:
        annotations: what it is told.
        unsaid: keys of `x-slipway.ingress` that it has no word for.
    """

    annotations: Callable[[Ingress], dict[str, str]]
    unsaid: tuple[str, ...] = ()


def of(access: KubernetesAccess) -> Controller:
    """The controller that serves the class of a cluster's Ingresses."""
    name = access.ingress_class or ""
    return next((each for word, each in KNOWN.items() if word in name.split("-")), OTHER)


def _nginx(asked: Ingress) -> dict[str, str]:
    annotations: dict[str, str] = {}
    if asked.redirect_http is not None or secure(asked):
        annotations[f"{NGINX}ssl-redirect"] = _flag(asked.redirect_http is not False)
    if asked.redirect_http and not secure(asked):
        # TLS ends before the controller, which would send nobody on by itself
        annotations[f"{NGINX}force-ssl-redirect"] = _flag(True)
    if asked.sticky:
        annotations[f"{NGINX}affinity"] = "cookie"
    return annotations


def _alb(asked: Ingress) -> dict[str, str]:
    """Pods are called by their own addresses: a Service with a cluster's address alone has no port on the nodes."""
    ports = [{"HTTP": 80}, *([{"HTTPS": 443}] if secure(asked) else [])]
    annotations = {
        f"{ALB}target-type": "ip",
        f"{ALB}listen-ports": json.dumps(ports),
        f"{ALB}healthcheck-path": asked.health_path or "/",
        f"{ALB}success-codes": WELL if asked.health_path else ANSWERS,
    }
    if asked.sticky:
        annotations[f"{ALB}target-group-attributes"] = "stickiness.enabled=true,stickiness.type=lb_cookie"
    return annotations


def _flag(value: bool) -> str:  # noqa: FBT001 - its only argument
    return "true" if value else "false"


KNOWN: Mapping[str, Controller] = {
    # a redirect of one Ingress would be one of all that share the load balancer
    "alb": Controller(annotations=_alb, unsaid=("redirect_http",)),
    "nginx": Controller(annotations=_nginx),
}
"""Word in a class's name -> the controller."""
OTHER = Controller(annotations=lambda _asked: {}, unsaid=("sticky", "redirect_http"))
