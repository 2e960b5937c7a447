"""The part of `make bench` about Cloud Run: what declaring takes under mocks, and what the sample application costs.

- `declare`: 10, 100 and 1,000 services, each of which calls the next, in processor seconds, against a program written
  by hand on the provider's SDK which declares the same resources with the same inputs and the same order. It reads no
  file. A revision that does not get ready leaves the one before it serving; Slipway asks afterwards which is ready: the
  `plain` peer does not, the `careful` one does. Modules are loaded before the clock starts, on all sides;
- how many resources the sample has, how many one more service has, and what the sample costs in a month when nobody
  uses it, by the list prices of `PRICES`, each with the day and the page that it was looked up on.
"""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_gcp as gcp

from components.testing import Recorded, Recording, record
from tests.bench_clouds import HOURS, IMAGE, REMEMBERED, Cloud, Price, main

PROJECT, NUMBER, REGION = "bench-1", "123456789012", "us-central1"
NETWORK = f"projects/{PROJECT}/global/networks/main"
SUBNETWORK = f"projects/{PROJECT}/regions/{REGION}/subnetworks/main"
EXISTING = {
    "project": PROJECT,
    "number": NUMBER,
    "region": REGION,
    "network": NETWORK,
    "subnetwork": SUBNETWORK,
}
SETTINGS: Mapping[str, Any] = {"target": "cloudrun", "cluster": {"existing": EXISTING}}
SECONDS = HOURS * 3600

PRICES: Mapping[str, Price] = {
    # 0.000018 a second, of an instance that has its processor all the time
    "vCPU of a service": Price(0.000018 * SECONDS, "2026-11-24", "https://cloud.google.com/run/pricing"),
    "GiB of a service": Price(0.000002 * SECONDS, REMEMBERED, "https://cloud.google.com/run/pricing"),
    # reckoned as of a service: what was seen has no price of worker pools, which Google says is lower
    "vCPU of a worker pool": Price(0.000018 * SECONDS, REMEMBERED, "https://cloud.google.com/run/pricing"),
    "GiB of a worker pool": Price(0.000002 * SECONDS, REMEMBERED, "https://cloud.google.com/run/pricing"),
    "GiB of Redis": Price(0.049 * HOURS, REMEMBERED, "https://cloud.google.com/memorystore/docs/redis/pricing"),
    "version of a secret": Price(0.06, "2026-11-24", "https://cloud.google.com/secret-manager/pricing"),
    # of all rules together, up to five
    "load balancer": Price(0.025 * HOURS, "2026-11-24", "https://cloud.google.com/load-balancing/pricing"),
}
"""In us-central1, before what is free. What is paid by use alone (requests, storage, logs) is not in it."""
UNITS: Mapping[str, float] = {"Mi": 1 / 1024, "Gi": 1}


# --- ours and the peer's ---------------------------------------------------------------------------------------------


def ours(file: str) -> Recording:
    """What Slipway declares."""
    return record({"compose": [file], **SETTINGS})


def by_hand(size: int, *, is_careful: bool = False) -> Recording:
    """What the peer declares."""
    return record(lambda: declare(size, is_careful=is_careful))


def declare(size: int, *, is_careful: bool = False) -> None:
    """The peer: loops over plain values.

    Args:
        size: how many services.
        is_careful: whether it asks for each which revision is ready.
    """
    provider = gcp.Provider("app-gcp", project=PROJECT, region=REGION, add_pulumi_attribution_label=False)
    options = pulumi.ResourceOptions(provider=provider)
    run, iam = (
        gcp.projects.Service(
            f"app-{api}",
            project=PROJECT,
            service=f"{api}.googleapis.com",
            disable_on_destroy=False,
            opts=options,
        )
        for api in ("run", "iam")
    )
    for number in range(size):
        service = _service(f"s{number}", _host((number + 1) % size), [run], [iam], options)
        if is_careful:
            invoked = pulumi.InvokeOutputOptions(provider=provider)
            found = gcp.cloudrunv2.get_service_output(name=service.name, location=REGION, project=PROJECT, opts=invoked)
            pulumi.Output.all(found.latest_created_revision, found.latest_ready_revision).apply(_refuse_other)


def _refuse_other(revisions: list[str]) -> None:
    created, ready = revisions
    if created != ready:
        raise pulumi.RunError(f"{created} is not ready, and {ready} serves on")


def _host(number: int) -> str:
    return f"bench-s{number}-{NUMBER}.{REGION}.run.app"


def _service(
    name: str,
    callee: str,
    run: Sequence[pulumi.Resource],
    iam: Sequence[pulumi.Resource],
    options: pulumi.ResourceOptions,
) -> gcp.cloudrunv2.Service:
    account = gcp.serviceaccount.Account(
        f"app-{name}",
        project=PROJECT,
        account_id=f"bench-{name}",
        display_name=f"{name} of bench",
        opts=pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(depends_on=iam)),
    )
    container: Any = {
        "name": name,
        "image": IMAGE,
        "args": ["sleep", "infinity"],
        "envs": [
            {"name": "A", "value": "1"},
            {"name": "B", "value": "2"},
            {"name": "NEXT", "value": f"https://{callee}"},
        ],
        "ports": {"container_port": 80},
        "resources": {
            "limits": {"cpu": "1000m", "memory": "512Mi"},
            "cpu_idle": False,
            "startup_cpu_boost": True,
        },
    }
    return gcp.cloudrunv2.Service(
        f"app-{name}",
        name=f"bench-{name}",
        project=PROJECT,
        location=REGION,
        ingress="INGRESS_TRAFFIC_INTERNAL_ONLY",
        invoker_iam_disabled=True,
        deletion_protection=False,
        labels={
            "slipway-application": "bench",
            "slipway-service": name,
            "slipway-stack": "organization-project-stack",
        },
        scaling={"min_instance_count": 1, "max_instance_count": 1},
        template={
            "service_account": account.email,
            "execution_environment": "EXECUTION_ENVIRONMENT_GEN2",
            "timeout": "3600s",
            "containers": [container],
            "vpc_access": {
                "network_interfaces": [{"network": NETWORK, "subnetwork": SUBNETWORK}],
                "egress": "PRIVATE_RANGES_ONLY",
            },
        },
        traffics=[{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100}],
        opts=pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(depends_on=run, delete_before_replace=True)),
    )


# --- what is measured ------------------------------------------------------------------------------------------------


def cost(own: Sequence[Recorded]) -> Mapping[str, float]:
    """What -> how much of it the application has when nobody uses it; see `PRICES`."""
    count = Counter(each.type.rpartition(":")[2] for each in own)
    services = [each.inputs for each in own if each.type == "gcp:cloudrunv2/service:Service"]
    pools = [each.inputs for each in own if each.type == "gcp:cloudrunv2/workerPool:WorkerPool"]
    caches = [each.inputs for each in own if each.type == "gcp:redis/instance:Instance"]
    kept = [(each["scaling"]["minInstanceCount"], each["template"]) for each in services]
    running = [(each["scaling"]["manualInstanceCount"], each["template"]) for each in pools]
    return {
        "vCPU of a service": sum(number * _cpus(template) for number, template in kept),
        "GiB of a service": sum(number * _memory(template) for number, template in kept),
        "vCPU of a worker pool": sum(number * _cpus(template) for number, template in running),
        "GiB of a worker pool": sum(number * _memory(template) for number, template in running),
        "GiB of Redis": sum(each["memorySizeGb"] for each in caches),
        "version of a secret": count["SecretVersion"],
        "load balancer": min(1, count["GlobalForwardingRule"]),
    }


def _limits(template: Any, what: str) -> list[str]:
    return [container["resources"]["limits"][what] for container in template["containers"]]


def _cpus(template: Any) -> float:
    return sum(int(limit.removesuffix("m")) / 1000 for limit in _limits(template, "cpu"))


def _memory(template: Any) -> float:
    return sum(int(limit[:-2]) * UNITS[limit[-2:]] for limit in _limits(template, "memory"))


CLOUD = Cloud(
    name="Google Cloud",
    module="tests.bench_cloudrun",
    kinds="gcp:",
    region=REGION,
    settings=SETTINGS,
    sides={
        "ours": ours,
        "plain": lambda size: by_hand(int(size)),
        "careful": lambda size: by_hand(int(size), is_careful=True),
    },
    prices=PRICES,
    cost=cost,
    environment=lambda number, size: {"NEXT": f"http://s{(number + 1) % size}"},
)

if __name__ == "__main__":
    main(CLOUD, sys.argv[1:])
