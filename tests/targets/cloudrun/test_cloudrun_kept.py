"""What outlived its stack. Not proved here: that Pulumi takes it up (a real test does)."""

from typing import Any

import pytest
from cloudrun_scopes import access
from google.auth.exceptions import DefaultCredentialsError
from google_api import Answers, refused

from components.targets.cloudrun import client, kept
from components.targets.rows import Row

OURS = {"slipway-application": "shop", "slipway-stack": "a-b-c"}
BUCKET = Row(kind="Bucket", key="data", args={"name": "shop-data", "labels": {**OURS, "team": "shop"}}, retain=True)
CACHE = Row(
    kind="CacheInstance",
    key="redis",
    args={"name": "shop-redis", "project": "shop-1", "region": "europe-west1", "labels": OURS},
    retain=True,
)
INSTANCE = "projects/shop-1/locations/europe-west1/instances/shop-redis"
THERE = {"storage b/shop-data": {"name": "shop-data", "labels": {**OURS, "team": "other"}}}


@pytest.fixture(autouse=True)
def an_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "is_mocked", lambda: False)


def imported(monkeypatch: pytest.MonkeyPatch, answers: Any, row: Row = BUCKET) -> tuple[dict[Any, str], list[str]]:
    given = Answers(answers)
    monkeypatch.setattr(client, "Client", lambda _access: given)
    return kept.imports([row], access()), given.asked


def test_a_bucket_of_this_stack_is_imported_by_its_name(monkeypatch) -> None:
    assert imported(monkeypatch, THERE)[0] == {("Bucket", "data"): "shop-data"}


def test_a_cache_of_this_stack_is_imported_by_its_path(monkeypatch) -> None:
    there = {f"redis v1/{INSTANCE}": {"name": INSTANCE, "labels": OURS}}
    assert imported(monkeypatch, there, CACHE)[0] == {("CacheInstance", "redis"): INSTANCE}


@pytest.mark.parametrize(
    ("kind", "unread"), [("Bucket", ("labels", "project")), ("CacheInstance", ("deletionProtection", "labels"))]
)
def test_what_the_provider_does_not_read_is_no_difference(kind: str, unread: tuple[str, ...]) -> None:
    row = Row(kind=kind, key="data", args={}, unasked=("size",))
    assert kept.imported(row) == Row(kind=kind, key="data", args={}, unasked=("size", *unread))


@pytest.mark.parametrize(
    "labels", [{**OURS, "slipway-stack": "a-b-d"}, {**OURS, "slipway-application": "other"}, {}, None]
)
def test_a_bucket_of_another_is_not(monkeypatch, labels: Any) -> None:
    found = {"storage b/shop-data": {"name": "shop-data", "labels": labels}}
    assert imported(monkeypatch, found)[0] == {}


@pytest.mark.parametrize(
    "answer", [None, refused(403, "PERMISSION_DENIED"), refused(500, "INTERNAL"), DefaultCredentialsError()]
)
def test_where_there_is_none_that_can_be_seen_nothing_is_imported(monkeypatch, answer: Any) -> None:
    assert imported(monkeypatch, {"storage b/shop-data": answer})[0] == {}


@pytest.mark.parametrize(
    "row", [Row(kind="Bucket", key="data", args=BUCKET.args), Row(kind="Secret", key="data", args={}, retain=True)]
)
def test_what_is_not_kept_is_not_even_asked_for(monkeypatch, row: Row) -> None:
    assert imported(monkeypatch, THERE, row) == ({}, [])


def test_in_a_unit_test_nothing_is_asked(monkeypatch) -> None:
    monkeypatch.setattr(kept, "is_mocked", lambda: True)
    assert imported(monkeypatch, THERE) == ({}, [])
