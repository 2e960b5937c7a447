"""What AWS computes for an application on ECS, under Pulumi mocks, in AWS' own forms."""

import hashlib
from typing import Any

from components.testing import Outputs

ACCOUNT = "123456789012"
LISTENER = f"arn:aws:elasticloadbalancing:eu-central-1:{ACCOUNT}:listener/app/main/50dc6c495c0c9188/"
CLUSTER = f"arn:aws:ecs:eu-central-1:{ACCOUNT}:cluster/main"
EXISTING = {
    "cluster": CLUSTER,
    "vpc": "vpc-1",
    "subnets": ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"],
    "publicSubnets": ["subnet-0a1b2c3d4e5f60720", "subnet-0a1b2c3d4e5f60721"],
}
"""A cluster in two zones."""
BALANCED = {
    **EXISTING,
    "balancer": {
        "name": "main-1.eu-central-1.elb.amazonaws.com",
        "zone": "Z215JYRZR1TBD5",
        "securityGroup": "sg-balancer",
        "http": f"{LISTENER}http",
        "https": f"{LISTENER}https",
    },
}
"""The same with a load balancer."""
IDENTITIES = {
    "aws:ec2/securityGroup:SecurityGroup": "sg",
    "aws:efs/accessPoint:AccessPoint": "fsap",
    "aws:efs/fileSystem:FileSystem": "fs",
}
"""Type -> how its IDs begin."""


def identity(token: str, name: str) -> str:
    """An ID in AWS' own form."""
    begin = IDENTITIES.get(token)
    return f"{name}-id" if begin is None else f"{begin}-{hashlib.sha256(name.encode()).hexdigest()[:17]}"


class Answers(Outputs):
    """IDs and ARNs in AWS' own form."""

    def new_resource(self, args: Any) -> tuple[str | None, dict[str, Any]]:
        """What the class above says, with what AWS fills in."""
        _, outputs = super().new_resource(args)
        filled = {"arnSuffix": "app/main/1", "address": "db.example.com", "primaryEndpointAddress": "cache.example.com"}
        if args.typ == "aws:iam/role:Role":
            filled["arn"] = f"arn:aws:iam::{ACCOUNT}:role/{args.name}"
        return identity(args.typ, args.name), {**outputs, **filled}
