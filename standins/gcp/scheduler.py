"""What starts something by the clock: after `mmv1/products/cloudscheduler/Job.yaml` of magic-modules."""

import re
import zoneinfo
from collections.abc import Iterable
from typing import ClassVar, Final

from standins.gcp.kind import Kind
from standins.resource import Call
from standins.tables import inputs, longest
from standins.traits import Trait
from standins.values import Properties, Value

_TARGETS: Final = ("appEngineHttpTarget", "httpTarget", "pubsubTarget")
_FIELD: Final = r"[\d*/,\-A-Za-z]+"
_CRON: Final = re.compile(rf"{_FIELD}( +{_FIELD}){{4}}")
_WORDS: Final = re.compile(r"every .+|\d.* of .+")
"""https://cloud.google.com/scheduler/docs/configuring/cron-job-schedules: crontab, or App Engine's words."""


def _schedule(value: Value) -> str:
    fits = _CRON.fullmatch(str(value)) or _WORDS.fullmatch(str(value))
    return "" if fits else f'"{value}" is no schedule: five fields of crontab'


def _zone(value: Value) -> str:
    return "" if str(value) in zoneinfo.available_timezones() else f'"{value}" is no time zone'


class Job(Kind):
    """`cloudscheduler.Job`."""

    token = "gcp:cloudscheduler/job:Job"  # noqa: S105 - a type token
    api = "cloudscheduler.v1"
    collection = "projects.locations.jobs"
    identity = "projects/{project}/locations/{region}/jobs/{name}"
    places: ClassVar = {"parent": "projects/{project}/locations/{region}", "name": "{id}"}
    apart = frozenset({"paused"})
    traits = inputs(
        in_place="appEngineHttpTarget description httpTarget paused pubsubTarget retryConfig",
        replaces="project region",
        computed="paused project region",
        attemptDeadline=Trait(default="180s", in_place=True),
        name=Trait(computed=True, rule=longest(500, r"[a-zA-Z0-9_-]+")),
        schedule=Trait(in_place=True, rule=_schedule),
        timeZone=Trait(default="Etc/UTC", in_place=True, rule=_zone),
    )
    outputs: ClassVar = {"state": "state"}

    def content(self, method: str, inputs: Properties) -> Properties:
        """Its name is the whole one."""
        made = super().content(method, inputs)
        named = self._named(inputs)["id"]
        return {**made, "name": named}

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:
        """See `Kind`."""
        targets = [name for name in _TARGETS if inputs.get(name)]
        if len(targets) != 1:
            yield "httpTarget", f"there are {len(targets)} of {', '.join(_TARGETS)}, and there must be exactly one"
        target = inputs.get("httpTarget")
        if isinstance(target, dict) and target.get("oauthToken") and target.get("oidcToken"):
            yield "httpTarget", "has both oauthToken and oidcToken"
        uri = target.get("uri") if isinstance(target, dict) else None
        if isinstance(uri, str) and not uri.startswith(("http://", "https://")):
            yield "httpTarget.uri", f'"{uri}" does not begin with http:// or https://'

    def settle(self, call: Call, known: Properties, answer: Properties) -> None:  # noqa: ARG002
        """See `Kind`."""
        if known.get("paused"):
            self._switch(call, known)

    def change(self, call: Call, known: Properties, changed: set[str]) -> None:
        """See `Kind`."""
        super().change(call, known, changed)
        if "paused" in changed:
            self._switch(call, known)

    def read_out(self, found: Properties, known: Properties) -> Properties:
        """See `Kind`."""
        return {**super().read_out(found, known), "paused": found.get("state") == "PAUSED"}

    def mirror(self, found: Properties, known: Properties) -> Properties:
        """See `Kind`."""
        return {**super().mirror(found, known), "name": str(found["name"]).rpartition("/")[2]}

    def _switch(self, call: Call, known: Properties) -> None:
        call.client.send(self.request("pause" if known.get("paused") else "resume", known, {}))
