"""The peer of `make bench`: what Slipway makes of the generated file, written by hand on the docker provider's SDK.

The same resources with the same inputs, by loops over plain values: nothing is read, checked or judged.
The environment's `BENCH_SIZE` is the number of services.
"""

import os

import pulumi
import pulumi_docker as docker

IMAGE = "debian:bookworm-slim"
STACK = "bench/slipway/bench"
HASH = "0" * 64


def labels(**values: str) -> list[docker.ContainerLabelArgs]:
    """The labels by which `docker compose` knows what belongs to an application."""
    named = {f"com.docker.compose.{key.replace('_', '-')}": value for key, value in values.items()}
    named["slipway.stack"] = STACK
    return [docker.ContainerLabelArgs(label=label, value=value) for label, value in named.items()]


def declare(size: int) -> None:
    """One network, and an image and a container for each service."""
    provider = docker.Provider("app-docker")
    options = pulumi.ResourceOptions(provider=provider, delete_before_replace=True)
    network = docker.Network(
        "app-default",
        name="bench_default",
        labels=[
            docker.NetworkLabelArgs(label=each.label, value=each.value)
            for each in labels(network="default", project="bench")
        ],
        opts=options,
    )
    for name in (f"s{number}" for number in range(size)):
        image = docker.RemoteImage(
            f"app-{name}", name=IMAGE, keep_locally=True, opts=pulumi.ResourceOptions(provider=provider)
        )
        container = docker.Container(
            f"app-{name}-1",
            name=f"bench-{name}-1",
            image=image.image_id,
            command=["sleep", "infinity"],
            envs=["A=1", "B=2"],
            destroy_grace_seconds=10,
            labels=[
                *labels(config_hash=HASH, container_number="1", oneoff="False", project="bench", service=name),
                docker.ContainerLabelArgs(label="com.docker.compose.depends_on", value=""),
            ],
            networks_advanced=[docker.ContainerNetworksAdvancedArgs(name=network.name, aliases=[name])],
            ports=[docker.ContainerPortArgs(internal=80, protocol="tcp")],
            opts=options,
        )
        shown = container.ports.apply(lambda found: str(found[0].external) if found else "")
        pulumi.export(name, pulumi.Output.concat("http://localhost:", shown))


if __name__ == "__main__":
    declare(int(os.environ["BENCH_SIZE"]))
