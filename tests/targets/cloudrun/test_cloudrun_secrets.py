"""Secrets in Secret Manager, and the accounts that may read them.

Not proved: that Google refuses what no policy allows; the tests against a cloud show that of a stand-in.
"""

import pytest
from apps import app, service
from cloudrun_scopes import by_key, labels, scope

from components.access import Contents
from components.model import (
    App,
    FileGrant,
    FileObject,
    Job,
    Opaque,
    Parts,
    Service,
    ServiceExtension,
)
from components.support import Conflict
from components.targets import sharing
from components.targets.cloudrun import accounts, secrets
from components.targets.rows import Base64, Ref

SECRET = Parts([Opaque("x", name="KEY")])
WEB = service("web", secrets=(FileGrant(source="key"),), environment={"URL": Parts(["x:", *SECRET]), "MODE": "fast"})
OBJECTS = {"secrets": {"key": FileObject(environment="KEY", labels={"team": "shop"})}}
CONTENTS = Contents(secrets={"key": SECRET})


def test_a_secret_that_is_read_is_kept_with_its_labels() -> None:
    found = by_key(secrets.rows(scope(app(WEB, **OBJECTS), contents=CONTENTS)))
    assert found[("Secret", "key")].args == {
        "project": "shop-1",
        "secret_id": "shop-key",
        "replication": {"auto": {}},
        "annotations": {"team": "shop"},
        "labels": labels(),
    }
    assert found[("SecretVersion", "key")].args == {"secret": Ref("Secret", "key", "id"), "secret_data": SECRET}


def test_a_secret_variable_is_a_secret_of_its_container() -> None:
    found = by_key(secrets.rows(scope(app(WEB, **OBJECTS), contents=CONTENTS)))
    assert list(found) == [
        ("Secret", "key"),
        ("SecretVersion", "key"),
        ("Secret", "web-URL"),
        ("SecretVersion", "web-URL"),
    ]
    assert found[("Secret", "web-URL")].args["labels"] == labels("web")
    assert found[("Secret", "web-URL")].args["secret_id"] == "shop-web-url-b501b83"
    assert found[("SecretVersion", "web-URL")].args["secret_data"] == Parts(["x:", *SECRET])


def test_what_nothing_reads_or_is_there_already_is_not_made() -> None:
    objects = {"secrets": {"key": FileObject(environment="KEY"), "there": FileObject(external=True)}}
    web = service("web", secrets=(FileGrant(source="there"),))
    assert list(secrets.rows(scope(app(web, **objects), contents=CONTENTS))) == []


def test_a_config_is_a_secret_where_it_holds_one() -> None:
    web = service("web", configs=(FileGrant(source="page", target="/etc/a/page"), FileGrant(source="plain")))
    objects = {"configs": {"page": FileObject(content=SECRET), "plain": FileObject(content="x")}}
    reached = scope(app(web, **objects), contents=Contents(configs={"page": SECRET, "plain": "x"}))
    assert list(by_key(secrets.rows(reached))) == [("Secret", "page-config"), ("SecretVersion", "page-config")]


def test_what_is_no_text_is_sent_in_base64() -> None:
    web = service("web", secrets=(FileGrant(source="key"),))
    found = by_key(secrets.rows(scope(app(web, **OBJECTS), contents=Contents(secrets={"key": b"\xff"}))))
    assert found[("SecretVersion", "key")].args == {
        "secret": Ref("Secret", "key", "id"),
        "secret_data": Base64(b"\xff", "key", 65536),
        "is_secret_data_base64": True,
    }


def test_the_password_that_google_makes_takes_the_place_of_the_files() -> None:
    cache = service(
        "cache", image="redis:7", secrets=(FileGrant(source="key"),), x_slipway=ServiceExtension(managed="redis")
    )
    web = service("web", secrets=(FileGrant(source="key"),))
    found = by_key(secrets.rows(scope(app(web, cache, **OBJECTS), contents=CONTENTS)))
    assert found[("SecretVersion", "key")].args["secret_data"] == Ref("CacheInstance", "cache", "auth_string")


@pytest.mark.parametrize(
    ("reached", "replication"),
    [
        ({"kms_key": "k"}, {"auto": {"customer_managed_encryption": {"kms_key_name": "k"}}}),
        (
            {"replication": ("europe-west1", "europe-west4")},
            {"user_managed": {"replicas": [{"location": "europe-west1"}, {"location": "europe-west4"}]}},
        ),
        (
            {"replication": ("europe-west1",), "kms_key": "k"},
            {
                "user_managed": {
                    "replicas": [
                        {"location": "europe-west1", "customer_managed_encryption": {"kms_key_name": "k"}},
                    ]
                }
            },
        ),
    ],
)
def test_the_stack_says_where_secrets_are_and_by_which_key(
    reached: dict[str, object], replication: dict[str, object]
) -> None:
    found = by_key(secrets.rows(scope(app(WEB, **OBJECTS), reached=reached, contents=CONTENTS)))
    assert found[("Secret", "key")].args["replication"] == replication


def test_names_that_two_secrets_would_have_are_refused() -> None:
    objects = {
        "secrets": {"page-config": FileObject(environment="KEY"), "web-URL": FileObject(environment="KEY")},
        "configs": {"page": FileObject(content="x")},
    }
    assert list(secrets.conflicts(app(WEB, **objects))) == [
        Conflict(
            ("secrets", "page-config"),
            '"page-config" is the name of the secret that configs.page becomes',
            "rename it",
        ),
        Conflict(
            ("secrets", "web-URL"),
            '"web-URL" is the name of the secret that services.web.environment.URL becomes',
            "rename it",
        ),
    ]


# --- accounts --------------------------------------------------------------------------------------------------------


def reads(application: App, workload: Service) -> dict[str, object]:
    rows = accounts.rows(scope(application, contents=CONTENTS), workload)
    return {row.key: row.args["secret_id"] for row in rows if row.kind == "SecretAccess"}


def test_a_service_runs_as_an_account_of_its_own() -> None:
    assert by_key(accounts.rows(scope(app(service("web"))), service("web"))) == by_key(
        [
            scope(app()).row(
                "Account",
                "web",
                {"project": "shop-1", "account_id": "shop-web", "display_name": "web of shop"},
                service="web",
            )
        ]
    )


def test_an_account_may_read_what_its_containers_take_and_nothing_else() -> None:
    other = service("other", environment={"TOKEN": SECRET})
    application = app(WEB, other, **OBJECTS)
    reached = scope(application, contents=CONTENTS)
    assert by_key(accounts.rows(reached, WEB))[("SecretAccess", "web-key")].args == {
        "project": "shop-1",
        "secret_id": Ref("Secret", "key", "secret_id"),
        "role": "roles/secretmanager.secretAccessor",
        "member": Ref("Account", "web", "member"),
    }
    assert list(reads(application, WEB)) == ["web-web-URL", "web-key"]
    assert list(reads(application, other)) == ["other-other-TOKEN"]


def test_what_two_files_come_from_is_allowed_once() -> None:
    web = service("web", secrets=(FileGrant(source="key"), FileGrant(source="key", target="again")))
    assert list(reads(app(web, **OBJECTS), web)) == ["web-key"]


def test_the_account_reads_what_a_companion_takes() -> None:
    beside = service("beside", secrets=(FileGrant(source="key"),), network_mode="service:web", networks={})
    assert list(reads(app(service("web"), beside, **OBJECTS), service("web"))) == ["web-key"]


def test_a_secret_that_is_there_already_is_allowed_by_its_name() -> None:
    web = service("web", secrets=(FileGrant(source="key"),))
    there = {"secrets": {"key": FileObject(external=True, name="team-key")}}
    assert reads(app(web, **there), web) == {"web-key": "team-key"}


def test_a_job_has_an_account_too() -> None:
    job = Job(name="report", image="report:1", secrets=(FileGrant(source="key"),))
    assert list(reads(app(jobs={"report": job}, **OBJECTS), sharing.as_service(job))) == ["report-key"]


def test_what_an_account_needs_is_there_before_its_service_starts() -> None:
    reached = scope(app(WEB, **OBJECTS), contents=CONTENTS)
    assert accounts.needs(reached, WEB) == [("SecretAccess", "web-web-URL"), ("SecretAccess", "web-key")]
