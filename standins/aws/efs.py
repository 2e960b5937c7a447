"""File systems: after `internal/service/efs/*.go` of terraform-provider-aws."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

from standins.aws.documents import policy
from standins.aws.kind import Act, Kind, Look, Request
from standins.resource import Call
from standins.tables import inputs
from standins.traits import Trait
from standins.values import Properties


class Waited(Kind):
    """A kind whose state is waited for both ways."""

    service = "efs"
    autonamed = False

    def settle(self, call: Call, identity: str, inputs: Properties, answer: Properties) -> None:  # noqa: ARG002
        """See `Kind`."""
        self.until(call, identity, inputs, "LifeCycleState", "available")

    def leave(self, call: Call, identity: str, known: Properties) -> None:
        """See `Kind`."""
        self.until(call, identity, known, "LifeCycleState", None, "deleted")


class FileSystem(Waited):
    """`efs.FileSystem`."""

    token = "aws:efs/fileSystem:FileSystem"  # noqa: S105 - a type token
    creates = "CreateFileSystem"
    identity = "FileSystemId"
    look = Look("DescribeFileSystems", "FileSystemId", "FileSystems[0]")
    removes = Act("DeleteFileSystem", "FileSystemId")
    tagged_by = "id"
    traits = inputs(
        in_place="provisionedThroughputInMibps tags throughputMode",
        replaces="availabilityZoneName creationToken encrypted kmsKeyId performanceMode",
        computed="availabilityZoneName creationToken encrypted kmsKeyId performanceMode",
        throughputMode=Trait(default="bursting", in_place=True),
    )
    outputs: ClassVar = {
        "arn": "FileSystemArn",
        "creationToken": "CreationToken",
        "kmsKeyId": "KmsKeyId",
        "name": "Name",
        "ownerId": "OwnerId",
    }

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:  # noqa: ARG002
        """See `Kind`."""
        given = {"FileSystemId": identity, "ThroughputMode": inputs["throughputMode"]}
        if inputs["throughputMode"] == "provisioned":
            given["ProvisionedThroughputInMibps"] = inputs.get("provisionedThroughputInMibps")
        self._sent(call, Request("efs", "UpdateFileSystem", given))


class MountTarget(Waited):
    """`efs.MountTarget`."""

    token = "aws:efs/mountTarget:MountTarget"  # noqa: S105 - a type token
    creates = "CreateMountTarget"
    identity = "MountTargetId"
    look = Look("DescribeMountTargets", "MountTargetId", "MountTargets[0]")
    removes = Act("DeleteMountTarget", "MountTargetId")
    traits = inputs(
        in_place="securityGroups",
        replaces="fileSystemId ipAddress subnetId",
        computed="ipAddress securityGroups",
        unordered="securityGroups",
        fileSystemId=Trait(),
        subnetId=Trait(),
    )
    outputs: ClassVar = {"networkInterfaceId": "NetworkInterfaceId", "ipAddress": "IpAddress"}

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:  # noqa: ARG002
        """See `Kind`."""
        given = {"MountTargetId": identity, "SecurityGroups": inputs.get("securityGroups") or []}
        self._sent(call, Request("efs", "ModifyMountTargetSecurityGroups", given))


class AccessPoint(Waited):
    """`efs.AccessPoint`."""

    token = "aws:efs/accessPoint:AccessPoint"  # noqa: S105 - a type token
    creates = "CreateAccessPoint"
    identity = "AccessPointId"
    look = Look("DescribeAccessPoints", "AccessPointId", "AccessPoints[0]")
    removes = Act("DeleteAccessPoint", "AccessPointId")
    tagged_by = "id"
    traits = inputs(
        in_place="tags",
        replaces="fileSystemId posixUser rootDirectory",
        computed="rootDirectory",
        fileSystemId=Trait(),
    )
    outputs: ClassVar = {"arn": "AccessPointArn", "ownerId": "OwnerId"}


class FileSystemPolicy(Kind):
    """`efs.FileSystemPolicy`."""

    token = "aws:efs/fileSystemPolicy:FileSystemPolicy"  # noqa: S105 - a type token
    service = "efs"
    autonamed = False
    creates = "PutFileSystemPolicy"
    identity = "input.fileSystemId"
    look = Look("DescribeFileSystemPolicy", "FileSystemId", "@")
    removes = Act("DeleteFileSystemPolicy", "FileSystemId")
    traits = inputs(
        in_place="bypassPolicyLockoutSafetyCheck",
        replaces="fileSystemId",
        fileSystemId=Trait(),
        policy=policy(principal=True, resource=None),
    )

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:  # noqa: ARG002
        """See `Kind`."""
        for request in self.requests(inputs):
            self._sent(call, request)


class BackupPolicy(Kind):
    """`efs.BackupPolicy`."""

    token = "aws:efs/backupPolicy:BackupPolicy"  # noqa: S105 - a type token
    service = "efs"
    autonamed = False
    creates = "PutBackupPolicy"
    identity = "input.fileSystemId"
    look = Look("DescribeBackupPolicy", "FileSystemId", "BackupPolicy")
    traits = inputs(
        in_place="backupPolicy", replaces="fileSystemId", fileSystemId=Trait(), backupPolicy=Trait(in_place=True)
    )

    def requests(self, inputs: Properties) -> Iterator[Request]:
        """See `Kind`."""
        asked = inputs.get("backupPolicy")
        status = {"Status": asked.get("status")} if isinstance(asked, Mapping) else asked
        yield Request("efs", self.creates, {"FileSystemId": inputs.get("fileSystemId"), "BackupPolicy": status})

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:  # noqa: ARG002
        """See `Kind`."""
        for request in self.requests(inputs):
            self._sent(call, request)

    def delete(self, call: Call, identity: str, known: Properties) -> None:  # noqa: ARG002
        """See `Resource`."""
        given = {"FileSystemId": identity, "BackupPolicy": {"Status": "DISABLED"}}
        self._sent(call, Request("efs", "PutBackupPolicy", given))
