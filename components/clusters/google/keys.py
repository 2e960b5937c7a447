"""The key of Cloud KMS that a cluster's stack encrypts with: one that is there, a new one, or Google's own."""

from collections.abc import Sequence

import pulumi
import pulumi_gcp as gcp

from .owner import Owner

NEW = "new"
"""In place of an ID: the stack makes the key."""
ROTATION = "7776000s"
"""90 days (https://cloud.google.com/kms/docs/key-rotation#how_often_to_rotate_keys)."""
ROLE = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
AGENTS = ("artifactregistry", "redis", "run", "secretmanager", "sqladmin")
"""APIs whose own accounts encrypt with the key what they keep
(https://cloud.google.com/iam/docs/service-agents); Cloud Storage has an account of another kind."""


def key(own: Owner, asked: pulumi.Input[str] | None, apis: Sequence[pulumi.Resource]) -> pulumi.Input[str] | None:
    """The ID of the key.

    Args:
        own: the cluster's component.
        asked: an ID, or `new`; None: Google's own keys.
        apis: what comes first.
    """
    if asked != NEW:
        return asked
    ring = gcp.kms.KeyRing(
        own.called("keys"), project=own.project, location=own.region, opts=own.options(depends_on=apis)
    )
    made = gcp.kms.CryptoKey(
        own.called("key"),
        key_ring=ring.id,
        rotation_period=ROTATION,
        labels=own.labels or None,
        opts=own.stateful(),
    )
    grants = [_granted(own, made, api, _agent(own, api, apis)) for api in AGENTS]
    asked_of = pulumi.InvokeOutputOptions(parent=own.resource, depends_on=list(apis))
    storage = gcp.storage.get_project_service_account_output(project=own.project, opts=asked_of)
    grants.append(_granted(own, made, "storage", storage.member))
    # whoever takes the key may use it
    return pulumi.Output.all(made.id, *(each.id for each in grants)).apply(lambda known: str(known[0]))


def _agent(own: Owner, api: str, apis: Sequence[pulumi.Resource]) -> pulumi.Output[str]:
    identity = gcp.projects.ServiceIdentity(
        own.called(f"agent-{api}"),
        project=own.project,
        service=f"{api}.googleapis.com",
        opts=own.options(depends_on=apis),
    )
    return identity.member


def _granted(own: Owner, key: gcp.kms.CryptoKey, api: str, member: pulumi.Output[str]) -> gcp.kms.CryptoKeyIAMMember:
    return gcp.kms.CryptoKeyIAMMember(
        own.called(f"key-{api}"), crypto_key_id=key.id, role=ROLE, member=member, opts=own.options()
    )
