"""What listens on no port: a worker pool of Cloud Run, whose instances run whether anything is asked or not.

https://cloud.google.com/run/docs/deploy-worker-pools
"""

from collections.abc import Iterator

from ...model import Service
from .. import workloads
from ..rows import Row
from . import instances, reach, scaling, services
from .given import Scope


def rows(scope: Scope, service: Service) -> Iterator[Row]:
    """The worker pool; nothing for what has a port, runs to its end, is in another's instances, or is Google's own."""
    if not workloads.is_kept_running(scope, service) or reach.is_served(scope, service):
        return
    args = {
        "template": {**instances.template(scope, service), **instances.annotations(scope, service)},
        "scaling": {"manual_instance_count": scaling.instances(service)},
    }
    yield services.row(scope, "WorkerPool", service, args)
