"""The plugin: `python -m standins.aws` prints its port and serves until its engine ends."""

from standins.aws import (
    cloud,
    discovery,
    ec2,
    ecr,
    ecs,
    ecs_service,
    efs,
    elbv2,
    functions,
    iam,
    listeners,
    logs,
    scaling,
    secrets,
    security_groups,
)
from standins.aws.invokes import INVOKES
from standins.resource import Resource
from standins.sdk import Sdk
from standins.server import Package, serve


def package() -> Package:
    """The stand-in for the plugin of `pulumi_aws`."""
    kinds: list[Resource] = [
        discovery.Instance(),
        discovery.PrivateDnsNamespace(),
        discovery.Service(),
        ec2.DefaultSecurityGroup(),
        ec2.Eip(),
        ec2.InternetGateway(),
        ec2.NatGateway(),
        ec2.Route(),
        ec2.RouteTable(),
        ec2.RouteTableAssociation(),
        ec2.Subnet(),
        ec2.Vpc(),
        ec2.VpcEndpoint(),
        ecr.LifecyclePolicy(),
        ecr.Repository(),
        ecs.Cluster(),
        ecs.ClusterCapacityProviders(),
        ecs.TaskDefinition(),
        ecs_service.Service(),
        efs.AccessPoint(),
        efs.BackupPolicy(),
        efs.FileSystem(),
        efs.FileSystemPolicy(),
        efs.MountTarget(),
        elbv2.LoadBalancer(),
        elbv2.TargetGroup(),
        functions.Function(),
        functions.Invocation(),
        iam.Role(),
        iam.RolePolicy(),
        iam.RolePolicyAttachment(),
        listeners.Listener(),
        listeners.ListenerCertificate(),
        listeners.ListenerRule(),
        logs.Alias(),
        logs.Key(),
        logs.LogGroup(),
        scaling.Policy(),
        scaling.Schedule(),
        scaling.Target(),
        secrets.Secret(),
        secrets.SecretVersion(),
        security_groups.EgressRule(),
        security_groups.IngressRule(),
        security_groups.SecurityGroup(),
    ]
    return Package(
        name="aws",
        sdk=Sdk("pulumi_aws"),
        resources={kind.token: kind for kind in kinds},
        configure=cloud.Cloud,
        check_settings=cloud.wrong,
        invokes=INVOKES,
    )


if __name__ == "__main__":
    serve(package())
