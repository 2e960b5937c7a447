"""A failed rollout is taken back. Not proved: that a real Deployment's old pods serve again (a real test does)."""

from typing import Any

import pytest
from api_server import serve

from components.targets.kubernetes import cluster, rollback

PLACE = "/apis/apps/v1/namespaces/shop/deployments/web"
SETS = "/apis/apps/v1/namespaces/shop/replicasets"


def replica_set(revision: int, *, available: int = 0, owner: str = "u1") -> dict[str, Any]:
    labels = {"app": "web", "pod-template-hash": f"h{revision}"}
    return {
        "metadata": {
            "annotations": {rollback.REVISION: str(revision)},
            "ownerReferences": [{"uid": owner}],
        },
        "spec": {"template": {"metadata": {"labels": labels}, "spec": {"containers": [{"image": f"web:{revision}"}]}}},
        "status": {"availableReplicas": available} if available else {},
    }


def undone(sets: list[dict[str, Any]], revision: int = 3) -> tuple[str, list[Any]]:
    """What was said, and what was written."""
    written: list[Any] = []
    deployment = {"metadata": {"uid": "u1", "annotations": {rollback.REVISION: str(revision)}}}

    def answer(body: Any) -> Any:
        if body is not None:
            written.append(body)
        return deployment

    with serve({PLACE: answer, SETS: {"items": sets}}) as server, cluster.connect(server.access) as asked:
        return rollback.undo("shop", "web", asked), written


def test_the_pod_template_before_comes_back_without_the_label_of_its_replica_set() -> None:
    said, written = undone([replica_set(3), replica_set(2), replica_set(1)])
    assert said == "it was taken back to revision 2; the next `pulumi up` tries again"
    assert written == [
        {
            "spec": {
                "template": {
                    "$patch": "replace",
                    "metadata": {"labels": {"app": "web"}},
                    "spec": {"containers": [{"image": "web:2"}]},
                }
            }
        }
    ]


def test_what_serves_is_taken_before_what_failed_in_between() -> None:
    said, _ = undone([replica_set(3), replica_set(2), replica_set(1, available=2)])
    assert said.startswith("it was taken back to revision 1;")


@pytest.mark.parametrize("sets", [[replica_set(3)], [replica_set(3), replica_set(2, owner="u2")]])
def test_without_anything_before_nothing_is_done(sets: list[dict[str, Any]]) -> None:
    assert undone(sets) == ("", [])
