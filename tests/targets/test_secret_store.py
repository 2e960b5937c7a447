"""What a platform's store of secrets keeps of an application."""

from components.access import Contents
from components.model import App, FileGrant, FileObject, Opaque, Parts, Service
from components.targets import secret_store
from components.targets.ecs.given import Given, Scope

SECRET = Parts([Opaque("x", name="KEY")])
WEB = Service(
    name="web",
    secrets=(FileGrant(source="key"), FileGrant(source="key", target="again")),
    configs=(FileGrant(source="page", target="/etc/page"),),
    environment={"A": "1", "B": SECRET, "C": None, "D": Parts([Opaque("y", secret=False)])},
)
APP = App(
    name="shop",
    services={"web": WEB},
    secrets={"key": FileObject(environment="KEY"), "there": FileObject(external=True)},
    configs={"page": FileObject(content="x"), "url": FileObject(content=SECRET)},
)
CONTENTS = Contents(secrets={"key": "four", "there": "x" * 9}, configs={"page": "x" * 9, "url": SECRET})
SCOPE = Scope(APP, {}, Given(contents=CONTENTS))


def test_secrets_are_kept_and_configs_that_hold_one() -> None:
    kinds = [("secrets", "key"), ("secrets", "there"), ("configs", "page"), ("configs", "url")]
    assert [secret_store.is_kept(SCOPE, kind, key) for kind, key in kinds] == [True, False, False, True]


def test_what_is_granted_twice_is_read_once() -> None:
    assert list(secret_store.granted_to([WEB, WEB])) == [("secrets", "key"), ("configs", "page")]


def test_a_config_has_a_name_of_its_own_among_secrets() -> None:
    assert [secret_store.key_of(kind, "key") for kind in ("secrets", "configs")] == ["key", "key-config"]


def test_a_variable_is_secret_where_its_value_is() -> None:
    assert secret_store.variables(WEB) == {"B": SECRET}


def test_what_is_too_large_is_told_but_for_what_is_there_already_or_not_known() -> None:
    def size(content: object) -> int | None:
        return len(content) if isinstance(content, str) else None

    assert list(secret_store.oversized(SCOPE, 8, size)) == [("configs", "page", 9)]
