"""Serve, until ended: `start` runs this."""

import logging

from tests.gcp.run import front, logs, names, pools, services
from tests.gcp.run import jobs as run_jobs
from tests.gcp.run.agent import Agent
from tests.gcp.run.authority import Authority
from tests.gcp.run.balancers import Balancers

from . import (
    accounts,
    buckets,
    caches,
    certificates,
    compute,
    databases,
    peerings,
    projects,
    schedules,
    secrets,
    server,
    zones,
)
from .place import Place
from .rest import Cloud
from .store import Store

_ROOMS = (
    accounts,
    buckets,
    caches,
    certificates,
    compute,
    databases,
    logs,
    peerings,
    pools,
    projects,
    run_jobs,
    schedules,
    secrets,
    services,
    zones,
)


def main() -> None:
    """Put all together."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    place, store = Place.here(), Store()
    authority = Authority(place.folder)
    balancers = Balancers(place.port)
    cloud = Cloud(place, store, Agent(place, store, authority.file), balancers)
    balancers.cloud, balancers.authority = cloud, authority
    projects.begin(cloud)
    names.serve(cloud)
    front.serve(cloud, authority)
    server.serve(cloud, {key: method for room in _ROOMS for key, method in room.METHODS.items()})


main()
