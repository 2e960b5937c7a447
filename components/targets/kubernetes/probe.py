"""What would fail on this cluster, as far as it can be known before anything is created. Nothing is changed."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ...access import Contents, ImageReference, Images, KubernetesAccess
from ...errors import InputError, Problem, suggest
from ...model import App
from ..create import this_stack
from ..rows import Row
from . import cluster, externals, permissions, quotas
from .cluster import Cluster
from .given import STACK, Given
from .render import ENFORCE, render

DEFAULT_CLASS = {
    "IngressClass": "ingressclass.kubernetes.io/is-default-class",
    "StorageClass": "storageclass.kubernetes.io/is-default-class",
}
"""Kind -> the annotation of the cluster's default one."""
SETTINGS = {"IngressClass": "ingressClass", "StorageClass": "storageClass"}
"""Kind -> the key of `slipway:kubernetes` that names one."""
STANDARDS = ("privileged", "baseline", "restricted")
"""Pod Security Standards, the stricter the later."""
FIX_NAMESPACE = "choose another slipway:kubernetes.namespace, or write createNamespace: false to share it"


def probe(app: App, images: Images, access: KubernetesAccess) -> list[Problem]:
    """Ask the cluster, read-only.

    Asked: does it answer, may we, is the namespace ours, are the classes and the external objects there that the
    application's objects name, does a quota allow it.
    Skipped where this program cannot ask.
    """
    try:
        if not cluster.can_ask(access):
            return []
    except InputError as error:
        return list(error.problems)
    rows = _rows(app, images, access)
    namespace = next(row for row in rows if row.kind == "Namespace")
    kinds = {row.kind for row in rows if row is not namespace or access.create_namespace}
    try:
        with cluster.connect(access) as asked:
            asked.call("GET", "/version")
            where = cluster.where(access)
            return [
                *_namespace(namespace, access, asked, where),
                *permissions.problems(kinds, namespace.key, asked, where),
                *_claims(rows, asked, where),
                *_classes(rows, asked, where),
                *_apis(kinds, asked, where),
                *externals.problems(rows, namespace.key, asked, where),
                *quotas.problems(rows, namespace.key, asked, where),
            ]
    except (cluster.Refused, *cluster.ERRORS) as error:
        return [cluster.unreachable(access, error)]


def _rows(app: App, images: Images, access: KubernetesAccess) -> Sequence[Row]:
    """What would be created, with nothing in place of what is read or built later; a namespace in any case."""
    contents = Contents(secrets=dict.fromkeys(app.secrets, ""), configs=dict.fromkeys(app.configs, ""))
    known = {name: images.get(name) or ImageReference(name=name) for name in app.services}
    own = dataclasses.replace(access, create_namespace=True)
    return render(app, known, Given(access=own, contents=contents, name_key=""))


def _namespace(row: Row, access: KubernetesAccess, asked: Cluster, where: str) -> Iterator[Problem]:
    name = row.key
    try:
        found = asked.get("Namespace", name=name)
    except cluster.Refused:
        return  # it may be used by those who may not look at it
    metadata: Mapping[str, Any] = {} if found is None else found["metadata"]
    if found is not None and access.create_namespace:
        by = _someone_else(metadata)
        if by:
            yield Problem(f'the namespace "{name}" was made {by}', where, FIX_NAMESPACE)
    elif found is None and not access.create_namespace:
        fix = f"run `kubectl create namespace {name}`, or write slipway:kubernetes.createNamespace: true"
        yield Problem(f'there is no namespace "{name}"', where, fix)
    elif found is not None:
        enforced = metadata.get("labels", {}).get(ENFORCE, STANDARDS[0])
        needed = row.args["metadata"].get("labels", {}).get(ENFORCE, STANDARDS[-1])
        if STANDARDS.index(enforced) > STANDARDS.index(needed):
            what = (
                f'the namespace "{name}" enforces the Pod Security Standard {enforced}, and the application is {needed}'
            )
            yield Problem(what, where, "choose another namespace, or take out of the file what asks for more")


def _someone_else(metadata: Mapping[str, Any]) -> str:
    """Who made an object, in words; "" where this stack did."""
    owner = metadata.get("annotations", {}).get(STACK)
    if owner == this_stack():
        return ""
    return f'by the stack "{owner}"' if owner else "by something else"


def _claims(rows: Iterable[Row], asked: Cluster, where: str) -> Iterator[Problem]:
    """Volumes under names that someone else's have: what is kept would be taken up by its name."""
    for row in rows:
        if row.kind != "PersistentVolumeClaim":
            continue
        try:
            found = asked.get(row.kind, row.args["metadata"]["namespace"], row.key)
        except cluster.Refused:
            continue
        by = _someone_else(found["metadata"]) if found is not None else ""
        if by:
            fix = "name the volume otherwise, or write external: true to share it"
            yield Problem(f'the PersistentVolumeClaim "{row.key}" was made {by}', where, fix)


def _classes(rows: Sequence[Row], asked: Cluster, where: str) -> Iterator[Problem]:
    """StorageClasses and IngressClasses that are not there; silent where they may not be listed."""
    for kind, setting in SETTINGS.items():
        wanted = set(_wanted(rows, kind))
        if not wanted:
            continue
        try:
            items = (asked.get(kind) or {}).get("items", ())
        except cluster.Refused:
            continue
        known = sorted(item["metadata"]["name"] for item in items)
        for name in sorted(wanted - {None, *known}, key=str):
            yield Problem(f'there is no {kind} "{name}"', where, suggest(str(name), known))
        if None in wanted and not any(_is_default(item, kind) for item in items):
            fix = f"choose one with slipway:kubernetes.{setting} (known: {', '.join(known) or 'none'})"
            yield Problem(f"it has no default {kind}", where, fix)


def _wanted(rows: Iterable[Row], kind: str) -> Iterator[str | None]:
    """Names of the classes that objects have; None: an object leaves it to the cluster."""
    for row in rows:
        if kind == "IngressClass" and row.kind == "Ingress":
            yield row.args["spec"].get("ingressClassName")
        elif kind == "StorageClass" and row.kind == "PersistentVolumeClaim":
            yield row.args["spec"].get("storageClassName")
        elif kind == "StorageClass" and row.kind == "StatefulSet":
            for claim in row.args["spec"].get("volumeClaimTemplates", ()):
                yield claim["spec"].get("storageClassName")


def _is_default(item: Mapping[str, Any], kind: str) -> bool:
    annotations: Mapping[str, str] = item["metadata"].get("annotations", {})
    return annotations.get(DEFAULT_CLASS[kind]) == "true"


def _apis(kinds: Iterable[str], asked: Cluster, where: str) -> Iterator[Problem]:
    """Kinds that the cluster does not know: what brings them is not installed, or the cluster is too old."""
    listed: dict[str, frozenset[str]] = {}
    for kind in sorted(kinds):
        place = cluster.path(kind).rpartition("/")[0]
        if place not in listed:
            known = (asked.call("GET", place) or {}).get("resources", ())
            listed[place] = frozenset(each["kind"] for each in known)
        if kind not in listed[place]:
            what = f"it does not know the kind {kind} ({place.removeprefix('/apis/')})"
            yield Problem(what, where, "install what brings it, or choose otherwise")
