"""Slipway: one Compose application on every platform, as Pulumi components.

The rooms, in the direction that they depend on each other::

    errors        every kind of error, and the one form of messages
    model         what a Compose file means, as frozen dataclasses
    compose/      Compose files -> model
    support       what becomes of every key on a target
    cloud_access  what a place in a cloud gives to an application
    access        the types between clusters and targets
    settings      the stack's config, validated
    contents      what secrets and configs contain
    images/       image builds
    clusters/     what must exist before a target can run
    targets/      what runs services: a folder per target
    plan          everything that is decided before the first resource
    application   `Application`, the composition root
    testing       the mocks kit for users' unit tests
    plain         plain data from programs in other languages
    provider      the same components for programs in other languages
    commands/     `python -m components <verb>`

Public names are resolved when they are asked for (PEP 562): importing a pure room loads no Pulumi.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .application import Application, ApplicationArgs
    from .clusters.aws.ecs import EcsCluster, EcsClusterArgs
    from .clusters.aws.eks import EksCluster, EksClusterArgs
    from .clusters.aws.network import AwsNetwork, AwsNetworkArgs
    from .clusters.google.gke import GkeCluster, GkeClusterArgs
    from .clusters.google.platform import CloudRunPlatform, CloudRunPlatformArgs
    from .clusters.openstack.magnum import MagnumCluster, MagnumClusterArgs
    from .clusters.openstack.swarm import OpenStackSwarm, OpenStackSwarmArgs
    from .clusters.openstack.vm import OpenStackVm, OpenStackVmArgs
    from .clusters.swarm import SwarmCluster, SwarmClusterArgs
    from .images.image_build import ImageBuild, ImageBuildArgs
    from .model import App
    from .plan import Plan
    from .settings import Settings
    from .targets.cloudrun.component import CloudRunTarget, CloudRunTargetArgs
    from .targets.docker.component import DockerTarget, DockerTargetArgs
    from .targets.ecs.component import EcsTarget, EcsTargetArgs
    from .targets.kubernetes.component import KubernetesTarget, KubernetesTargetArgs
    from .targets.swarm.component import SwarmTarget, SwarmTargetArgs

__all__ = [
    "App",
    "Application",
    "ApplicationArgs",
    "AwsNetwork",
    "AwsNetworkArgs",
    "CloudRunPlatform",
    "CloudRunPlatformArgs",
    "CloudRunTarget",
    "CloudRunTargetArgs",
    "DockerTarget",
    "DockerTargetArgs",
    "EcsCluster",
    "EcsClusterArgs",
    "EcsTarget",
    "EcsTargetArgs",
    "EksCluster",
    "EksClusterArgs",
    "GkeCluster",
    "GkeClusterArgs",
    "ImageBuild",
    "ImageBuildArgs",
    "KubernetesTarget",
    "KubernetesTargetArgs",
    "MagnumCluster",
    "MagnumClusterArgs",
    "OpenStackSwarm",
    "OpenStackSwarmArgs",
    "OpenStackVm",
    "OpenStackVmArgs",
    "Plan",
    "Settings",
    "SwarmCluster",
    "SwarmClusterArgs",
    "SwarmTarget",
    "SwarmTargetArgs",
]

_ROOMS = {
    "App": ".model",
    "Application": ".application",
    "ApplicationArgs": ".application",
    "AwsNetwork": ".clusters.aws.network",
    "AwsNetworkArgs": ".clusters.aws.network",
    "CloudRunPlatform": ".clusters.google.platform",
    "CloudRunPlatformArgs": ".clusters.google.platform",
    "CloudRunTarget": ".targets.cloudrun.component",
    "CloudRunTargetArgs": ".targets.cloudrun.component",
    "DockerTarget": ".targets.docker.component",
    "DockerTargetArgs": ".targets.docker.component",
    "EcsCluster": ".clusters.aws.ecs",
    "EcsClusterArgs": ".clusters.aws.ecs",
    "EcsTarget": ".targets.ecs.component",
    "EcsTargetArgs": ".targets.ecs.component",
    "EksCluster": ".clusters.aws.eks",
    "EksClusterArgs": ".clusters.aws.eks",
    "GkeCluster": ".clusters.google.gke",
    "GkeClusterArgs": ".clusters.google.gke",
    "ImageBuild": ".images.image_build",
    "ImageBuildArgs": ".images.image_build",
    "KubernetesTarget": ".targets.kubernetes.component",
    "KubernetesTargetArgs": ".targets.kubernetes.component",
    "MagnumCluster": ".clusters.openstack.magnum",
    "MagnumClusterArgs": ".clusters.openstack.magnum",
    "OpenStackSwarm": ".clusters.openstack.swarm",
    "OpenStackSwarmArgs": ".clusters.openstack.swarm",
    "OpenStackVm": ".clusters.openstack.vm",
    "OpenStackVmArgs": ".clusters.openstack.vm",
    "Plan": ".plan",
    "Settings": ".settings",
    "SwarmCluster": ".clusters.swarm",
    "SwarmClusterArgs": ".clusters.swarm",
    "SwarmTarget": ".targets.swarm.component",
    "SwarmTargetArgs": ".targets.swarm.component",
}


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_ROOMS[name], __name__), name)
