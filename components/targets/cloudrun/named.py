"""What the application names and does not make, and what others have under names that it would take. Read-only."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...access import CloudRunAccess
from ...errors import Problem
from ..rows import Row
from . import client, kept, reported
from .given import label_value
from .places import WHERE, Check, there

APPLICATION, STACK = kept.OWNER
STORES: Mapping[str, str] = {"Bucket": "bucket", "CacheInstance": "Redis"}
WORDS: Mapping[str, str] = {"Job": "job", "Service": "service", "WorkerPool": "worker pool"}
"""Kind -> what it is called in messages."""
MOST = 500
"""How many of a kind are looked at: so many does one call list."""


@dataclass(frozen=True, slots=True)
class Ours:
    """Whose a resource has to be, as its labels say it."""

    application: str
    stack: str

    def other(self, labels: Mapping[str, Any]) -> str:
        """Whose else a resource is, in words; "" where it is ours."""
        if (labels.get(APPLICATION), labels.get(STACK)) == (label_value(self.application), label_value(self.stack)):
            return ""
        owner = labels.get(APPLICATION)
        return f'the application "{owner}" of the stack "{labels.get(STACK, "")}"' if owner else "something else"


Compare = Callable[[client.Client, CloudRunAccess, Sequence[Row], Ours], Iterator[Problem]]
"""Asks who has what the rows of an application would have."""


def _secrets(asked: client.Client, access: CloudRunAccess, rows: Sequence[Row]) -> Iterator[Problem]:
    named = (row.args["secret_id"] for row in rows if row.kind == "SecretAccess")
    for name in dict.fromkeys(each for each in named if isinstance(each, str)):
        path = name if name.startswith("projects/") else f"projects/{access.project}/secrets/{name}"
        if there(asked, "secretmanager", f"v1/{path}") is None:
            yield Problem(f'there is no secret "{name}"', WHERE, "make it, or take `external: true` out of the file")


def _buckets(asked: client.Client, access: CloudRunAccess, rows: Sequence[Row]) -> Iterator[Problem]:
    named = (row.args["bucket"] for row in rows if row.kind == "BucketAccess")
    for name in dict.fromkeys(each for each in named if isinstance(each, str)):
        if there(asked, "storage", f"b/{name}") is None:
            fix = f"run `gcloud storage buckets list --project {access.project}`"
            yield Problem(f'there is no bucket "{name}"', WHERE, fix)


def _runs(asked: client.Client, access: CloudRunAccess, rows: Sequence[Row], ours: Ours) -> Iterator[Problem]:
    """Services, jobs and worker pools of others."""
    for kind, word in WORDS.items():
        names = {str(row.args["name"]) for row in rows if row.kind == kind}
        if not names:
            continue
        collection = reported.KINDS[kind].collection
        listed = asked.get("run", reported.path(access, collection), pageSize=MOST).get(collection, ())
        for each in listed:
            name = str(each["name"]).rpartition("/")[2]
            if name in names and (owner := ours.other(each.get("labels") or {})):
                what = f'the {word} "{name}" of the project is that of {owner}'
                yield Problem(what, WHERE, "name the application otherwise, by slipway:name")


def _stores(asked: client.Client, _access: CloudRunAccess, rows: Sequence[Row], ours: Ours) -> Iterator[Problem]:
    """Buckets and caches of others, as far as they are seen."""
    for row in rows:
        labels = kept.labels(asked, row) if row.kind in kept.PLACES else None
        if labels is not None and (owner := ours.other(labels)):
            what = f'the {STORES[row.kind]} "{row.args["name"]}" is that of {owner}'
            yield Problem(what, WHERE, "name the application otherwise, by slipway:name")


CHECKS: tuple[Check, ...] = (_secrets, _buckets)
COMPARISONS: tuple[Compare, ...] = (_runs, _stores)
