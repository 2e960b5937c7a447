"""What runs in instances, with the addresses of other services in the place of their names; read once for all."""

from collections.abc import Iterator, Mapping

from ...model import Service
from .. import workloads
from ..conditions import last
from . import references
from .given import Scope


def every(scope: Scope) -> Iterator[Service]:
    """The services, and the jobs taken as such, whose containers are in instances, in the file's order."""
    for workload in workloads.of(scope):
        yield from scope.members(workloads.service(workload))


def rewritten(scope: Scope, member: Service) -> Service:
    """A member with what its values are on Cloud Run; see `references.rewritten`."""
    return _rewritten(scope)[member.name]


@last
def _rewritten(scope: Scope) -> Mapping[str, Service]:
    return {member.name: references.rewritten(scope, member, member) for member in every(scope)}
