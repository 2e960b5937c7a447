"""What of ministack is replaced, and why. Its own parts are private names of one pinned version."""

import threading
from typing import Any

from ministack import app
from ministack.core import router
from ministack.core.responses import AccountRegionScopedDict
from ministack.services import alb, ecr, ecs, servicediscovery

from . import balancers, quotas, scaling
from .agent import GROUPS, Agent
from .balancers import Balancers
from .place import Place


def make(place: Place, agent: Agent) -> None:
    """Replace all of it."""
    _tasks(agent)
    _deployments()
    _registry(place)
    _cloud_map()
    _balancers(Balancers(place))
    _lacking()


def _tasks(agent: Agent) -> None:
    """Ministack's tasks ignore most of a container definition, and their containers share no network."""
    ecs._run_task_worker = agent.run
    ecs._cleanup_task_resources = agent.stop
    original = ecs._requested_subnet

    def subnet(data: dict[str, Any]) -> Any:
        chosen = data.get("networkConfiguration", {}).get("awsvpcConfiguration", {}).get("securityGroups")
        _asked.groups = list(chosen or ())
        return original(data)

    ecs._requested_subnet = subnet
    ecs._tasks = _Tasks()


class _Tasks(AccountRegionScopedDict):
    """Ministack's tasks, each with the security groups that the request which starts it asks for."""

    def __setitem__(self, arn: str, record: dict[str, Any]) -> None:
        record[GROUPS] = _asked.groups
        super().__setitem__(arn, record)


_asked = threading.local()
"""What the request that a thread is at work on asks for."""


def _deployments() -> None:
    """The first deployment of a service is in progress like any other: it fails where its tasks do not get healthy.

    Its first task is not waited for, to learn the image's digest: what is tested here names images by digest.
    """
    ecs._deployment_needs_first_task = lambda *_: False
    original = ecs._make_deployment

    def begin(*args: Any, **keys: Any) -> dict[str, Any]:
        made = original(*args, **keys)
        made["rolloutState"] = "IN_PROGRESS"
        made["rolloutStateReason"] = f"ECS deployment {made['id']} in progress."
        return made

    ecs._make_deployment = begin


def _registry(place: Place) -> None:
    """A repository is reached where it really is: the Engine takes loopback as a registry without TLS."""
    here = f"127.0.0.1:{place.port}"
    ecr._repo_uri = lambda name: f"{here}/{name}"
    original = ecr._get_authorization_token

    def token(data: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        status, headers, body = original(data)
        old = f"https://{ecr.get_account_id()}.dkr.ecr.{ecr.get_region()}.amazonaws.com"
        return status, headers, body.replace(old.encode(), f"http://{here}".encode())

    ecr._get_authorization_token = token


def _cloud_map() -> None:
    """The namespace of a service may be said in its DNS configuration, as Terraform and Pulumi do."""
    original = servicediscovery._create_service

    def create(data: dict[str, Any]) -> Any:
        data.setdefault("NamespaceId", (data.get("DnsConfig") or {}).get("NamespaceId"))
        return original(data)

    servicediscovery._create_service = create


def _balancers(made: Balancers) -> None:
    """Load balancers have addresses and open ports; ministack has them by the Host header of its own port alone."""
    alb._ACTION_MAP |= {
        "CreateLoadBalancer": made.create,
        "CreateListener": made.listen,
        "DeleteListener": made.unlisten,
    }
    alb.find_lb_for_host = balancers.for_host
    app._is_potential_alb_request = balancers.is_for_one


def _lacking() -> None:
    """Services that ministack has not."""
    for name, module in (("application-autoscaling", scaling), ("servicequotas", quotas)):
        router.SERVICE_PATTERNS[name] = {"target_prefixes": [module.TARGET]}
        app.SERVICE_HANDLERS[name] = module.handle
