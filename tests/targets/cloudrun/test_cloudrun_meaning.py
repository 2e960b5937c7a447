"""What the resources of whole applications mean on Google Cloud: who reaches whom, who reads what, what is kept.

What is expected is read from the Compose files, by their own rules. Not proved: that Google holds to it.
"""

import functools
import json
import re
from collections.abc import Iterator
from typing import Any

import graphs
import pytest
from cloudrun_answers import EXISTING, NUMBER, PROJECT, REGION, Answers

from components.model import App, Job, Service
from components.testing import Recorded, record

NAMES = graphs.made("cloudrun")
SERVICE, JOB, POOL = (f"gcp:cloudrunv2/{kind}" for kind in ("service:Service", "job:Job", "workerPool:WorkerPool"))
BACKEND = "gcp:compute/backendService:BackendService"
GROUP = "gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup"
VERSION = "gcp:secretmanager/secretVersion:SecretVersion"
WORLD, BALANCER, NETWORK = "everyone", "the load balancer", "the network alone"
INGRESS = {
    "INGRESS_TRAFFIC_ALL": WORLD,
    "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER": BALANCER,
    "INGRESS_TRAFFIC_INTERNAL_ONLY": NETWORK,
}
CALLED_BY = {
    "fleet": {"web": WORLD},
    "guestbook": {"web": WORLD},
    "market": {"web": BALANCER, "api": BALANCER},
    "press": {"web": WORLD, "queue": NETWORK},
    "shop": {"web": WORLD},
}
"""Application -> service that takes requests -> from whom."""
CALLING = {
    "fleet": {"web"},  # its volume of the class nfs is a server in the network
    "guestbook": {"web", "worker"},
    "market": {"web", "api", "migrate"},
    "press": {"web", "migrate", "report"},
    "shop": {"web"},
}
"""Application -> what calls a service, or one of Google's own, within the network."""
ROUTES = {
    "market": {"market.example.com": "web", "market.example.com/api": "api"},
    "press": {"press.example.com": "web"},
}
"""Application -> what the load balancer sends where."""
KEPT = {
    "fleet": {"Bucket data"},
    "guestbook": {"Image web", "Image worker", "Instance redis"},
    "market": {"Database db", "DatabaseInstance db", "User db"},
    "press": {"Bucket uploads", "Database db", "DatabaseInstance db", "User db"},
    "shop": {"Database db", "DatabaseInstance db", "User db"},
}
"""Application -> what stays when its stack goes. The volume `journal` of `press` says that it need not."""


@functools.cache
def application(name: str) -> App:
    return graphs.application(name, "cloudrun")


def of(name: str, kind: str) -> list[Recorded]:
    return [each for each in graphs.own(name, "cloudrun") if each.type == kind]


def key(each: Recorded) -> str:
    return each.name.removeprefix("app-")


def is_managed(each: Service) -> bool:
    """Whether Google's own service takes its place, which calls nobody and reads no secret."""
    return each.x_slipway is not None and each.x_slipway.managed is not None


def workloads(name: str) -> dict[str, Service | Job]:
    """What has instances."""
    app = application(name)
    containers = {service: each for service, each in app.services.items() if not is_managed(each)}
    return {**containers, **app.jobs}


def templates(name: str) -> dict[str, Any]:
    """Service or job -> what each of its instances is."""
    found = {key(each): each.inputs["template"] for kind in (SERVICE, POOL) for each in of(name, kind)}
    return {**found, **{key(each): each.inputs["template"]["template"] for each in of(name, JOB)}}


# --- the network -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_everything_that_has_instances_is_a_service_a_worker_pool_or_a_job(name: str) -> None:
    assert templates(name).keys() == workloads(name).keys()


@pytest.mark.parametrize("name", NAMES)
def test_what_is_published_is_called_by_everyone_and_nothing_else_from_outside(name: str) -> None:
    found = {key(each): INGRESS[each.inputs["ingress"]] for each in of(name, SERVICE)}
    assert found == CALLED_BY[name]


@pytest.mark.parametrize("name", NAMES)
def test_what_calls_within_the_network_is_in_it_and_nothing_else_is(name: str) -> None:
    found = {key: each["vpcAccess"] for key, each in templates(name).items() if "vpcAccess" in each}
    interface = {"network": EXISTING["network"], "subnetwork": EXISTING["subnetwork"]}
    assert found.keys() == CALLING[name]
    assert [key for key, each in found.items() if each["networkInterfaces"] != [interface]] == []


@pytest.mark.parametrize("name", NAMES)
def test_an_address_of_cloud_run_in_a_value_is_that_of_a_service_of_the_application(name: str) -> None:
    text = json.dumps([templates(name), [each.inputs for each in of(name, VERSION)]], default=str)
    named = re.findall(rf"://([a-z0-9-]+)-{NUMBER}\.{REGION}\.run\.app", text)
    assert set(named) <= {each.inputs["name"] for each in of(name, SERVICE)}
    assert bool(named) == (name == "market")


@pytest.mark.parametrize("name", NAMES)
def test_no_service_is_still_named_as_compose_names_it(name: str) -> None:
    text = json.dumps([templates(name), [each.inputs for each in of(name, VERSION)]], default=str)
    services = "|".join(map(re.escape, application(name).services))
    assert re.findall(rf"(?:://|@)(?:{services})\b(?!-)", text) == []


def routes(name: str) -> dict[str, str]:
    """Host and path -> the service, of every URL map that does more than to redirect."""
    found = {}
    groups = {each.inputs["name"]: each.inputs["cloudRun"]["service"] for each in of(name, GROUP)}
    backed = {each.inputs["name"]: each.inputs["backends"][0]["group"] for each in of(name, BACKEND)}
    backends = {backend: groups[group.rpartition("/")[2]] for backend, group in backed.items()}
    for each in of(name, "gcp:compute/uRLMap:URLMap"):
        hosts = {rule["pathMatcher"]: rule["hosts"] for rule in each.inputs.get("hostRules", ())}
        for matcher in each.inputs.get("pathMatchers", ()):
            rules = [(path, rule["service"]) for rule in matcher.get("pathRules", ()) for path in rule["paths"]]
            for path, service in [("", matcher["defaultService"]), *rules]:
                for host in hosts[matcher["name"]]:
                    found[f"{host}{path.removesuffix('/*')}"] = backends[service.rpartition("/")[2]]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_load_balancer_sends_every_host_and_path_to_the_service_that_asked_for_it(name: str) -> None:
    called = {place: f"{application(name).name}-{service}" for place, service in ROUTES.get(name, {}).items()}
    assert routes(name) == called


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_encrypted_is_redirected(name: str) -> None:
    plain = {
        each.inputs["urlMap"].rpartition("/")[2] for each in of(name, "gcp:compute/targetHttpProxy:TargetHttpProxy")
    }
    maps = {each.inputs["name"]: each.inputs for each in of(name, "gcp:compute/uRLMap:URLMap")}
    assert [maps[each].get("defaultUrlRedirect", {}).get("httpsRedirect") for each in plain] == [True] * len(plain)
    assert bool(plain) == (name in ROUTES)


# --- accounts --------------------------------------------------------------------------------------------------------

ROLES = {
    "gcp:cloudrunv2/jobIamMember:JobIamMember": "roles/run.invoker",
    "gcp:secretmanager/secretIamMember:SecretIamMember": "roles/secretmanager.secretAccessor",
    "gcp:storage/bucketIAMMember:BucketIAMMember": "roles/storage.objectUser",
}
"""All that gives a role: each on one resource, none on the project."""
EVERYONE = ("allUsers", "allAuthenticatedUsers")


def account(name: str, service: str) -> str:
    return f"{application(name).name}-{service}@{PROJECT}.iam.gserviceaccount.com"


def granted(name: str, kind: str, place: str) -> set[tuple[str, str]]:
    """Member and resource of every role of a kind."""
    return {(each.inputs["member"], each.inputs[place]) for each in of(name, kind)}


@pytest.mark.parametrize("name", NAMES)
def test_every_workload_has_an_account_of_its_own_and_acts_as_that(name: str) -> None:
    acting = {key: each["serviceAccount"] for key, each in templates(name).items()}
    assert acting == {key: account(name, key) for key in workloads(name)}
    made = {each.inputs["accountId"] for each in of(name, "gcp:serviceaccount/account:Account")}
    starter = {f"{application(name).name}-schedules"} if of(name, "gcp:cloudscheduler/job:Job") else set()
    assert made == {each.partition("@")[0] for each in acting.values()} | starter


@pytest.mark.parametrize("name", NAMES)
def test_no_role_is_on_the_project_and_none_is_everyones(name: str) -> None:
    found = [each for each in graphs.own(name, "cloudrun") if "role" in each.inputs]
    assert {(each.type, each.inputs["role"]) for each in found} <= set(ROLES.items())
    assert [each.name for each in found if each.inputs["member"] in EVERYONE] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_secret_is_read_by_the_accounts_of_what_needs_it_alone(name: str) -> None:
    secrets = {key(each): each.inputs["secretId"] for each in of(name, "gcp:secretmanager/secret:Secret")}
    needed = set()
    for service, each in workloads(name).items():
        member = f"serviceAccount:{account(name, service)}"
        needed |= {(member, secrets[grant.source]) for grant in each.secrets}
        hidden = [variable for variable, value in each.environment.items() if graphs.SECRET in str(value)]
        needed |= {(member, secrets[f"{service}-{variable}"]) for variable in hidden}
    assert granted(name, "gcp:secretmanager/secretIamMember:SecretIamMember", "secretId") == needed


@pytest.mark.parametrize("name", NAMES)
def test_a_bucket_is_written_by_the_accounts_of_what_mounts_it_alone(name: str) -> None:
    buckets = {key(each): each.inputs["name"] for each in of(name, "gcp:storage/bucket:Bucket")}
    needed = {
        (f"serviceAccount:{account(name, service)}", buckets[str(mount.source)])
        for service, each in workloads(name).items()
        for mount in each.volumes
        if mount.type == "volume" and mount.source in buckets
    }
    assert granted(name, "gcp:storage/bucketIAMMember:BucketIAMMember", "bucket") == needed
    assert {bucket for _, bucket in needed} == set(buckets.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_job_is_started_by_the_account_of_the_schedules_and_only_where_it_has_one(name: str) -> None:
    app = application(name)
    starter = f"serviceAccount:{account(name, 'schedules')}"
    timed = {(starter, f"{app.name}-{job}") for job, each in app.jobs.items() if each.triggers is not None}
    assert granted(name, "gcp:cloudrunv2/jobIamMember:JobIamMember", "name") == timed
    tokens = [each.inputs["httpTarget"]["oauthToken"] for each in of(name, "gcp:cloudscheduler/job:Job")]
    assert {each["serviceAccountEmail"] for each in tokens} <= {account(name, "schedules")}


# --- what holds content ----------------------------------------------------------------------------------------------

HOLDERS = {
    "artifactregistry/repository": "kmsKeyName",
    "cloudrunv2/job": "template.template.encryptionKey",
    "cloudrunv2/service": "template.encryptionKey",
    "cloudrunv2/workerPool": "template.encryptionKey",
    "redis/instance": "customerManagedKey",
    "secretmanager/secret": "replication.auto.customerManagedEncryption.kmsKeyName",
    "sql/databaseInstance": "encryptionKeyName",
    "storage/bucket": "encryption.defaultKmsKeyName",
}
"""Kind that holds content -> where it says by which key. Without a key of one's own, Google's encrypts it."""
KEY = f"projects/{PROJECT}/locations/{REGION}/keyRings/main/cryptoKeys/main"


def versions(value: Any) -> Iterator[Any]:
    """Every version of a secret that is named, however deep."""
    if isinstance(value, dict):
        if "version" in value:
            yield value["version"]
        for each in value.values():
            yield from versions(each)
    elif isinstance(value, list):
        for each in value:
            yield from versions(each)


def keyed(name: str) -> list[Recorded]:
    args = graphs.arguments(name, "cloudrun", graphs.accepted(name, "cloudrun"))
    recorded = record({**args, "cluster": {"existing": {**EXISTING, "kmsKey": KEY}}}, outputs=Answers())
    return [each for each in recorded if each.type.startswith("gcp:")]


def at(value: Any, path: str) -> Any:
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


@pytest.mark.parametrize("name", NAMES)
def test_a_version_of_a_secret_is_pinned_so_that_another_makes_a_revision(name: str) -> None:
    assert {*versions(templates(name))} == {"1"}


@pytest.mark.parametrize("name", NAMES)
def test_a_key_of_ones_own_encrypts_everything_that_holds_content(name: str) -> None:
    found = [(each, HOLDERS.get(each.type.split(":")[1])) for each in keyed(name)]
    assert [each.name for each, path in found if path is not None and at(each.inputs, path) != KEY] == []
    assert [each.name for each, path in found if path is None and KEY in json.dumps(dict(each.inputs))] == []


@pytest.mark.parametrize("name", NAMES)
def test_data_is_kept_when_the_stack_goes_and_nothing_else_is(name: str) -> None:
    kept = {
        f"{each.type.rpartition(':')[2]} {key(each)}"
        for each in graphs.graph(name, "cloudrun")
        if each.options.get("retain_on_delete")
    }
    assert kept == KEPT[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_bucket_is_nobodys_outside_and_is_emptied_only_where_it_is_not_kept(name: str) -> None:
    for each in of(name, "gcp:storage/bucket:Bucket"):
        inputs = each.inputs
        assert (inputs["publicAccessPrevention"], inputs["uniformBucketLevelAccess"]) == ("enforced", True), each.name
        assert inputs["forceDestroy"] is not each.options.get("retain_on_delete", False), each.name


@pytest.mark.parametrize("name", NAMES)
def test_databases_and_caches_have_a_private_address_alone_and_are_not_deleted_by_accident(name: str) -> None:
    for each in of(name, "gcp:sql/databaseInstance:DatabaseInstance"):
        place = each.inputs["settings"]["ipConfiguration"]
        assert (place["ipv4Enabled"], place["privateNetwork"]) == (False, EXISTING["network"]), each.name
        assert each.inputs["deletionProtection"] is each.options.get("retain_on_delete", False), each.name
    for each in of(name, "gcp:redis/instance:Instance"):
        assert each.inputs["authorizedNetwork"] == EXISTING["network"], each.name
        assert each.inputs["deletionProtection"] is each.options.get("retain_on_delete", False), each.name
