"""Service accounts: each service and job runs as one of its own, which may read its secrets and use its volumes alone.

https://cloud.google.com/run/docs/securing/service-identity
"""

from collections.abc import Iterator

from ...model import Service
from .. import secret_store
from ..rows import Key, Ref, Row
from . import files, members, secrets, volumes
from .given import Scope

READER = "roles/secretmanager.secretAccessor"
"""What may read the versions of a secret, and nothing else of it
(https://cloud.google.com/secret-manager/docs/access-control)."""
DISPLAY_LIMIT = 100
"""Characters of an account's display name
(https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts)."""


def rows(scope: Scope, service: Service) -> Iterator[Row]:
    """The account of a service or of a job taken as one, and what it may."""
    args = {
        "project": scope.access.project,
        "account_id": scope.name("Account", service.name),
        "display_name": f"{service.name} of {scope.app.name}"[:DISPLAY_LIMIT],
    }
    yield scope.row("Account", service.name, args, service=service.name)
    yield from access(scope, service)


def access(scope: Scope, service: Service) -> Iterator[Row]:
    """What the account may: read the secrets that its containers take, and use the buckets that they mount."""
    member = Ref("Account", service.name, "member")
    for kept in _reads(scope, service):
        args = {"project": scope.access.project, "secret_id": kept.secret, "role": READER, "member": member}
        yield scope.row("SecretAccess", f"{service.name}-{kept.key}", args, service=service.name)
    yield from volumes.access(scope, service, member)


def email(service: Service) -> Ref:
    """As whom a service runs."""
    return Ref("Account", service.name, "email")


def needs(scope: Scope, service: Service) -> list[Key]:
    """What has to be allowed before an instance starts: Cloud Run refuses a revision whose secrets it cannot read."""
    return [(row.kind, row.key) for row in access(scope, service)]


def _reads(scope: Scope, service: Service) -> list[secrets.Kept]:
    """The secrets that the containers of a service's instances take, each once."""
    found = [
        secrets.own(secrets.variable_key(member.name, name))
        for member in scope.members(service)
        for name in secret_store.variables(members.rewritten(scope, member))
    ]
    return list({each.key: each for each in (*found, *files.kept(scope, service))}.values())
