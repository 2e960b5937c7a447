"""Who may do what with one thing: after `iam.go` and `resource_iam_member.go` of magic-modules' `tpgiamresource`.

A member is one line of the thing's policy, which is read, changed and written as a whole; where somebody else wrote it
in between, that is done again.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar, Final

from standins.gcp.cloud import Cloud, CloudError, Request
from standins.gcp.identity import filled
from standins.gcp.kind import Kind
from standins.resource import Call, State
from standins.tables import inputs
from standins.traits import Trait
from standins.values import UNKNOWN, Properties

_TRIES: Final = 20
_CONFLICTS: Final = (409, 412)
_KINDS: Final = ("serviceAccount", "user", "group", "domain", "principal", "principalSet", "projectOwner")
_EVERYBODY: Final = ("allUsers", "allAuthenticatedUsers")
Policy = dict[str, Any]


class Member(Kind):
    """A member of the policy of one thing."""

    autonamed = False
    thing: ClassVar[str]
    """The thing's name, from inputs; the input that names it may be its whole name too."""
    gets = "getIamPolicy"
    updates = "setIamPolicy"
    owner: ClassVar[str]
    """The input that names the thing."""
    sent_inside: ClassVar[bool] = True
    """Whether the policy is a member of what is written, and not all of it."""
    member_of: ClassVar[str] = "resource"
    """The parameter that names the thing."""

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:
        """See `Kind`."""
        member = inputs.get("member")
        if isinstance(member, str) and member not in _EVERYBODY and member.partition(":")[0] not in _KINDS:
            yield "member", f'"{member}" does not begin with one of {", ".join(_KINDS)}, nor is it allUsers'

    def requests(self, inputs: Properties) -> Iterator[Request]:
        """What is written is known only once the policy was read."""
        line = _line(inputs)
        yield self._write(inputs, {"bindings": [] if UNKNOWN in line.values() else [line]})

    def create(self, call: Call, inputs: Properties) -> State:
        """See `Resource`."""
        made = self.completed(call.client, inputs)
        policy = self._changed(call, made, _added)
        return State(self._id(made), {**made, "etag": policy.get("etag", "")})

    def read(self, call: Call, identity: str, known: Properties) -> State | None:
        """See `Resource`."""
        policy = call.client.find(self._look(known)) if known else None
        if policy is None or not _has(policy, known):
            return None
        return State(identity, {**self.as_asked(known), "etag": policy.get("etag", "")})

    def delete(self, call: Call, identity: str, known: Properties) -> None:  # noqa: ARG002
        """See `Resource`."""
        self._changed(call, known, _removed)

    def _changed(self, call: Call, known: Properties, change: Callable[[Policy, Properties], Policy]) -> Policy:
        for attempt in range(_TRIES):
            try:
                return self._change(call.client, known, change)
            except CloudError as error:
                if error.gone and change is _removed:
                    return {}
                if error.code not in _CONFLICTS or attempt == _TRIES - 1:
                    raise CloudError(
                        f"{call.name}: Error applying IAM policy for {self._id(known)}: {error}"
                    ) from error
            call.sleep(0.1)
        return {}

    def _change(self, cloud: Cloud, known: Properties, change: Callable[[Policy, Properties], Policy]) -> Policy:
        policy = cloud.send(self._look(known))
        return cloud.send(self._write(known, change(policy, known)))

    def _look(self, known: Properties) -> Request:
        return Request(self.api, f"{self.collection}.{self.gets}", {self.member_of: self._thing(known)})

    def _write(self, known: Properties, policy: Policy) -> Request:
        given = {"policy": policy} if self.sent_inside else policy
        return Request(self.api, f"{self.collection}.{self.updates}", {self.member_of: self._thing(known)}, given)

    def _thing(self, known: Properties) -> Any:
        owner = known.get(self.owner)
        if owner is UNKNOWN or self.thing == f"{{{self.owner}}}":
            return owner
        return filled(self.thing, {**known, self.owner: str(owner).rpartition("/")[2]})

    def _id(self, known: Properties) -> str:
        return f"{self._thing(known)}/{known['role']}/{known['member']}"


class SecretMember(Member):
    """`secretmanager.SecretIamMember`."""

    token = "gcp:secretmanager/secretIamMember:SecretIamMember"  # noqa: S105 - a type token
    api = "secretmanager.v1"
    collection = "projects.secrets"
    owner = "secretId"
    thing = "projects/{project}/secrets/{secretId}"
    traits = inputs(replaces="condition member project role", computed="project", secretId=Trait())


class JobMember(Member):
    """`cloudrunv2.JobIamMember`."""

    token = "gcp:cloudrunv2/jobIamMember:JobIamMember"  # noqa: S105 - a type token
    api = "run.v2"
    collection = "projects.locations.jobs"
    owner = "name"
    thing = "projects/{project}/locations/{location}/jobs/{name}"
    traits = inputs(replaces="condition location member project role", computed="location project", name=Trait())


class ServiceMember(Member):
    """`cloudrunv2.ServiceIamMember`."""

    token = "gcp:cloudrunv2/serviceIamMember:ServiceIamMember"  # noqa: S105 - a type token
    api = "run.v2"
    collection = "projects.locations.services"
    owner = "name"
    thing = "projects/{project}/locations/{location}/services/{name}"
    traits = inputs(replaces="condition location member project role", computed="location project", name=Trait())


class RepositoryMember(Member):
    """`artifactregistry.RepositoryIamMember`."""

    token = "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember"  # noqa: S105 - a type token
    api = "artifactregistry.v1"
    collection = "projects.locations.repositories"
    owner = "repository"
    thing = "projects/{project}/locations/{location}/repositories/{repository}"
    traits = inputs(replaces="condition location member project role", computed="location project", repository=Trait())


class BucketMember(Member):
    """`storage.BucketIAMMember`."""

    token = "gcp:storage/bucketIAMMember:BucketIAMMember"  # noqa: S105 - a type token
    api = "storage.v1"
    collection = "buckets"
    owner = "bucket"
    member_of = "bucket"
    thing = "{bucket}"
    sent_inside = False
    traits = inputs(replaces="condition member role", bucket=Trait())


class AccountMember(Member):
    """`serviceaccount.IAMMember`: who may act as an account."""

    token = "gcp:serviceaccount/iAMMember:IAMMember"  # noqa: S105 - a type token
    api = "iam.v1"
    collection = "projects.serviceAccounts"
    owner = "serviceAccountId"
    thing = "{serviceAccountId}"
    traits = inputs(replaces="condition member role", serviceAccountId=Trait())


class ProjectMember(Member):
    """`projects.IAMMember`."""

    token = "gcp:projects/iAMMember:IAMMember"  # noqa: S105 - a type token
    api = "cloudresourcemanager.v1"
    collection = "projects"
    owner = "project"
    thing = "{project}"
    traits = inputs(replaces="condition member role", project=Trait())


def _line(known: Properties) -> Policy:
    condition = {"condition": known["condition"]} if known.get("condition") else {}
    return {"role": known["role"], "members": [known["member"]], **condition}


def _alike(one: Policy, other: Policy) -> bool:
    return one["role"] == other["role"] and one.get("condition") == other.get("condition")


def _has(policy: Policy, known: Properties) -> bool:
    line = _line(known)
    return any(_alike(each, line) and known["member"] in each["members"] for each in policy.get("bindings") or ())


def _added(policy: Policy, known: Properties) -> Policy:
    if _has(policy, known):
        return policy
    line, bindings = _line(known), list(policy.get("bindings") or ())
    same = [each for each in bindings if _alike(each, line)]
    if not same:
        return {**policy, "bindings": [*bindings, line]}
    whole = {**same[0], "members": [*same[0]["members"], known["member"]]}
    return {**policy, "bindings": [whole if each is same[0] else each for each in bindings]}


def _removed(policy: Policy, known: Properties) -> Policy:
    line = _line(known)
    left = [
        {**each, "members": [one for one in each["members"] if one != known["member"]]} if _alike(each, line) else each
        for each in policy.get("bindings") or ()
    ]
    return {**policy, "bindings": [each for each in left if each["members"]]}
