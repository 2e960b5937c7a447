"""The plugin: `python -m standins.docker` prints its port and serves until its engine ends."""

from standins.docker.container import Container
from standins.docker.engine import Engine
from standins.docker.network import Network, look_up
from standins.docker.remote_image import RemoteImage
from standins.docker.secret import Secret
from standins.docker.service import Service
from standins.docker.service_config import ServiceConfig
from standins.docker.settings import wrong
from standins.docker.volume import Volume
from standins.resource import Resource
from standins.sdk import Sdk
from standins.server import Package, serve


def package() -> Package:
    """The stand-in for the plugin of `pulumi_docker`."""
    kinds: list[Resource] = [Container(), Network(), RemoteImage(), Secret(), Service(), ServiceConfig(), Volume()]
    return Package(
        name="docker",
        sdk=Sdk("pulumi_docker"),
        resources={kind.token: kind for kind in kinds},
        configure=Engine,
        check_settings=wrong,
        invokes={"docker:index/getNetwork:getNetwork": look_up},
    )


if __name__ == "__main__":
    serve(package())
