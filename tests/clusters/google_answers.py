"""What Google Cloud would compute for a cluster's stack, under Pulumi mocks."""

from typing import Any

from pulumi.runtime import mocks

from components.testing import Outputs

PROJECT, NUMBER, REGION = "shop-1", "42", "europe-west1"
GLOBAL = {"Network": "networks", "GlobalAddress": "addresses"}
"""Kind -> what the IDs of it have before the name, of what is in no region."""
RECORD = {"name": "_acme-challenge.example.com.", "type": "CNAME", "data": "proof.authorize.certificatemanager.goog."}


class GoogleOutputs(Outputs):
    """Answers as Google gives them."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        made, outputs = super().new_resource(args)
        kind, name = args.typ.rpartition(":")[2], args.inputs.get("name") or args.name
        if kind in GLOBAL:
            made = f"projects/{PROJECT}/global/{GLOBAL[kind]}/{name}"
        if kind == "Subnetwork":
            made = f"projects/{PROJECT}/regions/{REGION}/subnetworks/{name}"
        if kind == "CertificateMap":
            made = f"projects/{PROJECT}/locations/global/certificateMaps/{name}"
        if kind == "CryptoKey":
            made = f"{args.inputs['keyRing']}/cryptoKeys/{name}"
        if kind == "KeyRing":
            made = f"projects/{PROJECT}/locations/{REGION}/keyRings/{name}"
        computed: dict[str, Any] = {"name": name}
        if kind == "DnsAuthorization":
            computed["dnsResourceRecords"] = [RECORD]
        if kind == "ServiceIdentity":
            computed["member"] = f"serviceAccount:agent@{args.inputs['service']}"
        if kind == "Account":
            address = f"{args.inputs['accountId']}@{PROJECT}.iam.gserviceaccount.com"
            computed |= {"email": address, "member": f"serviceAccount:{address}"}
        if args.typ == "gcp:container/cluster:Cluster":
            made = f"projects/{PROJECT}/locations/{REGION}/clusters/{name}"
            computed |= {
                "endpoint": "203.0.113.1",
                "masterAuth": {"clusterCaCertificate": "QQ=="},
                "controlPlaneEndpointsConfig": {
                    "dnsEndpointConfig": {"endpoint": f"gke-1.{REGION}.gke.goog", "allowExternalTraffic": True}
                },
            }
        return made, {**outputs, **computed}

    def call(self, args: mocks.MockCallArgs) -> Any:
        answers: dict[str, dict[str, Any]] = {
            "gcp:organizations/getProject:getProject": {"number": NUMBER, "projectId": PROJECT},
            "gcp:storage/getProjectServiceAccount:getProjectServiceAccount": {"member": "serviceAccount:gs"},
        }
        return (answers[args.token], []) if args.token in answers else super().call(args)
