"""Function calls: after the data sources of terraform-provider-aws."""

import base64
from collections.abc import Mapping
from typing import Any, Final

from standins.resource import Call, StandinError
from standins.server import Invoke
from standins.values import Properties

_USER: Final = "AWS"


def _caller(call: Call, _given: Properties) -> Properties:
    found = call.client.send("sts", "GetCallerIdentity", {})
    return {"accountId": found["Account"], "arn": found["Arn"], "userId": found["UserId"], "id": found["Account"]}


def _region(call: Call, _given: Properties) -> Properties:
    region = call.client.region
    return {"id": region, "name": region, "region": region, "description": region}


def _partition(_call: Call, _given: Properties) -> Properties:
    return {"id": "aws", "partition": "aws", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws"}


def _one(rows: list[Properties], what: str) -> Properties:
    if len(rows) != 1:
        raise StandinError(f"{len(rows)} {what} match, and one is wanted; ask for it by its ID")
    return rows[0]


def _filters(given: Properties) -> list[Properties]:
    return [{"Name": each["name"], "Values": each["values"]} for each in given.get("filters") or ()]


def _vpc(call: Call, given: Properties) -> Properties:
    asked: dict[str, Any] = {"VpcIds": [given["id"]]} if given.get("id") else {"Filters": _filters(given)}
    if given.get("default"):
        asked = {"Filters": [*_filters(given), {"Name": "is-default", "Values": ["true"]}]}
    found = _one(call.client.send("ec2", "DescribeVpcs", asked)["Vpcs"], "networks")
    return {"id": found["VpcId"], "cidrBlock": found["CidrBlock"], "default": found.get("IsDefault", False)}


def _subnets(call: Call, given: Properties) -> Properties:
    found = call.client.send("ec2", "DescribeSubnets", {"Filters": _filters(given)})["Subnets"]
    return {"id": call.client.region, "ids": sorted(each["SubnetId"] for each in found)}


def _subnet(call: Call, given: Properties) -> Properties:
    asked: dict[str, Any] = {"SubnetIds": [given["id"]]} if given.get("id") else {"Filters": _filters(given)}
    found = _one(call.client.send("ec2", "DescribeSubnets", asked)["Subnets"], "subnets")
    return {
        "id": found["SubnetId"],
        "availabilityZone": found["AvailabilityZone"],
        "cidrBlock": found["CidrBlock"],
        "vpcId": found["VpcId"],
    }


def _zone(call: Call, given: Properties) -> Properties:
    name = f"{str(given.get('name', '')).rstrip('.')}."
    zones = call.client.send("route53", "ListHostedZonesByName", {"DNSName": name})["HostedZones"]
    wanted = [each for each in zones if each["Name"] == name and not each.get("Config", {}).get("PrivateZone")]
    found = _one(wanted, f"hosted zones of {name}")
    return {"id": found["Id"].rpartition("/")[2], "zoneId": found["Id"].rpartition("/")[2], "name": name.rstrip(".")}


def _service(call: Call, given: Properties) -> Properties:
    asked = {"cluster": given["clusterArn"], "services": [given["serviceName"]]}
    found = _one(call.client.send("ecs", "DescribeServices", asked)["services"], "services")
    return {
        "id": found["serviceArn"],
        "arn": found["serviceArn"],
        "clusterArn": found["clusterArn"],
        "desiredCount": found["desiredCount"],
        "launchType": found.get("launchType", ""),
        "schedulingStrategy": found.get("schedulingStrategy", "REPLICA"),
        "serviceName": found["serviceName"],
        "taskDefinition": found["taskDefinition"],
    }


def _token(call: Call, given: Properties) -> Properties:
    asked = {"registryIds": [given["registryId"]]} if given.get("registryId") else {}
    found = call.client.send("ecr", "GetAuthorizationToken", asked)["authorizationData"][0]
    user, _, password = base64.b64decode(found["authorizationToken"]).decode().partition(":")
    return {
        "id": call.client.region,
        "authorizationToken": found["authorizationToken"],
        "expiresAt": str(found["expiresAt"]),
        "password": password,
        "proxyEndpoint": found["proxyEndpoint"],
        "userName": user or _USER,
    }


INVOKES: Final[Mapping[str, Invoke]] = {
    "aws:ec2/getSubnet:getSubnet": _subnet,
    "aws:ec2/getSubnets:getSubnets": _subnets,
    "aws:ec2/getVpc:getVpc": _vpc,
    "aws:ecr/getAuthorizationToken:getAuthorizationToken": _token,
    "aws:ecs/getService:getService": _service,
    "aws:index/getCallerIdentity:getCallerIdentity": _caller,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getRegion:getRegion": _region,
    "aws:route53/getZone:getZone": _zone,
}
"""Token -> what answers it."""
