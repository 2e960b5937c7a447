"""Tags in place: AWS has a pair of calls for them in every service, each with words of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from standins.aws import model
from standins.aws.cloud import Cloud
from standins.values import Properties


@dataclass(frozen=True, slots=True)
class Tagging:
    """How a service takes tags: the calls, and the members for what is tagged, for the tags and for what to untag."""

    tag: str
    untag: str
    what: str
    tags: str = "tags"
    keys: str = "tagKeys"


_RESOURCE: Final = Tagging("TagResource", "UntagResource", "resourceArn")

SERVICES: Final[Mapping[str, Tagging]] = {
    "acm": Tagging("AddTagsToCertificate", "RemoveTagsFromCertificate", "CertificateArn", "Tags", "Tags"),
    "application-autoscaling": Tagging("TagResource", "UntagResource", "ResourceARN", "Tags", "TagKeys"),
    "ec2": Tagging("CreateTags", "DeleteTags", "Resources", "Tags", "Tags"),
    "ecr": _RESOURCE,
    "ecs": _RESOURCE,
    "efs": Tagging("TagResource", "UntagResource", "ResourceId", "Tags", "TagKeys"),
    "elasticache": Tagging("AddTagsToResource", "RemoveTagsFromResource", "ResourceName", "Tags", "TagKeys"),
    "elbv2": Tagging("AddTags", "RemoveTags", "ResourceArns", "Tags", "TagKeys"),
    "iam": Tagging("TagRole", "UntagRole", "RoleName", "Tags", "TagKeys"),
    "kms": Tagging("TagResource", "UntagResource", "KeyId", "Tags", "TagKeys"),
    "lambda": Tagging("TagResource", "UntagResource", "Resource", "Tags", "TagKeys"),
    "logs": _RESOURCE,
    "rds": Tagging("AddTagsToResource", "RemoveTagsFromResource", "ResourceName", "Tags", "TagKeys"),
    "secretsmanager": Tagging("TagResource", "UntagResource", "SecretId", "Tags", "TagKeys"),
    "servicediscovery": Tagging("TagResource", "UntagResource", "ResourceARN", "Tags", "TagKeys"),
}


def retag(cloud: Cloud, service: str, what: str, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    """Give a thing the new tags instead of the old ones.

    Raises:
        CloudError: the API refuses.
    """
    way = SERVICES[service]
    gone = [key for key in old if key not in new]
    if gone:
        keys = [{"Key": key} for key in gone] if way.keys == way.tags else gone
        cloud.send(service, way.untag, _body(service, way.untag, {way.what: what, way.keys: keys}))
    if changed := {key: value for key, value in new.items() if old.get(key) != value}:
        cloud.send(service, way.tag, _body(service, way.tag, {way.what: what, way.tags: changed}))


def _body(service: str, operation: str, given: Properties) -> Properties:
    return model.body(model.operation(service, operation), given, {})
