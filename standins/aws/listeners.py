"""Listeners, their rules and certificates: after `internal/service/elbv2/listener*.go` of terraform-provider-aws."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Final

from standins.aws.kind import Act, Kind, Look, Request
from standins.resource import Call
from standins.tables import inputs
from standins.traits import Trait
from standins.values import UNKNOWN, Properties, Value

_ACTIONS: Final = {
    name + part: api
    for name in ("defaultActions", "actions")
    for part, api in {
        ".fixedResponse": "FixedResponseConfig",
        ".forward": "ForwardConfig",
        ".redirect": "RedirectConfig",
    }.items()
}
_CONDITIONS: Final = {
    "hostHeader": ("host-header", "HostHeaderConfig"),
    "httpHeader": ("http-header", "HttpHeaderConfig"),
    "pathPattern": ("path-pattern", "PathPatternConfig"),
    "sourceIp": ("source-ip", "SourceIpConfig"),
}
"""Part of a condition -> the API's field and member."""


class Listener(Kind):
    """`lb.Listener`."""

    token = "aws:lb/listener:Listener"  # noqa: S105 - a type token
    service = "elbv2"
    autonamed = False
    creates = "CreateListener"
    identity = "Listeners[0].ListenerArn"
    look = Look("DescribeListeners", "ListenerArns", "Listeners[0]")
    updates = Act("ModifyListener", "ListenerArn")
    removes = Act("DeleteListener", "ListenerArn")
    spelled: ClassVar = _ACTIONS
    apart = frozenset({"certificateArn"})
    traits = inputs(
        in_place="certificateArn defaultActions port protocol sslPolicy tags",
        replaces="loadBalancerArn",
        computed="protocol sslPolicy",
        loadBalancerArn=Trait(),
    )
    outputs: ClassVar = {"arn": "ListenerArn", "sslPolicy": "SslPolicy", "protocol": "Protocol"}

    def requests(self, inputs: Properties) -> Iterator[Request]:
        """See `Kind`."""
        for request in super().requests(inputs):
            yield Request(request.service, request.operation, {**request.given, **_certificate(inputs)})

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:
        """See `Kind`."""
        if inputs.get("protocol") in ("HTTPS", "TLS") and inputs.get("certificateArn") is None:
            yield "certificateArn", f"is required with {inputs['protocol']}"

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:  # noqa: ARG002
        """See `Kind`."""
        given = self.body("ModifyListener", inputs, skip={"certificateArn", "loadBalancerArn", "tags"})
        self._sent(call, Request("elbv2", "ModifyListener", {**given, **_certificate(inputs), "ListenerArn": identity}))


def _certificate(inputs: Properties) -> Properties:
    arn = inputs.get("certificateArn")
    return {} if arn is None else {"Certificates": [{"CertificateArn": arn}]}


class ListenerRule(Kind):
    """`lb.ListenerRule`."""

    token = "aws:lb/listenerRule:ListenerRule"  # noqa: S105 - a type token
    service = "elbv2"
    autonamed = False
    creates = "CreateRule"
    identity = "Rules[0].RuleArn"
    look = Look("DescribeRules", "RuleArns", "Rules[0]")
    updates = Act("ModifyRule", "RuleArn")
    removes = Act("DeleteRule", "RuleArn")
    spelled: ClassVar = _ACTIONS
    apart = frozenset({"conditions"})
    traits = inputs(
        in_place="actions conditions priority tags",
        replaces="listenerArn",
        unordered="conditions",
        listenerArn=Trait(),
    )
    outputs: ClassVar = {"arn": "RuleArn"}

    def requests(self, inputs: Properties) -> Iterator[Request]:
        """See `Kind`."""
        for request in super().requests(inputs):
            given = {**request.given, "Conditions": _conditions(inputs)}
            yield Request(request.service, request.operation, given)

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:
        """See `Kind`."""
        if not inputs.get("conditions"):
            yield "conditions", "a rule has one at least"

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:  # noqa: ARG002
        """See `Kind`."""
        if changed & {"actions", "conditions"}:
            given = self.body("ModifyRule", inputs, skip={"conditions", "listenerArn", "priority", "tags"})
            whole = {**given, "Conditions": _conditions(inputs), "RuleArn": identity}
            self._sent(call, Request("elbv2", "ModifyRule", whole))
        if "priority" in changed:
            rows = [{"RuleArn": identity, "Priority": inputs["priority"]}]
            self._sent(call, Request("elbv2", "SetRulePriorities", {"RulePriorities": rows}))


def _conditions(inputs: Properties) -> Value:
    if inputs.get("conditions") is UNKNOWN:
        return UNKNOWN
    found: list[Properties] = []
    for each in inputs.get("conditions") or ():
        if not isinstance(each, Mapping):
            continue
        for own, (field, member) in _CONDITIONS.items():
            config: Any = each.get(own)
            if isinstance(config, Mapping):
                inside = {f"{name[0].upper()}{name[1:]}": value for name, value in config.items() if value is not None}
                found.append({"Field": field, member: inside})
    return found


class ListenerCertificate(Kind):
    """`lb.ListenerCertificate`: one more beside the listener's own."""

    token = "aws:lb/listenerCertificate:ListenerCertificate"  # noqa: S105 - a type token
    service = "elbv2"
    autonamed = False
    creates = "AddListenerCertificates"
    identity = "join('_', [input.listenerArn, input.certificateArn])"
    look = Look("DescribeListenerCertificates", "ListenerArn", "@")
    removes = Act("RemoveListenerCertificates", "ListenerArn")
    traits = inputs(replaces="listenerArn certificateArn", listenerArn=Trait(), certificateArn=Trait())

    def requests(self, inputs: Properties) -> Iterator[Request]:
        """See `Kind`."""
        given = {"ListenerArn": inputs.get("listenerArn"), **_certificate(inputs)}
        yield Request("elbv2", self.creates, given)

    def addressed(self, act: Act | Look, identity: str, known: Properties) -> Properties:  # noqa: ARG002
        """See `Kind`."""
        listener, _, certificate = identity.partition("_")
        more = {} if isinstance(act, Look) else {"Certificates": [{"CertificateArn": certificate}]}
        return {"ListenerArn": listener, **more}

    def found(self, cloud: Any, identity: str, known: Properties) -> Properties | None:
        """See `Kind`."""
        answer = cloud.find("elbv2", self.look.operation, self.addressed(self.look, identity, known)) or {}
        arn = identity.partition("_")[2]
        return next((each for each in answer.get("Certificates", ()) if each["CertificateArn"] == arn), None)
