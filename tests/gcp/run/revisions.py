"""What services and worker pools have in common: a change of the template makes a revision, which gets ready or not.

https://cloud.google.com/run/docs/managing/revisions
"""

import copy
import random
import re
import string
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.gcp.cloud.calls import PROJECT, Call, RefusedError
from tests.gcp.cloud.rest import Cloud
from tests.gcp.cloud.store import check_etag, etag, now, owner, stamped

from . import templates
from .fleet import Fleet
from .instance import Spec
from .templates import NotReadyError

_NAME = re.compile(r"[a-z]([-a-z0-9]{0,47}[a-z0-9])?")
"""https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services/create: less than 50 characters."""
_ROLLING: dict[str, threading.Lock] = {}

Resource = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Services or worker pools.

    Attributes:
        parameter: of the query, with the ID of a new one.
        serves: whether its instances take requests.
        label: of the log entries' resource, with the name.
        logs: the kind of that resource.
        variables: name and revision -> what every container has.
        count: how many instances a resource is to have.
        finish: writes what only this kind has, when the newest revision is ready.
        check: refuses what only this kind does.
    """

    parameter: str
    serves: bool
    label: str
    logs: str
    variables: Callable[[str, str], dict[str, str]]
    count: Callable[[Resource], int]
    finish: Callable[[Cloud, Resource], None]
    check: Callable[[Resource], None]

    def create(self, cloud: Cloud, call: Call) -> Resource:
        """Make one."""
        name = call.query[self.parameter]
        if not _NAME.fullmatch(name):
            raise RefusedError(
                "INVALID_ARGUMENT", f"{self.parameter}: {name}: less than 50 lower-case letters, digits and hyphens"
            )
        fresh = stamped({"launchStage": "GA", **copy.deepcopy(call.body), "name": f"{call.name}/{name}"})
        fresh.update(generation="0", observedGeneration="0", creator=owner())
        self._checked(cloud, fresh)
        if call.query.get("validateOnly") == "true":
            return cloud.later(call, lambda: fresh)
        return self._changed(cloud, call, cloud.store.add("run", fresh["name"], fresh), is_new=True)

    def patch(self, cloud: Cloud, call: Call) -> Resource:
        """Change one: all that may be changed is as it was sent, or what the mask names."""
        found = cloud.store.get("run", call.name)
        check_etag(call.body.get("etag"), found)
        mask = call.query.get("updateMask")
        asked = [each.split(".")[0] for each in mask.split(",")] if mask else _GIVEN
        wanted = {key: value for key, value in call.body.items() if key in asked}
        after = {key: value for key, value in found.items() if key not in asked} | copy.deepcopy(wanted)
        self._checked(cloud, after)
        is_new = after.get("template") != found.get("template") or call.query.get("forceNewRevision") == "true"
        for key in [key for key in found if key not in after]:
            del found[key]
        found.update(after, launchStage=after.get("launchStage", "GA"))
        return self._changed(cloud, call, found, is_new=is_new)

    def delete(self, cloud: Cloud, call: Call) -> Resource:
        """Remove one, with its revisions and their instances."""
        found = cloud.store.get("run", call.name)
        check_etag(call.query.get("etag"), found)
        cloud.store.remove("run", call.name)
        for revision in [each for each in cloud.agent.fleets if each.startswith(f"{call.name}/revisions/")]:
            cloud.agent.fleets.pop(revision).end()
        return cloud.later(call, lambda: {**found, "deleteTime": now()})

    def _checked(self, cloud: Cloud, resource: Resource) -> None:
        self.check(resource)
        check_template(cloud, resource.get("template") or {}, serves=self.serves)

    def _changed(self, cloud: Cloud, call: Call, resource: Resource, *, is_new: bool) -> Resource:
        generation = int(resource["generation"]) + 1
        resource.update(
            generation=str(generation), updateTime=now(), etag=etag(), reconciling=True, lastModifier=owner()
        )
        resource["terminalCondition"] = condition("Ready", "CONDITION_RECONCILING")
        failed = resource.get("latestReadyRevision") != resource.get("latestCreatedRevision")
        if is_new:
            resource["latestCreatedRevision"] = self._revision(cloud, resource, generation)
        elif failed:
            return cloud.later(call, lambda: self._ended(resource, resource.get("_failure", "")))
        return cloud.later(call, lambda: self._roll(cloud, resource, is_new=is_new))

    def _revision(self, cloud: Cloud, resource: Resource, generation: int) -> str:
        name = resource["name"].rpartition("/")[2]
        tail = "".join(random.choices(string.ascii_lowercase + string.digits, k=3))
        revision = resource["template"].get("revision") or f"{name}-{generation:05d}-{tail}"
        made = stamped({key: copy.deepcopy(value) for key, value in resource["template"].items() if key != "revision"})
        made.update(name=f"{resource['name']}/revisions/{revision}", service=name, generation="1")
        cloud.store.add("run", made["name"], made)
        return str(made["name"])

    def _roll(self, cloud: Cloud, resource: Resource, *, is_new: bool) -> Resource:
        """Bring the newest revision up, and end the others once it serves."""
        lock = _ROLLING.setdefault(resource["name"], threading.Lock())
        with lock:
            newest = resource["latestCreatedRevision"]
            if is_new:
                cloud.agent.fleets[newest] = self._fleet(cloud, resource, newest)
            fleet = cloud.agent.fleets[newest]
            revision = cloud.store.get("run", newest)
            try:
                fleet.resize(self.count(resource))
            except NotReadyError as why:
                revision["conditions"] = [condition("Ready", "CONDITION_FAILED", str(why), revisionReason=why.reason)]
                fleet.end()
                short = newest.rpartition("/")[2]
                return self._ended(resource, f"Revision '{short}' is not ready and cannot serve traffic. {why}")
            revision["conditions"] = [condition("Ready", "CONDITION_SUCCEEDED")]
            with cloud.store.lock:
                resource["latestReadyRevision"] = newest
                self.finish(cloud, resource)
            for name in [each for each in cloud.agent.fleets if each.startswith(f"{resource['name']}/revisions/")]:
                if name not in {newest, *resource.get("_serving", ())}:
                    cloud.agent.fleets.pop(name).end()
            return self._ended(resource, "")

    def _fleet(self, cloud: Cloud, resource: Resource, revision: str) -> Fleet:
        name, short = resource["name"].rpartition("/")[2], revision.rpartition("/")[2]
        location = resource["name"].split("/")[3]
        whose = {self.label: name, "revision_name": short, "location": location}
        spec = Spec(
            name=short,
            template=copy.deepcopy(resource["template"]),
            variables=self.variables(name, short),
            serves=self.serves,
            whose=whose,
            kind=self.logs,
        )
        return Fleet(cloud.agent, spec)

    def _ended(self, resource: Resource, failure: str) -> Resource:
        """Write how it ended.

        Raises:
            RefusedError: the newest revision is not ready.
        """
        state = "CONDITION_FAILED" if failure else "CONDITION_SUCCEEDED"
        ready = condition("Ready", state, failure)
        more = [condition(kind, state, failure) for kind in ("RoutesReady", "ConfigurationsReady")]
        resource.update(terminalCondition=ready, conditions=more, reconciling=False, _failure=failure)
        resource["observedGeneration"] = resource["generation"]
        if failure:
            raise RefusedError("FAILED_PRECONDITION", failure)
        return resource


_GIVEN = (
    *("template", "traffic", "labels", "annotations", "ingress", "scaling", "invokerIamDisabled", "description"),
    *("client", "clientVersion", "launchStage", "binaryAuthorization", "customAudiences", "defaultUriDisabled"),
    *("instanceSplits", "iapEnabled"),
)
"""What a caller writes: what is not sent is taken away."""


def condition(kind: str, state: str, message: str = "", **reasons: str) -> Resource:
    """https://cloud.google.com/run/docs/reference/rest/v2/Condition."""
    found = {"type": kind, "state": state, "message": message, "lastTransitionTime": now(), **reasons}
    return {key: value for key, value in found.items() if value}


def check_template(cloud: Cloud, template: Mapping[str, Any], *, serves: bool) -> None:
    """Refuse a template, an account or a network that is not there.

    Raises:
        RefusedError: with what is wrong.
    """
    templates.check(template, serves=serves)
    account = templates.account(template)
    own = account.endswith("@developer.gserviceaccount.com")
    if not own and cloud.store.find("iam", f"projects/{PROJECT}/serviceAccounts/{account}") is None:
        raise RefusedError("NOT_FOUND", f"Service account {account} does not exist.")
    for each in (template.get("vpcAccess") or {}).get("networkInterfaces") or ():
        _check_network(cloud, each)


def _check_network(cloud: Cloud, given: Mapping[str, Any]) -> None:
    known = {name for name, _ in cloud.store.all("compute")}
    for key, folder in (("network", "/networks/"), ("subnetwork", "/subnetworks/")):
        wanted = given.get(key)
        if wanted and not any(folder in each and each.endswith(f"/{wanted.rpartition('/')[2]}") for each in known):
            raise RefusedError("INVALID_ARGUMENT", f"VPC {key} {wanted} not found")
