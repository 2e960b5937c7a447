"""What outlived its stack. Not proved here: that Pulumi takes it up (a real test does)."""

from collections.abc import Mapping
from typing import Any

import pytest
from api_server import serve

from components.targets.kubernetes import kept
from components.targets.kubernetes.given import STACK
from components.targets.rows import Row

APPLIED = {kept.LAST_APPLIED: "{}"}
PLACE = "/api/v1/namespaces/shop/persistentvolumeclaims/data"


@pytest.fixture(autouse=True)
def an_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "is_mocked", lambda: False)


def row(kind: str = "PersistentVolumeClaim", name: str = "data", *, retain: bool = True) -> Row:
    metadata: dict[str, Any] = {"name": name, "annotations": {STACK: "a/b/c"}}
    if kind != "Namespace":
        metadata["namespace"] = "shop"
    return Row(kind=kind, key=name, args={"metadata": metadata}, retain=retain)


def imported(annotations: Mapping[str, str], *rows: Row) -> dict[Any, str]:
    there = {"metadata": {"annotations": dict(annotations)}}
    with serve({PLACE: there, "/api/v1/namespaces/shop": there}) as server:
        return kept.imports(rows or (row(),), server.access)


def test_what_an_older_plugin_has_applied_is_imported_under_its_id() -> None:
    assert imported({**APPLIED, STACK: "a/b/c"}, row(), row("Namespace", "shop")) == {
        ("PersistentVolumeClaim", "data"): "shop/data",
        ("Namespace", "shop"): "shop",
    }


@pytest.mark.parametrize(
    "annotations",
    [{STACK: "a/b/c"}, {**APPLIED, STACK: "a/b/d"}, APPLIED, {}],
    ids=["applied by the server", "another stack's", "nobody's", "neither"],
)
def test_anything_else_that_is_there_is_not(annotations: dict[str, str]) -> None:
    assert imported(annotations) == {}


def test_what_is_not_kept_is_not_even_asked_for() -> None:
    with serve({}) as server:
        assert kept.imports([row(retain=False)], server.access) == {}
        assert server.asked == []


def test_a_cluster_that_does_not_answer_has_nothing_to_import() -> None:
    with serve({}) as server:
        access = server.access
    assert kept.imports([row()], access) == {}
