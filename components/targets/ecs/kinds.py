"""The kinds of resources that the target writes, and the class of pulumi-aws that each is.

A row's kind is a word of our own where AWS has several resources of one name; its arguments are in the SDK's
snake_case. That is also what `x-slipway.patch.ecs` merges into, by the kinds in `PATCHED`.
"""

from collections.abc import Mapping

CLASSES: Mapping[str, str] = {
    "AccessPoint": "efs.AccessPoint",
    "BackupPolicy": "efs.BackupPolicy",
    "CacheReplicationGroup": "elasticache.ReplicationGroup",
    "CacheSubnetGroup": "elasticache.SubnetGroup",
    "DatabaseInstance": "rds.Instance",
    "DatabaseParameterGroup": "rds.ParameterGroup",
    "DatabaseSubnetGroup": "rds.SubnetGroup",
    "DiscoveryInstance": "servicediscovery.Instance",
    "DiscoveryService": "servicediscovery.Service",
    "EgressRule": "vpc.SecurityGroupEgressRule",
    "FileSystem": "efs.FileSystem",
    "FileSystemPolicy": "efs.FileSystemPolicy",
    "Function": "lambda_.Function",
    "IngressRule": "vpc.SecurityGroupIngressRule",
    "Invocation": "lambda_.Invocation",
    "LifecyclePolicy": "ecr.LifecyclePolicy",
    "Listener": "lb.Listener",
    "ListenerCertificate": "lb.ListenerCertificate",
    "ListenerRule": "lb.ListenerRule",
    "LoadBalancer": "lb.LoadBalancer",
    "LogGroup": "cloudwatch.LogGroup",
    "MountTarget": "efs.MountTarget",
    "Namespace": "servicediscovery.PrivateDnsNamespace",
    "Record": "route53.Record",
    "Repository": "ecr.Repository",
    "Role": "iam.Role",
    "RolePolicy": "iam.RolePolicy",
    "ScalingPolicy": "appautoscaling.Policy",
    "ScalingTarget": "appautoscaling.Target",
    "Schedule": "scheduler.Schedule",
    "Secret": "secretsmanager.Secret",
    "SecretVersion": "secretsmanager.SecretVersion",
    "SecurityGroup": "ec2.SecurityGroup",
    "Service": "ecs.Service",
    "TargetGroup": "lb.TargetGroup",
    "TaskDefinition": "ecs.TaskDefinition",
}
"""Kind -> module and class within `pulumi_aws` (https://www.pulumi.com/registry/packages/aws/api-docs/)."""

TAGLESS = frozenset(
    {
        "BackupPolicy",
        "DiscoveryInstance",
        "FileSystemPolicy",
        "Invocation",
        "LifecyclePolicy",
        "Listener",
        "ListenerCertificate",
        "MountTarget",
        "Record",
        "RolePolicy",
        "ScalingPolicy",
        "Schedule",
        "SecretVersion",
    }
)
"""Kinds that take no tags, or whose tags would say nothing that those of what they belong to do not."""
