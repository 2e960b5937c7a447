"""What AWS would compute for a cluster's stack, under Pulumi mocks."""

from typing import Any

from pulumi.runtime import mocks

from components.testing import Outputs

ACCOUNT, REGION = "111122223333", "eu-central-1"
DEFAULT_VPC = {"id": "vpc-default", "cidrBlock": "172.31.0.0/16"}
ZONES = {"subnet-1": "eu-central-1a", "subnet-2": "eu-central-1b"}
"""Of the default VPC's subnets."""
IDS = {"SecurityGroup": "sg", "Vpc": "vpc"}
"""Kind -> what its IDs begin with."""
SERVICES = {"lb": "elasticloadbalancing"}
"""Where an ARN has another word than the SDK."""


class AwsOutputs(Outputs):
    """Answers as AWS gives them."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        made, outputs = super().new_resource(args)
        service, kind = args.typ.split(":")[1].split("/")[0], args.typ.rpartition(":")[2]
        if kind in IDS:
            made = f"{IDS[kind]}-{args.name.replace('-', '')}"
        name = f"cluster/{args.name}" if kind == "Cluster" else args.name
        computed: dict[str, Any] = {"arn": f"arn:aws:{SERVICES.get(service, service)}:{REGION}:{ACCOUNT}:{name}"}
        if kind == "LoadBalancer":
            computed |= {"dnsName": f"{args.name}.elb.example", "zoneId": "ZELB"}
        if kind == "Zone":
            computed |= {"zoneId": "ZNEW"}
        if args.typ == "aws:eks/cluster:Cluster":
            computed |= {"endpoint": "https://eks.example", "certificateAuthority": {"data": "QQ=="}}
        if kind == "LaunchTemplate":
            computed["latestVersion"] = 1
        if kind == "Certificate":
            computed["domainValidationOptions"] = self._proofs(args.inputs)
        if kind == "Key":
            computed["keyId"] = "key-1"
        if kind == "Record":
            computed["fqdn"] = args.inputs["name"]
        return made, {**outputs, **computed}

    def _proofs(self, inputs: dict[str, Any]) -> Any:
        domains = [inputs["domainName"], *inputs.get("subjectAlternativeNames", [])]
        return [
            {
                "domainName": domain,
                "resourceRecordName": f"_proof.{domain.removeprefix('*.')}",
                "resourceRecordType": "CNAME",
                "resourceRecordValue": f"{domain.removeprefix('*.')}.acm.example",
            }
            for domain in domains
        ]

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        answers = {
            "aws:ec2/getVpc:getVpc": DEFAULT_VPC,
            "aws:ec2/getSubnets:getSubnets": {"ids": list(ZONES)},
            "aws:ec2/getSubnet:getSubnet": {
                "id": args.args.get("id"),
                "availabilityZone": ZONES.get(args.args.get("id", "")),
            },
            "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ACCOUNT},
            "aws:route53/getZone:getZone": {"zoneId": "ZOLD", "name": args.args.get("name")},
        }
        return (answers[args.token], []) if args.token in answers else super().call(args)
