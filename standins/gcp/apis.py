"""APIs of a project: after `resource_google_project_service.go` of magic-modules."""

from typing import ClassVar

from standins.gcp.cloud import Cloud
from standins.gcp.kind import Kind
from standins.resource import Call
from standins.tables import inputs, longest
from standins.traits import Trait
from standins.values import Properties


class Service(Kind):
    """`projects.Service`: one API, on or off."""

    token = "gcp:projects/service:Service"  # noqa: S105 - a type token
    api = "serviceusage.v1"
    collection = "services"
    autonamed = False
    identity = "{project}/{service}"
    places: ClassVar = {"name": "projects/{project}/services/{service}"}
    creates = "enable"
    removes = "disable"
    apart = frozenset({"checkIfServiceHasUsageOnDestroy", "disableDependentServices", "disableOnDestroy", "service"})
    traits = inputs(
        in_place="checkIfServiceHasUsageOnDestroy disableDependentServices disableOnDestroy",
        replaces="project",
        computed="project",
        service=Trait(rule=longest(253, r"[a-z0-9-]+(\.[a-z0-9-]+)+")),
    )

    def content(self, method: str, inputs: Properties) -> Properties:
        """Only turning it off has more to say."""
        if method != self.removes:
            return {}
        check = "CHECK" if inputs.get("checkIfServiceHasUsageOnDestroy") else "SKIP"
        also = bool(inputs.get("disableDependentServices"))
        return {"disableDependentServices": also, "checkIfServiceHasUsage": check}

    def found(self, cloud: Cloud, known: Properties) -> Properties | None:
        """One that is off is gone."""
        found = super().found(cloud, known)
        return found if found and found.get("state") == "ENABLED" else None

    def remove(self, call: Call, known: Properties) -> None:
        """It stays on unless the program says otherwise."""
        if known.get("disableOnDestroy"):
            self.done(call, self.request(self.removes, known, self.content(self.removes, known)), "Disabling Service")

    def change(self, call: Call, known: Properties, changed: set[str]) -> None:
        """None of it is told to Google before the end."""

    def mirror(self, found: Properties, known: Properties) -> Properties:  # noqa: ARG002
        """See `Kind`."""
        return self.as_asked(known)


class ServiceIdentity(Kind):
    """`projects.ServiceIdentity`: the account by which an API of Google's acts in a project; it is never removed."""

    token = "gcp:projects/serviceIdentity:ServiceIdentity"  # noqa: S105 - a type token
    api = "serviceusage.v1beta1"
    collection = "services"
    autonamed = False
    importable = False
    identity = "projects/{project}/services/{service}"
    places: ClassVar = {"parent": "{id}"}
    creates = "generateServiceIdentity"
    apart = frozenset({"service"})
    traits = inputs(replaces="project service", computed="project")
    outputs: ClassVar = {"email": "email", "member": "member"}

    def content(self, method: str, inputs: Properties) -> Properties:  # noqa: ARG002
        """Nothing goes in."""
        return {}

    def settle(self, call: Call, known: Properties, answer: Properties) -> None:  # noqa: ARG002
        """There is no way to ask for it later."""
        email = answer.get("email") or ""
        known |= {"email": email, "member": f"serviceAccount:{email}" if email else ""}

    def found(self, cloud: Cloud, known: Properties) -> Properties | None:  # noqa: ARG002
        """See `settle`."""
        return known

    def remove(self, call: Call, known: Properties) -> None:
        """There is no way to."""

    def mirror(self, found: Properties, known: Properties) -> Properties:  # noqa: ARG002
        """See `Kind`."""
        return self.as_asked(known)
