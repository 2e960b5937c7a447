"""The SSH key of a cluster's machines: the user's own, or one that Nova makes."""

from dataclasses import dataclass

import pulumi
import pulumi_openstack as openstack

from .owner import Owner


@dataclass(frozen=True, kw_only=True)
class Key:
    """A key.

    Attributes:
        name: of the key pair.
        public: in OpenSSH's form.
        private: PEM, a secret; None: the user has it.
    """

    name: pulumi.Output[str]
    public: pulumi.Output[str]
    private: pulumi.Output[str] | None = None


def key(own: Owner, public: str | None) -> Key:
    """The key pair of a cluster.

    Args:
        own: the cluster's component.
        public: the user's own; None: Nova makes one, and its private half is a secret of the state.
    """
    pair = openstack.compute.Keypair(
        own.called("key"),
        name=own.name,
        public_key=public,
        region=own.region,
        opts=own.options(additional_secret_outputs=["privateKey"]),
    )
    private: pulumi.Output[str] | None = None
    if public is None:
        private = pulumi.Output.secret(pair.private_key)
    return Key(name=pair.name, public=pair.public_key, private=private)
