"""What the file says of a volume beyond Compose, wherever it is kept."""

import math
from collections.abc import Iterable, Iterator

from ..model import App, Service, Volume, VolumeExtension
from . import sharing
from .instance_classes import GIB


def extension(volume: Volume) -> VolumeExtension:
    """A volume's `x-slipway`, or what it means without."""
    return volume.x_slipway or VolumeExtension()


def is_kept(app: App, key: str) -> bool:
    """Whether the file lets a volume stay when the stack goes: yes, unless it says otherwise."""
    return extension(app.volumes[key]).keep is not False


def of_service(service: Service, app: App) -> Iterator[str]:
    """The named volumes of a service that the file says something of."""
    return (str(each.source) for each in sharing.volumes(service, app) if str(each.source) in app.volumes)


def outlives(service: Service, app: App) -> bool:
    """Whether a managed service may stay when the stack goes: yes, unless the file says otherwise of its volumes."""
    keys = [*of_service(service, app)]
    return not keys or any(is_kept(app, key) for key in keys)


def disk(service: Service, app: App, least: int) -> int:
    """GiB of a managed service's disk: what its volumes have to hold, and `least` at least."""
    return max(least, math.ceil(size(of_service(service, app), app) / GIB))


def size(keys: Iterable[str], app: App) -> int:
    """Bytes that volumes have to hold, of the largest; 0: the file does not say."""
    return max((extension(app.volumes[key]).size or 0 for key in keys), default=0)
