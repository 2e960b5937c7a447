"""From an application to the rows of one Swarm: networks, secrets, configs, images, services, in dependency order.

The meaning is `docker stack deploy`'s, by its names and labels too, so that `docker stack ls`, `ps` and `services`
show what was deployed. Rendering is pure: the same application gives the same rows, and nothing is asked.
"""

import dataclasses
import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...access import Contents, ImageReference, Images, SwarmAccess
from ...errors import Problem, RejectedError
from ...model import App, Network, Service, ServiceNetwork
from ...support import Conflict, Rule
from .. import patch, project_files
from ..dependencies import in_dependency_order, must_be_healthy, runs_to_completion
from ..docker.arguments import NAMES, shapes
from ..docker.render import network_row
from ..forms import label_list
from ..ingress import ingress
from ..rows import Key, Ref, Row
from . import files, jobs, mounts, ports, routes, service
from .files import Identities

NAMESPACE = "com.docker.stack.namespace"
IMAGE = "com.docker.stack.image"
"""Labels of `docker stack deploy` (https://github.com/docker/cli, `cli/compose/convert`)."""
STACK = "slipway.stack"
"""The identity of the Pulumi stack that a thing belongs to."""
OVERLAY_NUMBER = 'options["com.docker.network.driver.overlay.vxlanid_list"]'
"""Swarm adds it to an overlay network's options, and a refresh takes it for a change that replaces the network."""
CLASSES: Mapping[str, str] = {
    "Network": "network",
    "Volume": "volume",
    "RemoteImage": "image",
    "Container": "container",
    "Secret": "secret",
    "ServiceConfig": "config",
    "Service": "service",
}
"""How a kind is written in a patch, which is the class that creates it -> the kind of its rows."""
SERVICE_NAME = re.compile(r"[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*")
SERVICE_NAME_LIMIT = 63
"""What Swarm takes as a name (https://github.com/moby/swarmkit, `manager/controlapi/service.go`)."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Given:
    """What a rendering is made from, beside the application and its images.

    Attributes:
        access: the Swarm; default: one with a routing mesh.
        contents: what secrets and configs contain.
        project: what binds of project files bring.
        identities: of external networks, secrets and configs.
        stack: the identity of the Pulumi stack, for the label `slipway.stack`.
        protect: whether volumes are kept whatever the file says.
    """

    access: SwarmAccess = dataclasses.field(default_factory=SwarmAccess)
    contents: Contents = dataclasses.field(default_factory=Contents)
    project: project_files.ProjectFiles = dataclasses.field(default_factory=dict)
    identities: Identities = dataclasses.field(default_factory=Identities)
    stack: str = ""
    protect: bool = False


def render(app: App, images: Images, given: Given | None = None) -> tuple[Row, ...]:
    """Every resource of the application.

    Args:
        app: checked against the support table before.
        images: what each service runs.
        given: see `Given`.

    Raises:
        RejectedError: for what depends on access and contents, with every problem at once.
    """
    made = _Rendering(app, given or Given())
    found = problems(app, made.given.contents, made.given.access)
    if found:
        raise RejectedError(found)
    rows = [made.network(key, network) for key, network in app.networks.items() if not network.external]
    rows += jobs.volumes(app, made.given.stack, protect=made.given.protect)
    rows += files.rows(app, made.given.contents, made.given.project, made.own)
    for each in in_dependency_order(app):
        rows += made.service(each, images[each.name])
    rows += routes.rows(app, made.given.access, made.own, lambda name: service_name(name, app))
    return patch.apply(rows, app, patchable())


def offline(app: App, images: Images, contents: Contents, stack: str = "") -> tuple[Row, ...]:
    """`render`, as far as it is known without asking the Swarm.

    What is external has its name in place of its ID, and the entry point has words in place of what its stack puts out.
    """
    given = Given(
        access=SwarmAccess(entry=routes.SOME_ENTRY),
        contents=contents,
        project=project_files.read(app),
        identities=own_names(app),
        stack=stack,
    )
    return render(app, images, given)


def own_names(app: App) -> Identities:
    """What is external, by its name in place of its ID."""
    names = {
        kind: {item.name or key: item.name or key for key, item in getattr(app, kind).items() if item.external}
        for kind in ("networks", "secrets", "configs")
    }
    return Identities(**names)


@functools.cache
def patchable() -> patch.Patchable:
    """What `x-slipway.patch.swarm` can reach."""
    return patch.Patchable(target="swarm", kinds=CLASSES, shapes=shapes(), names=(*NAMES, "target_port", "file_name"))


def problems(app: App, contents: Contents, access: SwarmAccess) -> list[Problem]:
    """What depends on access and contents, and is known before anything is created."""
    return [*files.problems(app, contents), *ports.problems(app, access), *routes.problems(app, access)]


def names(app: App) -> Iterator[Conflict]:
    """Services whose names Swarm refuses."""
    for name in app.services:
        full = service_name(name, app)
        if not SERVICE_NAME.fullmatch(full):
            what = f'"{full}" is no name for a Swarm service'
            yield Conflict(("services", name), what, "use letters, digits, - and _, and end with a letter or digit")
        elif len(full) > SERVICE_NAME_LIMIT:
            what = f'"{full}" has {len(full)} characters, and {SERVICE_NAME_LIMIT} are the most'
            yield Conflict(("services", name), what, "shorten the service's or the application's name")


def nodes_own(app: App) -> Iterator[Conflict]:
    """Networks that every node has for itself, under a name of the Engine."""
    for key, network in app.networks.items():
        if network.external and (network.name or key) in ("bridge", "host", "none"):
            what = f'the network "{network.name or key}" is each node\'s own, and services share others'
            yield Conflict(
                ("networks", key), what, "leave it out; to publish on the nodes, write ports with mode: host"
            )


RULES: tuple[Rule, ...] = (names, nodes_own, jobs.conflicts, lambda app: patch.conflicts(app, patchable()))
"""What is wrong with an application on a Swarm whatever its contents are."""


def service_name(name: str, app: App) -> str:
    """As `docker stack deploy` names it."""
    return f"{app.name}_{name}"


@dataclasses.dataclass(frozen=True, slots=True)
class _Rendering:
    app: App
    given: Given

    @property
    def own(self) -> Mapping[str, Any]:
        """The labels of everything but the tasks' containers, which are Swarm's."""
        return {NAMESPACE: self.app.name, **({STACK: self.given.stack} if self.given.stack else {})}

    def network(self, key: str, network: Network) -> Row:
        attachable = True if key in jobs.networks(self.app) else network.attachable
        overlay = dataclasses.replace(network, driver="overlay", attachable=attachable)
        row = network_row(key, overlay, self.app, self.given.stack)
        args = {**row.args, "labels": label_list({**network.labels, **self.own})}
        return dataclasses.replace(row, args=args, unasked=(OVERLAY_NUMBER,) if network.driver_opts else ())

    def service(self, each: Service, image: ImageReference) -> Iterator[Row]:
        after, completed = self._dependencies(each)
        if runs_to_completion(each.name, self.app):
            yield self._image(each, image)
            for row in jobs.rows(each, self.app, self.given.contents, self.given.project, self.given.stack):
                chain = tuple(key for key in row.after if key in jobs.keys(each))
                yield dataclasses.replace(row, after=(*after, *chain), completed=completed)
            return
        reference: Any = image.text
        if image.digest is None and "@sha256:" not in image.name:
            yield self._image(each, image)
            reference = Ref("image", each.name, "repo_digest")
        yield Row(
            kind="service",
            key=each.name,
            args=self._arguments(each, reference, image.name),
            after=after,
            completed=completed,
            stop_first=True,
            service=each.name,
            unasked=() if each.platform else (service.PLATFORMS,),
            # a Swarm refuses to change it
            replaced_by=("mode.global",),
        )

    def _image(self, each: Service, image: ImageReference) -> Row:
        """The image on the manager's Engine: a tag's digest comes from there, and a run's container needs it."""
        args = {"name": image.text, "keep_locally": True}
        if each.platform is not None:
            args["platform"] = each.platform
        return Row(kind="image", key=each.name, args=args, service=each.name)

    def _dependencies(self, each: Service) -> tuple[tuple[Key, ...], tuple[Key, ...]]:
        after: list[Key] = []
        completed: list[Key] = []
        for name, dependency in each.depends_on.items():
            if name not in self.app.services:
                continue
            job = runs_to_completion(name, self.app)
            keys = jobs.keys(self.app.services[name]) if job else [("service", name)]
            (completed if dependency.condition == "service_completed_successfully" else after).extend(keys)
        return tuple(after), tuple(completed)

    def _arguments(self, each: Service, reference: Any, image: str) -> dict[str, Any]:
        deploy_labels = each.deploy.labels if each.deploy else {}
        args: dict[str, Any] = {
            "name": service_name(each.name, self.app),
            "labels": label_list({**deploy_labels, **self.own, IMAGE: image}),
            "task_spec": self._task_spec(each, reference),
            "mode": service.mode(each),
            "update_config": service.update_config(each),
            **service.rollback_config(each),
            **ports.endpoint_spec(each, self.given.access),
            **service.converge_config(each, must_be_healthy=must_be_healthy(each.name, self.app)),
        }
        return args

    def _task_spec(self, each: Service, reference: Any) -> dict[str, Any]:
        spec = {
            "image": reference,
            **service.container_spec(each),
            "labels": service.labels(each, {NAMESPACE: self.app.name}),
            **mounts.arguments(each, self.app, self.own),
            **files.references(each, self.app, self.given.project, self.given.identities),
        }
        args: dict[str, Any] = {
            "container_spec": spec,
            **service.resources(each),
            **service.restart_policy(each),
            **self._placement(each),
            **service.log_driver(each.logging),
        }
        attachments = [self._attachment(each, key, on) for key, on in each.networks.items()]
        if self.given.access.entry is not None and ingress(each) is not None:
            attachments.append({"id": self.given.access.entry.network})
        if attachments:
            args["networks_advanceds"] = attachments
        return args

    def _placement(self, each: Service) -> dict[str, Any]:
        placement = each.deploy.placement if each.deploy else None
        pin = constraint(self.given.access.volume_node) if needs_one_node(each, self.app) else None
        constraints = [*(placement.constraints if placement else ()), *([pin] if pin else [])]
        args: dict[str, Any] = {"constraints": list(dict.fromkeys(constraints))} if constraints else {}
        if placement is not None and placement.preferences:
            args["prefs"] = [each.spread for each in placement.preferences if each.spread is not None]
        if placement is not None and placement.max_replicas_per_node is not None:
            args["max_replicas"] = placement.max_replicas_per_node
        if each.platform is not None:
            system, _, architecture = each.platform.partition("/")
            args["platforms"] = [{"os": system, "architecture": architecture.partition("/")[0]}]
        return {"placement": args} if args else {}

    def _attachment(self, each: Service, key: str, on: ServiceNetwork | None) -> dict[str, Any]:
        network = self.app.networks[key]
        on = on or ServiceNetwork()
        own_alias = () if on.use_service_name_alias is False else (each.name,)
        identity = (
            self.given.identities.networks[network.name or key] if network.external else Ref("network", key, "id")
        )
        args: dict[str, Any] = {"id": identity, "aliases": list(dict.fromkeys((*own_alias, *on.aliases)))}
        if on.driver_opts:
            args["driver_opts"] = [f"{name}={value}" for name, value in on.driver_opts.items()]
        return args


def needs_one_node(each: Service, app: App) -> bool:
    """Whether the service's tasks have to be where its volumes are; a global service has volumes on every node."""
    return bool(mounts.node_volumes(each, app)) and not service.is_global(each)


def constraint(node: str | None) -> str | None:
    """`volumeNode` as a placement constraint: a hostname, or a constraint as it is."""
    if node is None:
        return None
    return node if "==" in node or "!=" in node else f"node.hostname == {node}"
