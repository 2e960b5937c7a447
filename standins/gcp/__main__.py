"""The plugin: `python -m standins.gcp` prints its port and serves until its engine ends."""

from standins.gcp import accounts, apis, cloud, members, repositories, run, secrets
from standins.gcp.invokes import INVOKES
from standins.gcp.kind import SDK, Kind
from standins.server import Package, serve

KINDS: tuple[Kind, ...] = (
    accounts.Account(),
    apis.Service(),
    members.AccountMember(),
    members.BucketMember(),
    members.JobMember(),
    members.ProjectMember(),
    members.RepositoryMember(),
    members.SecretMember(),
    members.ServiceMember(),
    repositories.Repository(),
    run.Job(),
    run.Service(),
    run.WorkerPool(),
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
