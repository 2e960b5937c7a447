"""What the gcp stand-in sends: each call to a cloud that only keeps it, held against Google's own model of that call.

What this does not prove: what Google answers. The tests of `make test-google` have a cloud that does.
"""

import threading

import pytest

from standins.gcp import (
    accounts,
    apis,
    balancing,
    buckets,
    caches,
    compute,
    databases,
    dns,
    keys,
    members,
    nat,
    peering,
    proxies,
    repositories,
    run,
    scheduler,
    secrets,
)
from standins.gcp.cloud import CloudError
from standins.resource import Call, InitFailedError, StandinError
from standins.traits import fill

PLACE = "projects/demo/locations/europe-west1"
SERVICE = f"{PLACE}/services/web"
ACCOUNT = "projects/demo/serviceAccounts/shop-web@demo.iam.gserviceaccount.com"
TEMPLATE = {"containers": [{"image": "docker.io/library/nginx:1"}]}
WEB = {
    "project": "demo",
    "location": "europe-west1",
    "name": "web",
    "template": TEMPLATE,
    "deletionProtection": False,
}
FOUND = {"name": SERVICE, "uri": "https://web.run.app", "uid": "1", "template": TEMPLATE, "labels": {}}


class Kept:
    """A cloud that keeps what it is sent, and answers with what it is given.

    Attributes:
        sent: method, parameters and what went in, in order.
    """

    project, region, zone, token = "demo", "europe-west1", None, "token"

    def __init__(self, labels=None, attribution=None, **answers):
        self.labels, self.attribution = labels or {}, attribution or {}
        self.answers = answers
        self.sent = []

    def send(self, request):
        assert list(request.problems()) == []
        self.sent.append((request.method, dict(request.places), request.given))
        answer = self.answers.get(request.method.rpartition(".")[2], {})
        told = answer.pop(0) if isinstance(answer, list) else answer
        if isinstance(told, CloudError):
            raise told
        return told

    def find(self, request):
        try:
            return self.send(request)
        except CloudError as error:
            if error.gone:
                return None
            raise

    def wait(self, _call, _request, answer, activity, poll=0):
        if answer.get("error"):
            raise CloudError(f"Error waiting for {activity}: {answer['error']}")
        return answer

    @property
    def changes(self):
        """What was sent but for questions."""
        return [each for each in self.sent if not each[0].rpartition(".")[2].startswith(("get", "list"))]


def call(cloud):
    return Call("urn:pulumi:test::project::gcp:kind::it", cloud, threading.Event())


def create(kind, given, **answers):
    cloud = Kept(**answers)
    state = kind.create(call(cloud), fill(kind.traits, given))
    return cloud.changes, state


def update(kind, identity, old, new, **answers):
    """What is sent where a kind's inputs change; `old` is without the defaults, as `new` is."""
    cloud = Kept(**answers)
    before = kind.completed(cloud, fill(kind.traits, old))
    kind.update(call(cloud), identity, before, fill(kind.traits, new))
    return cloud.changes


def test_a_service_is_made_in_its_place_with_the_labels_of_all():
    cloud = Kept({"team": "a"}, {"goog-pulumi-provisioned": "true"}, get=FOUND)
    kind = run.Service()
    state = kind.create(call(cloud), fill(kind.traits, {**WEB, "labels": {"app": "shop"}}))
    assert cloud.changes == [
        (
            "projects.locations.services.create",
            {"parent": PLACE, "serviceId": "web"},
            {"template": TEMPLATE, "labels": {"goog-pulumi-provisioned": "true", "team": "a", "app": "shop"}},
        )
    ]
    assert state.id == SERVICE
    assert state.outputs["uri"] == "https://web.run.app"
    assert state.outputs["pulumiLabels"] == {"goog-pulumi-provisioned": "true", "team": "a", "app": "shop"}


def test_a_service_that_does_not_get_ready_stays_and_says_why():
    cloud = Kept(create={"error": "Error code 9, message: Revision 'web-1' is not ready"}, get=FOUND)
    kind = run.Service()
    with pytest.raises(InitFailedError) as caught:
        kind.create(call(cloud), fill(kind.traits, WEB))
    assert str(caught.value) == (
        "it: Error waiting to create Service: Error waiting for Creating Service: "
        "Error code 9, message: Revision 'web-1' is not ready"
    )
    assert (caught.value.id, caught.value.outputs["uri"]) == (SERVICE, "https://web.run.app")


def test_a_service_that_was_not_made_is_an_error():
    cloud = Kept(create=CloudError("googleapi: Error 409: it is there", 409))
    kind = run.Service()
    with pytest.raises(CloudError, match=r"^it: Error creating Service: googleapi: Error 409: it is there$"):
        kind.create(call(cloud), fill(kind.traits, WEB))


def test_a_changed_service_is_sent_whole():
    sent = update(run.Service(), SERVICE, WEB, {**WEB, "ingress": "INGRESS_TRAFFIC_ALL"}, get=FOUND)
    assert sent == [
        (
            "projects.locations.services.patch",
            {"name": SERVICE},
            {"template": TEMPLATE, "ingress": "INGRESS_TRAFFIC_ALL", "labels": {}},
        )
    ]


def test_a_revision_that_does_not_get_ready_fails_the_change_and_the_service_stays():
    with pytest.raises(InitFailedError, match=r"^it: Error waiting for Updating Service: no$") as caught:
        update(run.Service(), SERVICE, WEB, {**WEB, "description": "x"}, get=FOUND, patch={"error": "no"})
    assert caught.value.id == SERVICE


def test_a_service_that_is_protected_is_not_removed():
    kind, cloud = run.Service(), Kept()
    given = fill(kind.traits, {name: value for name, value in WEB.items() if name != "deletionProtection"})
    with pytest.raises(StandinError) as caught:
        kind.delete(call(cloud), SERVICE, given)
    assert str(caught.value) == (
        "it: cannot destroy service without setting deletionProtection=false and running `pulumi up`"
    )
    assert cloud.sent == []


@pytest.mark.parametrize(
    ("policy", "sent"),
    [("ABANDON", []), ("DELETE", [("projects.locations.services.delete", {"name": SERVICE}, None)])],
)
def test_what_is_to_be_abandoned_is_not_removed(policy, sent):
    cloud = Kept()
    run.Service().delete(call(cloud), SERVICE, {**WEB, "deletionPolicy": policy})
    assert cloud.sent == sent


def test_what_is_gone_already_is_removed():
    cloud = Kept(delete=CloudError("gone", 404))
    run.Service().delete(call(cloud), SERVICE, WEB)
    assert [method for method, *_ in cloud.sent] == ["projects.locations.services.delete"]


def test_a_service_is_read_as_it_was_asked_for_where_google_only_filled_in():
    found = {**FOUND, "template": {**TEMPLATE, "timeout": "300s"}, "ingress": "INGRESS_TRAFFIC_ALL"}
    state = run.Service().read(call(Kept(get=found)), SERVICE, {**WEB, "effectiveLabels": {}})
    assert state.outputs["template"] == TEMPLATE


def test_a_service_is_read_as_it_is_where_somebody_changed_it():
    found = {**FOUND, "template": {"containers": [{"image": "other", "env": [{"name": "A"}]}]}}
    state = run.Service().read(call(Kept(get=found)), SERVICE, WEB)
    assert state.outputs["template"] == {"containers": [{"image": "other", "envs": [{"name": "A"}]}]}


def test_a_service_is_imported_by_its_id():
    state = run.Service().read(call(Kept(get=FOUND)), SERVICE, {})
    assert state.outputs["template"] == TEMPLATE
    assert state.id == SERVICE


def test_an_account_is_made_in_its_project_and_says_its_member():
    found = {"name": ACCOUNT, "email": "shop-web@demo.iam.gserviceaccount.com", "uniqueId": "1"}
    given = {"project": "demo", "accountId": "shop-web", "displayName": "web"}
    sent, state = create(accounts.Account(), given, create=found, get=found)
    assert sent == [
        (
            "projects.serviceAccounts.create",
            {"name": "projects/demo"},
            {"accountId": "shop-web", "serviceAccount": {"displayName": "web"}},
        )
    ]
    assert (state.id, state.outputs["member"]) == (ACCOUNT, "serviceAccount:shop-web@demo.iam.gserviceaccount.com")


def test_an_account_is_switched_off_by_a_call_of_its_own():
    given = {"project": "demo", "accountId": "shop-web", "displayName": "a"}
    sent = update(
        accounts.Account(),
        ACCOUNT,
        given,
        {**given, "displayName": "b", "disabled": True},
        get={"name": "x", "email": "y"},
    )
    assert sent == [
        ("projects.serviceAccounts.disable", {"name": ACCOUNT}, {}),
        (
            "projects.serviceAccounts.patch",
            {"name": ACCOUNT},
            {"serviceAccount": {"displayName": "b"}, "updateMask": "displayName"},
        ),
    ]


def test_content_of_a_secret_travels_as_base64_and_its_version_is_the_last_part_of_its_name():
    version = {"name": "projects/1/secrets/db/versions/7", "state": "ENABLED"}
    given = {"secret": "projects/demo/secrets/db", "secretData": "s3cr3t"}
    sent, state = create(secrets.SecretVersion(), given, addVersion=version, get=version)
    assert sent == [
        ("projects.secrets.addVersion", {"parent": "projects/demo/secrets/db"}, {"payload": {"data": "czNjcjN0"}})
    ]
    assert (state.id, state.outputs["version"]) == ("projects/1/secrets/db/versions/7", "7")


def test_an_old_version_of_a_secret_is_destroyed_and_counts_as_gone():
    kind, name = secrets.SecretVersion(), "projects/1/secrets/db/versions/7"
    cloud = Kept(get={"name": name, "state": "DESTROYED"})
    kind.delete(call(cloud), name, {"name": name})
    assert cloud.sent == [("projects.secrets.versions.destroy", {"name": name}, {})]
    assert kind.read(call(cloud), name, {"name": name}) is None


def test_only_what_changed_of_a_secret_is_named_and_sent():
    given = {"project": "demo", "secretId": "db", "replication": {"auto": {}}, "labels": {"a": "1"}}
    sent = update(
        secrets.Secret(), "projects/demo/secrets/db", given, {**given, "labels": {"a": "2"}}, get={"name": "x"}
    )
    assert sent == [
        (
            "projects.secrets.patch",
            {"name": "projects/demo/secrets/db", "updateMask": "labels"},
            {"labels": {"a": "2"}},
        )
    ]


def test_a_change_of_labels_keeps_those_of_all_and_what_is_no_more_is_sent_as_null():
    given = {"project": "demo", "secretId": "db", "replication": {"auto": {}}, "labels": {"a": "1"}, "ttl": "60s"}
    left = {name: given[name] for name in ("project", "secretId", "replication")}
    kind, cloud = secrets.Secret(), Kept({"team": "x"}, get={"name": "x"})
    before = kind.completed(cloud, fill(kind.traits, given))
    kind.update(call(cloud), "projects/demo/secrets/db", before, fill(kind.traits, left))
    assert cloud.changes[0][1]["updateMask"] == "labels,ttl"
    assert cloud.changes[0][2] == {"labels": {"team": "x"}, "ttl": None}


def test_a_bucket_loses_the_rules_that_are_no_more():
    given = {"project": "demo", "name": "demo-data", "location": "eu"}
    rule = {"action": {"type": "Delete"}, "condition": {"age": 30}}
    sent = update(buckets.Bucket(), "demo-data", {**given, "lifecycleRules": [rule]}, given, get={"name": "demo-data"})
    assert sent == [("buckets.patch", {"bucket": "demo-data"}, {"lifecycle": {"rule": None}})]


def test_a_certificate_map_that_is_no_more_is_taken_from_its_proxy():
    given = {"project": "demo", "name": "shop", "urlMap": "a", "sslCertificates": ["c"]}
    old = {**given, "certificateMap": "//certificatemanager.googleapis.com/x"}
    sent = update(proxies.TargetHttpsProxy(), "x", old, given, get={"name": "shop"})
    assert sent == [
        (
            "targetHttpsProxies.setCertificateMap",
            {"project": "demo", "targetHttpsProxy": "shop"},
            {"certificateMap": None},
        )
    ]


MEMBER = {"project": "demo", "secretId": "projects/demo/secrets/db", "role": "roles/a", "member": "user:b@example.com"}
OTHER = {"role": "roles/a", "members": ["user:a@example.com"]}


def test_a_member_is_added_to_what_others_wrote():
    answers = {"getIamPolicy": {"etag": "BwE=", "bindings": [OTHER]}, "setIamPolicy": {"etag": "BwI="}}
    sent, state = create(members.SecretMember(), MEMBER, **answers)
    whole = {"role": "roles/a", "members": ["user:a@example.com", "user:b@example.com"]}
    assert sent == [
        (
            "projects.secrets.setIamPolicy",
            {"resource": "projects/demo/secrets/db"},
            {"policy": {"etag": "BwE=", "bindings": [whole]}},
        )
    ]
    assert (state.id, state.outputs["etag"]) == ("projects/demo/secrets/db/roles/a/user:b@example.com", "BwI=")


def test_a_member_is_written_again_where_somebody_else_wrote_in_between():
    conflict = CloudError("googleapi: Error 409: concurrent", 409)
    answers = {"getIamPolicy": {"bindings": []}, "setIamPolicy": [conflict, {"etag": "BwI="}]}
    sent, _ = create(members.SecretMember(), MEMBER, **answers)
    assert [method for method, *_ in sent] == ["projects.secrets.setIamPolicy"] * 2


def test_a_member_that_goes_leaves_the_others():
    both = {"role": "roles/a", "members": ["user:a@example.com", "user:b@example.com"]}
    cloud = Kept(getIamPolicy={"etag": "BwE=", "bindings": [both]})
    members.SecretMember().delete(call(cloud), "x", MEMBER)
    assert cloud.changes[0][2] == {"policy": {"etag": "BwE=", "bindings": [OTHER]}}


def test_a_member_that_somebody_took_away_is_gone():
    cloud = Kept(getIamPolicy={"bindings": [OTHER]})
    assert members.SecretMember().read(call(cloud), "x", MEMBER) is None


def test_the_policy_of_a_bucket_is_written_as_it_is():
    given = {"bucket": "demo-data", "role": "roles/a", "member": "user:b@example.com"}
    sent, _ = create(members.BucketMember(), given, getIamPolicy={"etag": "BwE="})
    line = {"role": "roles/a", "members": ["user:b@example.com"]}
    assert sent == [("buckets.setIamPolicy", {"bucket": "demo-data"}, {"etag": "BwE=", "bindings": [line]})]


def test_policies_of_a_repository_are_a_map_with_durations_in_seconds():
    policy = {"id": "old", "action": "DELETE", "condition": {"tagState": "UNTAGGED", "olderThan": "14d"}}
    given = {"project": "demo", "location": "europe-west1", "repositoryId": "images", "format": "DOCKER"}
    sent, _ = create(repositories.Repository(), {**given, "cleanupPolicies": [policy]}, get={"name": "x"})
    assert sent[0][1:] == (
        {"parent": PLACE, "repositoryId": "images"},
        {
            "format": "DOCKER",
            "mode": "STANDARD_REPOSITORY",
            "cleanupPolicies": {"old": {**policy, "condition": {"tagState": "UNTAGGED", "olderThan": "1209600s"}}},
            "labels": {},
        },
    )


@pytest.mark.parametrize(
    ("more", "sent"),
    [
        ({}, []),
        (
            {"disableOnDestroy": True},
            [
                (
                    "services.disable",
                    {"name": "projects/demo/services/run.googleapis.com"},
                    {"disableDependentServices": False, "checkIfServiceHasUsage": "SKIP"},
                )
            ],
        ),
    ],
)
def test_an_api_stays_on_unless_the_program_says_otherwise(more, sent):
    cloud = Kept()
    apis.Service().delete(
        call(cloud), "demo/run.googleapis.com", {"project": "demo", "service": "run.googleapis.com", **more}
    )
    assert cloud.sent == sent


def test_an_api_that_is_off_is_gone():
    cloud = Kept(get={"state": "DISABLED"})
    known = {"project": "demo", "service": "run.googleapis.com"}
    assert apis.Service().read(call(cloud), "demo/run.googleapis.com", known) is None


def test_labels_of_compute_are_put_on_what_is_there():
    found = {"name": "shop", "labelFingerprint": "Zg==", "address": "192.0.2.1"}
    given = {"project": "demo", "name": "shop", "labels": {"a": "b"}}
    sent, state = create(compute.GlobalAddress(), given, get=found)
    assert sent == [
        ("globalAddresses.insert", {"project": "demo"}, {"name": "shop", "addressType": "EXTERNAL"}),
        (
            "globalAddresses.setLabels",
            {"project": "demo", "resource": "shop"},
            {"labels": {"a": "b"}, "labelFingerprint": "Zg=="},
        ),
    ]
    assert (state.id, state.outputs["address"]) == ("projects/demo/global/addresses/shop", "192.0.2.1")


def test_where_a_proxy_looks_is_changed_by_a_call_of_its_own():
    given = {"project": "demo", "name": "shop", "urlMap": "a"}
    sent = update(proxies.TargetHttpProxy(), "x", given, {**given, "urlMap": "b"}, get={"name": "shop"})
    assert sent == [("targetHttpProxies.setUrlMap", {"project": "demo", "targetHttpProxy": "shop"}, {"urlMap": "b"})]


def test_a_changed_map_of_urls_is_sent_whole_with_its_fingerprint():
    given = {"project": "demo", "name": "shop", "defaultService": "a"}
    found = {"name": "shop", "fingerprint": "Zg=="}
    sent = update(balancing.UrlMap(), "x", given, {**given, "defaultService": "b"}, get=found)
    assert sent == [
        (
            "urlMaps.update",
            {"project": "demo", "urlMap": "shop"},
            {"name": "shop", "defaultService": "b", "fingerprint": "Zg=="},
        )
    ]


def test_an_address_that_was_asked_for_by_its_name_stays_that():
    given = {"project": "demo", "name": "shop", "target": "t", "ipAddress": "projects/demo/global/addresses/shop"}
    kind = proxies.GlobalForwardingRule()
    state = kind.read(call(Kept(get={"name": "shop", "IPAddress": "192.0.2.1", "target": "t"})), "x", given)
    assert state.outputs["ipAddress"] == "projects/demo/global/addresses/shop"


def test_a_bucket_has_its_access_in_an_object_of_its_own():
    given = {"project": "demo", "name": "demo-data", "location": "europe-west1", "uniformBucketLevelAccess": True}
    sent, state = create(buckets.Bucket(), {**given, "publicAccessPrevention": "enforced"}, get={"name": "demo-data"})
    access = {"uniformBucketLevelAccess": {"enabled": True}, "publicAccessPrevention": "enforced"}
    body = {"name": "demo-data", "location": "EUROPE-WEST1", "storageClass": "STANDARD", "labels": {}}
    assert sent == [("buckets.insert", {"project": "demo"}, {**body, "iamConfiguration": access})]
    assert (state.id, state.outputs["url"]) == ("demo-data", "gs://demo-data")


def test_the_rules_of_a_bucket_are_spelled_as_the_api_has_them():
    rule = {"action": {"type": "Delete"}, "condition": {"age": 30, "matchesPrefixes": ["tmp/"]}}
    given = {"project": "demo", "name": "demo-data", "location": "eu", "lifecycleRules": [rule]}
    sent, _ = create(buckets.Bucket(), given, get={"name": "demo-data"})
    sent_rule = {"action": {"type": "Delete"}, "condition": {"age": 30, "matchesPrefix": ["tmp/"]}}
    assert sent[0][2]["lifecycle"] == {"rule": [sent_rule]}
    state = buckets.Bucket().read(
        call(Kept(get={"name": "demo-data", "lifecycle": {"rule": [sent_rule]}})), "demo-data", {}
    )
    assert state.outputs["lifecycleRules"] == [rule]


def test_a_bucket_with_objects_is_removed_only_where_the_program_says_so():
    held = {"items": [{"name": "a/b", "generation": "1"}]}
    kind, cloud = buckets.Bucket(), Kept(list=held)
    with pytest.raises(StandinError) as caught:
        kind.delete(call(cloud), "demo-data", {"name": "demo-data", "forceDestroy": False})
    assert str(caught.value) == (
        "it: Error trying to delete bucket demo-data containing objects without `forceDestroy` set to true"
    )
    kind.delete(call(cloud), "demo-data", {"name": "demo-data", "forceDestroy": True})
    assert cloud.changes == [
        ("objects.delete", {"bucket": "demo-data", "object": "a/b", "generation": "1"}, None),
        ("buckets.delete", {"bucket": "demo-data"}, None),
    ]


RECORD = {"project": "demo", "managedZone": "main", "name": "a.example.com.", "type": "A", "rrdatas": ["192.0.2.1"]}
SET = {"name": "a.example.com.", "type": "A", "rrdatas": ["192.0.2.1"], "ttl": 300}


def test_a_record_is_a_change_of_its_zone():
    sent, state = create(dns.RecordSet(), {**RECORD, "ttl": 300}, list={"rrsets": [SET]}, create={"status": "done"})
    assert sent == [("changes.create", {"project": "demo", "managedZone": "main"}, {"additions": [SET]})]
    assert state.id == "projects/demo/managedZones/main/rrsets/a.example.com./A"


def test_a_changed_record_takes_the_place_of_the_old_one():
    identity = "projects/demo/managedZones/main/rrsets/a.example.com./A"
    new = {**RECORD, "rrdatas": ["192.0.2.2"]}
    sent = update(dns.RecordSet(), identity, RECORD, new, list={"rrsets": [SET]})
    added = {name: new[name] for name in ("name", "type", "rrdatas")}
    assert sent[0][2] == {"deletions": [SET], "additions": [added]}


def test_a_schedule_is_called_by_its_whole_name_and_paused_by_a_call_of_its_own():
    given = {"project": "demo", "region": "europe-west1", "name": "clean", "schedule": "0 3 * * *", "paused": True}
    name = f"{PLACE}/jobs/clean"
    target = {"uri": "https://example.com/"}
    sent, _ = create(scheduler.Job(), {**given, "httpTarget": target}, get={"name": name, "state": "PAUSED"})
    assert [(method, places) for method, places, _ in sent] == [
        ("projects.locations.jobs.create", {"parent": PLACE}),
        ("projects.locations.jobs.pause", {"name": name}),
    ]
    assert sent[0][2]["name"] == name


DATABASE = {
    "project": "demo",
    "region": "europe-west1",
    "name": "main",
    "databaseVersion": "POSTGRES_16",
    "settings": {"tier": "db-f1-micro"},
}


def test_a_database_is_called_otherwise_inside_and_says_its_addresses():
    settings = {"tier": "db-f1-micro", "diskSize": 10, "diskType": "PD_SSD", "diskAutoresize": True}
    found = {"name": "main", "region": "europe-west1", "ipAddresses": [{"type": "PRIVATE", "ipAddress": "10.0.0.2"}]}
    given = {**DATABASE, "settings": settings, "encryptionKeyName": "key"}
    sent, state = create(databases.Instance(), given, get=found)
    assert sent[0][2] == {
        "name": "main",
        "region": "europe-west1",
        "databaseVersion": "POSTGRES_16",
        "diskEncryptionConfiguration": {"kmsKeyName": "key"},
        "settings": {
            "tier": "db-f1-micro",
            "activationPolicy": "ALWAYS",
            "availabilityType": "ZONAL",
            "pricingPlan": "PER_USE",
            "dataDiskSizeGb": "10",
            "dataDiskType": "PD_SSD",
            "storageAutoResize": True,
        },
    }
    assert (state.outputs["privateIpAddress"], state.outputs["firstIpAddress"]) == ("10.0.0.2", "10.0.0.2")


def test_a_databases_settings_and_its_password_are_changed_one_by_one():
    new = {**DATABASE, "settings": {"tier": "db-g1-small"}, "rootPassword": "x"}
    found = {"name": "main", "settings": {"settingsVersion": "3"}}
    first, second = update(databases.Instance(), "main", DATABASE, new, get=found)
    assert (first[0], first[2]["settings"]["tier"], first[2]["settings"]["settingsVersion"]) == (
        "instances.update",
        "db-g1-small",
        "3",
    )
    assert second == (
        "users.update",
        {"project": "demo", "instance": "main", "name": "postgres"},
        {"name": "postgres", "password": "x"},
    )


def test_a_user_is_one_of_the_instances():
    given = {"project": "demo", "instance": "main", "name": "app", "password": "x"}
    sent, state = create(databases.User(), given, list={"items": [{"name": "postgres"}, {"name": "app", "host": ""}]})
    assert sent == [("users.insert", {"project": "demo", "instance": "main"}, {"name": "app", "password": "x"})]
    assert state.id == "app//main"
    cloud = Kept(list={"items": [{"name": "postgres"}]})
    assert databases.User().read(call(cloud), "app//main", given) is None


def test_the_password_of_a_cache_is_asked_for_apart():
    given = {"project": "demo", "region": "europe-west1", "name": "cache", "memorySizeGb": 1, "authEnabled": True}
    found = {"name": "x", "authEnabled": True, "host": "10.0.0.3", "port": 6379}
    _, state = create(caches.Instance(), given, get=found, getAuthString={"authString": "s3cr3t"})
    assert (state.outputs["authString"], state.outputs["host"], state.outputs["port"]) == ("s3cr3t", "10.0.0.3", 6379)


def test_a_networks_peering_is_named_by_both_sides():
    given = {
        "network": "https://www.googleapis.com/compute/v1/projects/demo/global/networks/main",
        "service": "servicenetworking.googleapis.com",
        "reservedPeeringRanges": ["own"],
    }
    answer = {"connections": [{"peering": "servicenetworking-googleapis-com"}]}
    sent, state = create(peering.Connection(), given, list=answer)
    assert sent == [
        (
            "services.connections.create",
            {"parent": "services/servicenetworking.googleapis.com"},
            {"network": "projects/demo/global/networks/main", "reservedPeeringRanges": ["own"]},
        )
    ]
    assert state.outputs["peering"] == "servicenetworking-googleapis-com"
    assert state.id.endswith("networks%2Fmain:servicenetworking.googleapis.com")


def test_a_nat_is_one_entry_in_its_routers_list():
    given = {"project": "demo", "region": "europe-west1", "router": "main", "name": "out"}
    kind, cloud = nat.RouterNat(), Kept(get={"nats": [{"name": "other"}]})
    entry = {
        **given,
        "sourceSubnetworkIpRangesToNat": "ALL_SUBNETWORKS_ALL_IP_RANGES",
        "natIpAllocateOption": "AUTO_ONLY",
    }
    cloud.answers["get"] = [{"nats": [{"name": "other"}]}, {"nats": [{"name": "out"}]}]
    state = kind.create(call(cloud), entry)
    assert cloud.changes[0][1] == {"project": "demo", "region": "europe-west1", "router": "main"}
    assert [each["name"] for each in cloud.changes[0][2]["nats"]] == ["other", "out"]
    assert state.id == "demo/europe-west1/main/out"
    cloud = Kept(get={"nats": [{"name": "other"}, {"name": "out"}]})
    kind.delete(call(cloud), state.id, entry)
    assert cloud.changes[0][2] == {"nats": [{"name": "other"}]}


def test_a_key_stays_and_its_versions_are_destroyed():
    key = "projects/demo/locations/europe-west1/keyRings/main/cryptoKeys/main"
    held = [{"name": f"{key}/cryptoKeyVersions/1", "state": "DESTROYED"}, {"name": f"{key}/cryptoKeyVersions/2"}]
    cloud = Kept(list={"cryptoKeyVersions": held})
    keys.CryptoKey().delete(call(cloud), key, {})
    assert [places for _, places, _ in cloud.changes] == [{"name": f"{key}/cryptoKeyVersions/2"}]
    cloud = Kept()
    keys.KeyRing().delete(call(cloud), "projects/demo/locations/europe-west1/keyRings/main", {})
    assert cloud.sent == []


def test_the_account_of_an_api_says_its_member_and_stays():
    given = {"project": "demo", "service": "run.googleapis.com"}
    sent, state = create(apis.ServiceIdentity(), given, generateServiceIdentity={"email": "a@b"})
    assert sent == [("services.generateServiceIdentity", {"parent": "projects/demo/services/run.googleapis.com"}, {})]
    assert (state.outputs["email"], state.outputs["member"]) == ("a@b", "serviceAccount:a@b")
