"""The plugin: `python -m standins.gcp` prints its port and serves until its engine ends."""

from standins.gcp import (
    accounts,
    apis,
    balancing,
    buckets,
    caches,
    certificates,
    cloud,
    compute,
    databases,
    dns,
    keys,
    members,
    nat,
    peering,
    proxies,
    repositories,
    run,
    scheduler,
    secrets,
)
from standins.gcp.invokes import INVOKES
from standins.gcp.kind import SDK, Kind
from standins.server import Package, serve

KINDS: tuple[Kind, ...] = (
    accounts.Account(),
    apis.Service(),
    apis.ServiceIdentity(),
    balancing.BackendService(),
    balancing.RegionBackendService(),
    balancing.RegionNetworkEndpointGroup(),
    balancing.RegionUrlMap(),
    balancing.UrlMap(),
    buckets.Bucket(),
    caches.Instance(),
    certificates.Certificate(),
    certificates.CertificateMap(),
    certificates.CertificateMapEntry(),
    certificates.DnsAuthorization(),
    compute.Address(),
    compute.GlobalAddress(),
    compute.Network(),
    compute.Router(),
    compute.Subnetwork(),
    databases.Database(),
    databases.Instance(),
    databases.User(),
    dns.ManagedZone(),
    dns.RecordSet(),
    keys.CryptoKey(),
    keys.KeyMember(),
    keys.KeyRing(),
    members.AccountMember(),
    members.BucketMember(),
    members.JobMember(),
    members.ProjectMember(),
    members.RepositoryMember(),
    members.SecretMember(),
    members.ServiceMember(),
    nat.RouterNat(),
    peering.Connection(),
    proxies.ForwardingRule(),
    proxies.GlobalForwardingRule(),
    proxies.ManagedSslCertificate(),
    proxies.RegionTargetHttpProxy(),
    proxies.RegionTargetHttpsProxy(),
    proxies.TargetHttpProxy(),
    proxies.TargetHttpsProxy(),
    repositories.Repository(),
    run.Job(),
    run.Service(),
    run.WorkerPool(),
    scheduler.Job(),
    secrets.Secret(),
    secrets.SecretVersion(),
)


def package() -> Package:
    """The stand-in for the plugin of `pulumi_gcp`."""
    return Package(
        name="gcp",
        sdk=SDK,
        resources={kind.token: kind for kind in KINDS},
        configure=cloud.Cloud,
        check_settings=cloud.wrong,
        invokes=INVOKES,
    )


if __name__ == "__main__":
    serve(package())
