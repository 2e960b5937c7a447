"""What outlives its stack, a volume and the namespace around it, is taken up again by its name.

pulumi-kubernetes refuses to create what is there already, and offers two ways around. A provider with
`upsertExistingObjects` updates it in place; that is safe for what is retained, as no later step of an update deletes
it. Import is for what was applied by the client, as plugins before version 4 did: there the last applied manifest
stands in an annotation, and the import compares with it.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from ...access import KubernetesAccess
from ..create import is_mocked
from ..rows import Key, Row
from . import cluster
from .given import STACK

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
"""https://kubernetes.io/docs/tasks/manage-kubernetes-objects/declarative-config/"""


def imports(rows: Iterable[Row], access: KubernetesAccess) -> dict[Key, str]:
    """What is there already and has to be imported; nothing, where the cluster cannot be asked.

    Args:
        rows: all of the application.
        access: the cluster.

    Returns:
        Key of a row -> the plugin's ID of the object.
    """
    retained = [row for row in rows if row.retain]
    if not retained or is_mocked() or not cluster.can_ask(access):
        return {}
    try:
        with cluster.connect(access) as asked:
            return dict(_imports(retained, asked))
    except (cluster.Refused, *cluster.ERRORS):
        return {}


def _imports(rows: Iterable[Row], asked: cluster.Cluster) -> Iterator[tuple[Key, str]]:
    for row in rows:
        metadata: dict[str, Any] = row.args["metadata"]
        namespace = metadata.get("namespace", "")
        found = asked.get(row.kind, namespace, metadata["name"])
        notes: dict[str, str] = {} if found is None else found["metadata"].get("annotations", {})
        # another's is none of ours: the plugin refuses to make it, and the probe has said so
        if LAST_APPLIED in notes and notes.get(STACK) == metadata.get("annotations", {}).get(STACK):
            yield (row.kind, row.key), "/".join(filter(None, (namespace, metadata["name"])))
