"""Service accounts: after `resource_google_service_account.go` of magic-modules.

The official plugin waits 10 s more after one was made, until all of Google knows it; here nothing has to.
"""

from typing import ClassVar, Final

from standins.gcp.kind import Kind
from standins.resource import Call
from standins.tables import inputs, longest
from standins.traits import Trait
from standins.values import Properties

_MEMBERS: Final = ("displayName", "description")


class Account(Kind):
    """`serviceaccount.Account`."""

    token = "gcp:serviceaccount/account:Account"  # noqa: S105 - a type token
    api = "iam.v1"
    collection = "projects.serviceAccounts"
    identity = "projects/{project}/serviceAccounts/{accountId}@{project}.iam.gserviceaccount.com"
    name_input = "accountId"
    places: ClassVar = {"create.name": "projects/{project}", "name": "{id}"}
    apart = frozenset({"accountId", "createIgnoreAlreadyExists", "disabled"})
    traits = inputs(
        in_place="createIgnoreAlreadyExists displayName",
        replaces="project",
        computed="project",
        accountId=Trait(computed=True, rule=longest(30, r"[a-z][-a-z0-9]{4,28}[a-z0-9]")),
        description=Trait(in_place=True, rule=longest(256)),
        disabled=Trait(default=False, in_place=True),
    )
    outputs: ClassVar = {
        "email": "email",
        "member": "join(':', ['serviceAccount', email])",
        "name": "name",
        "uniqueId": "uniqueId",
    }

    def content(self, method: str, inputs: Properties) -> Properties:
        """The account is in a member of its own."""
        account = {name: inputs[name] for name in _MEMBERS if inputs.get(name)}
        return {"serviceAccount": account, **({"accountId": inputs.get("accountId")} if method == self.creates else {})}

    def settle(self, call: Call, known: Properties, answer: Properties) -> None:  # noqa: ARG002
        """See `Kind`."""
        if known.get("disabled"):
            self._switch(call, known)

    def change(self, call: Call, known: Properties, changed: set[str]) -> None:
        """See `Kind`."""
        if "disabled" in changed:
            self._switch(call, known)
        named = sorted(changed.intersection(_MEMBERS))
        if named:
            given = {"serviceAccount": {name: known.get(name, "") for name in named}, "updateMask": ",".join(named)}
            self.done(call, self.request(self.updates, known, given), "Updating Service Account")

    def _switch(self, call: Call, known: Properties) -> None:
        call.client.send(self.request("disable" if known.get("disabled") else "enable", known, {}))

    def mirror(self, found: Properties, known: Properties) -> Properties:
        """See `Kind`."""
        read = {name: found.get(name) for name in (*_MEMBERS, "disabled")}
        own = {
            "accountId": str(found["email"]).partition("@")[0],
            "project": found.get("projectId") or known["project"],
        }
        return {**own, **{name: value for name, value in read.items() if value}}
