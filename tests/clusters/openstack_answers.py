"""What an OpenStack would compute for a cluster's stack, under Pulumi mocks."""

from typing import Any

from pulumi.runtime import mocks

from components.testing import Outputs

HOST_KEY = "ssh-ed25519 AAAAC3Nza"
KUBECONFIG = """\
apiVersion: v1
kind: Config
clusters: [{name: edge, cluster: {server: "https://203.0.113.8:6443"}}]
users: [{name: admin, user: {token: word}}]
contexts: [{name: default, context: {cluster: edge, user: admin}}]
current-context: default
"""
FIXED, FLOATING = "10.20.0.10", "203.0.113.7"


class OpenStackOutputs(Outputs):
    """Answers as a cloud gives them."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        made, outputs = super().new_resource(args)
        computed: dict[str, Any] = {}
        if args.typ == "openstack:networking/port:Port":
            computed = {"allFixedIps": [FIXED]}
        if args.typ == "openstack:networking/floatingIp:FloatingIp":
            computed = {"address": FLOATING}
        if args.typ == "openstack:compute/keypair:Keypair":
            given = args.inputs.get("publicKey")
            computed = {"publicKey": given or "ssh-rsa AAAA made\n", "privateKey": "" if given else "PEM"}
        if args.typ == "openstack:containerinfra/cluster:Cluster":
            computed = {"kubeconfig": {"raw_config": KUBECONFIG, "host": "https://203.0.113.8:6443"}}
        if args.typ == "command:local:Command":
            computed = {"stdout": HOST_KEY}
        if args.typ == "command:remote:Command":
            computed = {"stdout": "20.10.24"}
        return made, {**outputs, **computed}

    def call(self, args: mocks.MockCallArgs) -> Any:
        answers: dict[str, dict[str, Any]] = {
            "openstack:networking/getNetwork:getNetwork": {"id": f"{args.args.get('name')}-id"},
            "openstack:containerinfra/getClusterTemplate:getClusterTemplate": {"id": f"{args.args.get('name')}-id"},
            "openstack:images/getImage:getImage": {"id": f"{args.args.get('name')}-id"},
        }
        return (answers[args.token], []) if args.token in answers else super().call(args)
