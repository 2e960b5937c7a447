"""Cloud SQL: after `mmv1/third_party/terraform/services/sql` and `mmv1/products/sql` of magic-modules."""

from collections.abc import Iterable, Mapping
from typing import ClassVar, Final

from standins.gcp.cloud import Cloud, Request
from standins.gcp.kind import Kind
from standins.resource import Call
from standins.tables import inputs, longest
from standins.traits import Trait
from standins.values import Properties, Value

_API: Final = "sqladmin.v1"
_PRIVATE: Final = ("privateNetwork", "pscConfigs")


class Instance(Kind):
    """`sql.DatabaseInstance`."""

    token = "gcp:sql/databaseInstance:DatabaseInstance"  # noqa: S105 - a type token
    api = _API
    collection = "instances"
    creates = "insert"
    identity = "{name}"
    places: ClassVar = {"instance": "{name}"}
    updates = "update"
    stays = True
    inside: ClassVar = {"encryptionKeyName": "diskEncryptionConfiguration.kmsKeyName"}
    spelled: ClassVar = {
        "settings.diskAutoresize": "storageAutoResize",
        "settings.diskAutoresizeLimit": "storageAutoResizeLimit",
        "settings.diskSize": "dataDiskSizeGb",
        "settings.diskType": "dataDiskType",
        "settings.version": "settingsVersion",
        "settings.connectionPoolConfigs": "connectionPoolConfig",
    }
    traits = inputs(
        in_place="databaseVersion maintenanceVersion rootPassword",
        replaces="encryptionKeyName masterInstanceName project region",
        computed="encryptionKeyName maintenanceVersion project region",
        deletionProtection=Trait(default=True, in_place=True),
        name=Trait(computed=True, rule=longest(98, r"[a-z]([-a-z0-9]*[a-z0-9])?")),
        settings=Trait(
            in_place=True,
            computed=True,
            fields={
                "activationPolicy": Trait(default="ALWAYS", in_place=True),
                "availabilityType": Trait(default="ZONAL", in_place=True),
                "backupConfiguration": Trait(in_place=True, computed=True),
                "collation": Trait(),
                "databaseFlags": Trait(in_place=True, unordered=True),
                "diskAutoresize": Trait(default=True, in_place=True),
                "diskSize": Trait(in_place=True, computed=True),
                "diskType": Trait(computed=True),
                "edition": Trait(in_place=True, computed=True),
                "ipConfiguration": Trait(in_place=True, computed=True),
                "locationPreference": Trait(in_place=True, computed=True),
                "pricingPlan": Trait(default="PER_USE", in_place=True),
                "timeZone": Trait(),
                "userLabels": Trait(in_place=True, computed=True),
                "version": Trait(in_place=True, computed=True),
            },
        ),
    )
    outputs: ClassVar = {
        "connectionName": "connectionName",
        "firstIpAddress": "ipAddresses[0].ipAddress",
        "privateIpAddress": "ipAddresses[?type=='PRIVATE']|[0].ipAddress",
        "publicIpAddress": "ipAddresses[?type=='PRIMARY']|[0].ipAddress",
        "selfLink": "selfLink",
        "serviceAccountEmailAddress": "serviceAccountEmailAddress",
        "ipAddresses": "ipAddresses",
        "serverCaCerts": "[serverCaCert]",
    }

    def content(self, method: str, inputs: Properties) -> Properties:
        """The region is no part of the path, as it is of other kinds'."""
        made = super().content(method, inputs)
        return {**made, "region": inputs["region"]} if inputs.get("region") else made

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:
        """See `Kind`."""
        settings = inputs.get("settings")
        if not isinstance(settings, dict):
            return
        ips = settings.get("ipConfiguration")
        if isinstance(ips, dict) and ips.get("ipv4Enabled") is False and not any(map(ips.get, _PRIVATE)):
            yield "settings.ipConfiguration", "has neither a public address nor privateNetwork"
        yield from _backup(settings.get("backupConfiguration"), str(inputs.get("databaseVersion")))

    def change(self, call: Call, known: Properties, changed: set[str]) -> None:
        """The whole instance, with the version of the settings that are there; the root password is a user's."""
        if changed & {"databaseVersion", "maintenanceVersion", "settings"}:
            found = self.found(call.client, known) or {}
            given = self.content(self.updates, {name: v for name, v in known.items() if name != "rootPassword"})
            version = (found.get("settings") or {}).get("settingsVersion")
            settings = {**given["settings"], **({"settingsVersion": version} if version else {})}
            self.done(call, self.request(self.updates, known, {**given, "settings": settings}), "Update Instance")
        if "rootPassword" in changed:
            who = {"name": "postgres"} if _is_postgres(known) else {"name": "root", "host": "%"}
            place = {"project": known["project"], "instance": known["name"], **who}
            given = {"name": who["name"], "password": known.get("rootPassword")}
            self.done(call, Request(_API, "users.update", place, given), "Update User")

    def mirror(self, found: Properties, known: Properties) -> Properties:
        """See `Kind`; a password is not read back."""
        kept = {"rootPassword": known["rootPassword"]} if known.get("rootPassword") is not None else {}
        return {**super().mirror(found, known), **kept, "region": found.get("region")}


class Database(Kind):
    """`sql.Database`: one database of an instance."""

    token = "gcp:sql/database:Database"  # noqa: S105 - a type token
    api = _API
    collection = "databases"
    creates = "insert"
    identity = "projects/{project}/instances/{instance}/databases/{name}"
    places: ClassVar = {"database": "{name}"}
    updates = "update"
    apart = frozenset({"instance"})
    traits = inputs(
        in_place="charset collation",
        replaces="instance project",
        computed="charset collation project",
        name=Trait(computed=True, rule=longest(128)),
    )
    outputs: ClassVar = {"selfLink": "selfLink"}


class User(Kind):
    """`sql.User`: who may log in."""

    token = "gcp:sql/user:User"  # noqa: S105 - a type token
    api = _API
    collection = "users"
    creates = "insert"
    identity = "{name}/{host}/{instance}"
    updates = "update"
    apart = frozenset({"instance"})
    traits = inputs(
        in_place="databaseRoles password passwordPolicy",
        replaces="host instance project type",
        computed="host project",
        name=Trait(computed=True, rule=longest(128)),
    )

    def found(self, cloud: Cloud, known: Properties) -> Properties | None:
        """One of the instance's users."""
        place = {"project": known["project"], "instance": known["instance"]}
        answer = cloud.find(Request(_API, "users.list", place)) or {}
        return next((each for each in answer.get("items") or () if _is(each, known)), None)

    def change(self, call: Call, known: Properties, changed: set[str]) -> None:  # noqa: ARG002
        """See `Kind`."""
        given = self.content(self.updates, known)
        self.done(call, self.request(self.updates, known, given, **_who(known)), "Insert User")

    def remove(self, call: Call, known: Properties) -> None:
        """See `Kind`."""
        self.done(call, self.request(self.removes, known, **_who(known)), "Delete User")

    def mirror(self, found: Properties, known: Properties) -> Properties:  # noqa: ARG002
        """See `Kind`; a password is not read back."""
        return self.as_asked(known)

    def _named(self, known: Properties) -> Properties:
        return super()._named({**known, "host": known.get("host") or ""})


def _is_postgres(known: Properties) -> bool:
    return str(known["databaseVersion"]).startswith("POSTGRES")


def _is(user: Mapping[str, Value], known: Properties) -> bool:
    return user.get("name") == known["name"] and (user.get("host") or "") == (known.get("host") or "")


def _who(known: Properties) -> Properties:
    return {"name": known["name"], **({"host": known["host"]} if known.get("host") else {})}


def _backup(backup: Value, version: str) -> Iterable[tuple[str, str]]:
    """https://cloud.google.com/sql/docs/postgres/admin-api/rest/v1/instances#backupconfiguration."""
    if not isinstance(backup, dict):
        return
    path = "settings.backupConfiguration"
    if backup.get("binaryLogEnabled") and not version.startswith("MYSQL"):
        yield f"{path}.binaryLogEnabled", "is for MySQL"
    if backup.get("pointInTimeRecoveryEnabled") and version.startswith("MYSQL"):
        yield f"{path}.pointInTimeRecoveryEnabled", "is not for MySQL, which has binaryLogEnabled"
    for name in ("binaryLogEnabled", "pointInTimeRecoveryEnabled"):
        if backup.get(name) and backup.get("enabled") is False:
            yield f"{path}.{name}", "wants enabled"
