"""Cloud Map: after `internal/service/servicediscovery/*.go` of terraform-provider-aws."""

from collections.abc import Iterator
from typing import Any, ClassVar

from standins.aws.kind import Act, Kind, Look, Request
from standins.resource import Call
from standins.tables import inputs, longest
from standins.traits import Trait
from standins.values import Properties


class Operated(Kind):
    """A kind whose calls are begun, and done when their operation is."""

    service = "servicediscovery"

    def done(self, call: Call, operation: str) -> Properties:
        """Wait until an operation is over; what it was about.

        Raises:
            CloudError: it failed.
        """
        while True:
            given = {"OperationId": operation}
            found = call.client.send("servicediscovery", "GetOperation", given)["Operation"]
            if found["Status"] in ("SUCCESS", "FAIL"):
                return dict(found.get("Targets") or {})
            call.sleep(0.5)


class PrivateDnsNamespace(Operated):
    """`servicediscovery.PrivateDnsNamespace`."""

    token = "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace"  # noqa: S105 - a type token
    creates = "CreatePrivateDnsNamespace"
    identity = "OperationId"
    look = Look("GetNamespace", "Id", "Namespace")
    removes = Act("DeleteNamespace", "Id")
    traits = inputs(
        in_place="description tags",
        replaces="name vpc",
        name=Trait(rule=longest(253)),
        vpc=Trait(),
    )
    outputs: ClassVar = {"arn": "Arn", "hostedZone": "Properties.DnsProperties.HostedZoneId"}

    def create(self, call: Call, inputs: Properties) -> Any:
        """See `Resource`."""
        tags = self.tags(call.client, inputs)
        request = next(iter(self.requests({**inputs, **({"tags": tags} if tags else {})})))
        identity = self.done(call, self._sent(call, request)["OperationId"])["NAMESPACE"]
        return self.state(call, identity, inputs)

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:  # noqa: ARG002
        """Its description."""
        namespace = {"Description": inputs.get("description") or ""}
        request = Request("servicediscovery", "UpdatePrivateDnsNamespace", {"Id": identity, "Namespace": namespace})
        self.done(call, self._sent(call, request)["OperationId"])

    def delete(self, call: Call, identity: str, known: Properties) -> None:
        """See `Resource`."""
        if self.found(call.client, identity, known) is not None:
            answer = self._sent(call, Request("servicediscovery", "DeleteNamespace", {"Id": identity}))
            self.done(call, answer["OperationId"])


class Service(Kind):
    """`servicediscovery.Service`: a name within a namespace."""

    token = "aws:servicediscovery/service:Service"  # noqa: S105 - a type token
    service = "servicediscovery"
    creates = "CreateService"
    identity = "Service.Id"
    look = Look("GetService", "Id", "Service")
    removes = Act("DeleteService", "Id")
    apart = frozenset({"forceDestroy"})
    traits = inputs(
        in_place="description forceDestroy tags",
        replaces="healthCheckCustomConfig name namespaceId type",
        computed="namespaceId type",
        name=Trait(rule=longest(127)),
        dnsConfig=Trait(
            in_place=True,
            fields={
                "dnsRecords": Trait(in_place=True),
                "namespaceId": Trait(),
                "routingPolicy": Trait(default="MULTIVALUE"),
            },
        ),
    )
    outputs: ClassVar = {"arn": "Arn", "name": "Name", "namespaceId": "NamespaceId"}

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:  # noqa: ARG002
        """Its records can change, and not where they are."""
        if not changed & {"description", "dnsConfig"}:
            return
        config = inputs.get("dnsConfig") or {}
        records = [
            {f"{name[0].upper()}{name[1:]}": value if name == "type" else int(value) for name, value in each.items()}
            for each in config.get("dnsRecords") or ()
        ]
        for each in records:
            each["TTL"] = each.pop("Ttl")
        given = {"Id": identity, "Service": {"DnsConfig": {"DnsRecords": records}}}
        self._sent(call, Request("servicediscovery", "UpdateService", given))

    def delete(self, call: Call, identity: str, known: Properties) -> None:
        """See `Resource`."""
        if known.get("forceDestroy"):
            found = call.client.find("servicediscovery", "ListInstances", {"ServiceId": identity}) or {}
            for each in found.get("Instances", ()):
                given = {"ServiceId": identity, "InstanceId": each["Id"]}
                self._sent(call, Request("servicediscovery", "DeregisterInstance", given))
        super().delete(call, identity, known)


class Instance(Operated):
    """`servicediscovery.Instance`."""

    token = "aws:servicediscovery/instance:Instance"  # noqa: S105 - a type token
    autonamed = False
    creates = "RegisterInstance"
    identity = "input.instanceId"
    look = Look("GetInstance", "InstanceId", "Instance")
    removes = Act("DeregisterInstance", "InstanceId")
    traits = inputs(in_place="attributes", replaces="instanceId serviceId", instanceId=Trait(), serviceId=Trait())

    def requests(self, inputs: Properties) -> Iterator[Request]:
        """See `Kind`."""
        names = ("serviceId", "instanceId", "attributes")
        given = {f"{name[0].upper()}{name[1:]}": inputs.get(name) for name in names}
        yield Request("servicediscovery", self.creates, given)

    def addressed(self, act: Act | Look, identity: str, known: Properties) -> Properties:  # noqa: ARG002
        """See `Kind`."""
        return {"ServiceId": known["serviceId"], "InstanceId": identity}

    def settle(self, call: Call, identity: str, inputs: Properties, answer: Properties) -> None:  # noqa: ARG002
        """See `Kind`."""
        self.done(call, answer["OperationId"])

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:  # noqa: ARG002
        """Registered once more, under the same name."""
        for request in self.requests(inputs):
            self.done(call, self._sent(call, request)["OperationId"])
