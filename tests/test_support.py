"""The support table: how rows are chosen, what is reported, and that no key is without a verdict."""

from pathlib import Path
from typing import Any

import pytest
from apps import app, service

from components import compose
from components.errors import InputError, RejectedError
from components.model import (
    App,
    Autoscale,
    BindOptions,
    Build,
    Deploy,
    FileGrant,
    FileObject,
    Mark,
    Mount,
    Opaque,
    Parts,
    Placement,
    Port,
    ServiceExtension,
    ServiceNetwork,
    UpdateConfig,
)
from components.support import Conflict, Row, Table, Verdict, check, findings
from components.targets import support_table

DOCKER = support_table("docker")

TABLE = Table(
    [
        Row("name", Verdict.HONOURED),
        Row("services.*.image", Verdict.HONOURED),
        Row("services.*.scale", Verdict.HONOURED),
        Row("services.*.networks.*", Verdict.HONOURED),
        Row("services.*.hostname", Verdict.APPROXIMATED, "it is another"),
        Row("services.*.deploy.placement.**", Verdict.REJECTED, "no nodes"),
        Row("services.*.ports.**", Verdict.HONOURED),
        Row("services.*.ports.published", Verdict.REJECTED, "low", lambda _a, _p, value: value == "80", "80"),
        Row("services.*.expose", Verdict.HARMLESS, "all is open"),
        Row("services.*.privileged", Verdict.REJECTED, "no root", instead="use cap_add"),
    ],
    rules=[
        lambda app: (
            Conflict(("services", name, "scale"), f"{each.scale} is too many", "lower it")
            for name, each in app.services.items()
            if (each.scale or 0) > 99
        )
    ],
)


def bind(**options: Any) -> Mount:
    return Mount(type="bind", source="/srv", target="/srv", bind=BindOptions(**options))


def placed(**keys: Any) -> App:
    return app(
        service("web", deploy=Deploy(placement=Placement(constraints=("a", "b"), max_replicas_per_node=1)), **keys),
        networks={},
    )


def rejected(application: App, **arguments: Any) -> str:
    with pytest.raises(RejectedError) as raised:
        check(application, TABLE, "moon", **arguments)
    return str(raised.value)


def test_a_rejected_key_is_named_once_with_its_reason_and_the_way_out() -> None:
    assert rejected(placed()) == (
        "services.web.deploy.placement: not supported on moon (no nodes); remove it or accept it with slipway:accept"
    )


def test_the_place_in_the_file_is_part_of_the_message() -> None:
    marked = App(**{**vars(placed()), "marks": {("services", "web", "deploy", "placement"): Mark("c.yaml", 4, 7)}})
    assert rejected(marked).startswith("c.yaml:4:7 services.web.deploy.placement: ")


def test_an_approximation_is_a_finding_and_no_error() -> None:
    (finding,) = check(app(service("web", hostname="x"), networks={}), TABLE, "moon")
    assert (finding.verdict, finding.message) == (
        Verdict.APPROXIMATED,
        "services.web.hostname: on moon, it is another",
    )


def test_strict_refuses_approximations_too() -> None:
    assert "services.web.hostname: on moon, it is another" in rejected(
        app(service("web", hostname="x"), networks={}), mode="strict"
    )


def test_loose_refuses_nothing_and_reports_all() -> None:
    found = check(placed(hostname="x"), TABLE, "moon", mode="loose")
    assert [finding.path for finding in found] == ["services.web.hostname", "services.web.deploy.placement"]


@pytest.mark.parametrize("accepted", ["services.web.deploy.placement", "services.*.deploy", "services.web.deploy.*"])
def test_an_accepted_loss_is_silent(accepted: str) -> None:
    assert check(placed(), TABLE, "moon", accept=[accepted]) == ()


def test_an_accept_that_accepts_nothing_is_a_finding() -> None:
    (finding,) = check(app(service("web"), networks={}), TABLE, "moon", accept=["services.web.deploi"])
    assert finding.message == 'slipway:accept: "services.web.deploi" accepts nothing that is lost; remove it'


def test_loose_says_that_what_it_does_not_refuse_is_ignored() -> None:
    (finding,) = check(placed(), TABLE, "moon", mode="loose")
    assert finding.message == "services.web.deploy.placement: ignored on moon (no nodes)"


def test_findings_tells_which_are_refused_and_which_are_not() -> None:
    found = findings(placed(hostname="x"), TABLE, "moon")
    assert [(finding.path, finding.refused) for finding in found] == [
        ("services.web.hostname", False),
        ("services.web.deploy.placement", True),
    ]


def test_an_accepted_path_may_name_one_place_in_a_list() -> None:
    two = app(service("web", ports=(Port(target=1, published="80"), Port(target=2, published="80"))), networks={})
    (finding,) = findings(two, TABLE, "moon", accept=["services.web.ports[0]"])
    assert finding.path == "services.web.ports[1].published"


def test_what_is_harmless_is_silent_unless_it_is_asked_for() -> None:
    open_app = app(service("web", expose=("80",)), networks={})
    assert findings(open_app, TABLE, "moon") == ()
    (finding,) = findings(open_app, TABLE, "moon", mode="strict", harmless=True)
    assert (finding.message, finding.refused) == (
        "services.web.expose: no effect on moon, and none is needed (all is open)",
        False,
    )


def test_a_rejected_key_says_what_to_do_instead() -> None:
    assert rejected(app(service("web", privileged=True), networks={})) == (
        "services.web.privileged: not supported on moon (no root); use cap_add, or accept it with slipway:accept"
    )


@pytest.mark.parametrize("arguments", [{}, {"mode": "loose"}, {"accept": ["services.*.scale"]}])
def test_a_conflict_is_refused_whatever_the_mode_and_whatever_is_accepted(arguments: dict[str, Any]) -> None:
    assert rejected(app(service("web", scale=100), networks={}), **arguments) == (
        "services.web.scale: 100 is too many; lower it"
    )


@pytest.mark.parametrize("pattern", ["services.*.privileged", "services.w*.*", "services", "services.web.priv*"])
def test_a_wildcard_is_any_one_name_or_a_part_of_one(pattern: str) -> None:
    assert check(app(service("web", privileged=True), networks={}), TABLE, "moon", accept=[pattern]) == ()


@pytest.mark.parametrize("pattern", ["services.db*.privileged", "*.privileged", "services.web.privileged.x"])
def test_a_pattern_that_does_not_reach_a_key_accepts_nothing(pattern: str) -> None:
    assert "services.web.privileged: not supported" in rejected(
        app(service("web", privileged=True), networks={}), accept=[pattern]
    )


FILES = {
    "base.yaml": "services:\n  base:\n    image: x\n    uts: host\n",
    "included.yaml": "services:\n  other:\n    image: x\n    uts: host\n",
    "over.yaml": "services:\n  web:\n    umask: 22\n    uts: host\n",
}


@pytest.mark.parametrize(
    ("text", "files", "places"),
    [
        (
            "services:\n  web: {extends: {file: base.yaml, service: base}}\n",
            ["compose.yaml"],
            ["base.yaml:4:5 services.web.uts"],
        ),
        (
            "include: [included.yaml]\nservices:\n  web: {image: x, uts: host}\n",
            ["compose.yaml"],
            ["compose.yaml:3:19 services.web.uts", "included.yaml:4:5 services.other.uts"],
        ),
        (
            "services:\n  web: {image: x, uts: private}\n",
            ["compose.yaml", "over.yaml"],
            ["over.yaml:3:5 services.web.umask", "over.yaml:4:5 services.web.uts"],
        ),
        (
            "x-a: &a\n  uts: host\nservices:\n  web:\n    <<: *a\n    image: x\n",
            ["compose.yaml"],
            ["compose.yaml:2:3 services.web.uts"],
        ),
    ],
    ids=["extends", "include", "merge of files", "merge key"],
)
def test_a_finding_has_the_place_where_the_key_was_written(
    text: str, files: list[str], places: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in {**FILES, "compose.yaml": text}.items():
        (tmp_path / name).write_text(content)
    found = findings(compose.load(files, {}), DOCKER, "docker")
    assert [finding.where for finding in found] == places


def test_a_key_that_the_table_does_not_know_is_an_error_in_the_table() -> None:
    with pytest.raises(LookupError, match=r"the support table of moon does not know services\.web\.runtime"):
        check(app(service("web", runtime="runc"), networks={}), TABLE, "moon")


def test_an_empty_block_of_known_keys_asks_for_nothing() -> None:
    assert check(app(service("web", deploy=Deploy()), networks={}), TABLE, "moon") == ()


def test_files_come_in_the_order_in_which_they_were_given() -> None:
    marks = {
        ("services", "web"): Mark("z.yaml", 1, 1),
        ("services", "web", "deploy"): Mark("a.yaml", 1, 1),
        ("services", "web", "hostname"): Mark("z.yaml", 9, 1),
    }
    marked = App(**{**vars(placed(hostname="x")), "marks": marks})
    assert [finding.path for finding in findings(marked, TABLE, "moon")] == [
        "services.web.hostname",
        "services.web.deploy.placement",
    ]


def test_a_row_with_a_condition_wins_where_it_holds() -> None:
    assert check(app(service("web", ports=(Port(target=1, published="81"),)), networks={}), TABLE, "moon") == ()
    assert rejected(app(service("web", ports=(Port(target=1, published="80"),)), networks={})).startswith(
        "services.web.ports[0].published: not supported on moon (low)"
    )


def test_findings_are_in_the_order_of_the_file() -> None:
    marks = {
        ("services", "web", "hostname"): Mark("c", 9, 1),
        ("services", "web", "deploy", "placement"): Mark("c", 2, 1),
    }
    marked = App(**{**vars(placed(hostname="x")), "marks": marks})
    assert [finding.path for finding in check(marked, TABLE, "moon", mode="loose")] == [
        "services.web.deploy.placement",
        "services.web.hostname",
    ]


def test_an_unknown_target_is_refused_with_a_suggestion() -> None:
    with pytest.raises(InputError) as raised:
        support_table("dokcer")
    assert str(raised.value) == (
        'unknown target "dokcer": did you mean "docker"? (known: cloudrun, docker, ecs, kubernetes, swarm)'
    )


# --- the docker column, where it depends on the value. That every verdict is true: tests/targets/test_verdicts.py -----


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            {"environment": {"URL": Parts(["x", Opaque("s", name="PW")])}},
            "services.web.environment.URL: on docker, `docker inspect` shows it: use a Compose secret, and the "
            "image's `_FILE` variable where it has one",
        ),
        (
            {"volumes": (bind(propagation="rshared", create_host_path=True),)},
            "services.web.volumes[0].bind.create_host_path: on docker, with propagation, a folder that the host lacks "
            "is an error",
        ),
        (
            {"x_slipway": ServiceExtension(autoscale=Autoscale(min=2, max=9))},
            "services.web.x-slipway.autoscale: on docker, replicas are fixed at `min`",
        ),
        (
            {"annotations": {"a": "1", "b": "2"}},
            "services.web.annotations: on docker, it is not set (pulumi-docker 5.2 has no argument for it)",
        ),
        (
            {"deploy": Deploy(update_config=UpdateConfig(order="start-first")), "container_name": "x"},
            "services.web.deploy.update_config.order: on docker, the old container goes first: name, host port or "
            "volume is in the way of two",
        ),
    ],
)
def test_what_depends_on_the_value_is_found(keys: dict[str, Any], message: str) -> None:
    assert [finding.message for finding in check(app(service("web", **keys)), DOCKER, "docker")] == [message]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            {"volumes": (bind(selinux="z", create_host_path=False),)},
            "services.web.volumes[0].bind.selinux: not supported on docker (with propagation or "
            "create_host_path: false, pulumi-docker relabels nothing)",
        ),
        (
            {"build": Build(network="backend")},
            "services.web.build.network: not supported on docker (BuildKit builds on default, host or none)",
        ),
        (
            {"networks": {"default": ServiceNetwork(gw_priority=-1)}},
            "services.web.networks.default.gw_priority: not supported on docker (pulumi-docker takes no negative "
            "priority)",
        ),
        (
            {"secrets": (FileGrant(source="s", mode=0o1777),)},
            "services.web.secrets[0].mode: not supported on docker (pulumi-docker takes no set-user, set-group or "
            "sticky bit)",
        ),
        (
            {"security_opt": ("seccomp:profile.json",)},
            "services.web.security_opt: not supported on docker (pulumi-docker hands on the file's name, not what is "
            "in it)",
        ),
        (
            {"ipc": "service:web"},
            "services.web.ipc: not supported on docker (the other service does not lend its memory)",
        ),
        (
            {"networks": {}, "network_mode": "host", "mac_address": "02:42:ac:11:00:01"},
            "services.web.mac_address: not supported on docker (without a network of its own, a container has no "
            "address)",
        ),
        (
            {"build": Build(labels={"a": Parts([Opaque("s")])})},
            "services.web.build.labels.a: not supported on docker (the image keeps it)",
        ),
    ],
)
def test_what_depends_on_the_value_is_rejected(keys: dict[str, Any], message: str) -> None:
    (finding,) = findings(app(service("web", **keys)), DOCKER, "docker")
    assert (finding.message, finding.refused) == (message, True)


@pytest.mark.parametrize("key", ["command", "entrypoint"])
def test_a_secret_in_the_process_list_is_rejected(key: str) -> None:
    with pytest.raises(RejectedError, match="the process list would show a secret"):
        check(app(service("web", **{key: (Parts([Opaque("s")]),)})), DOCKER, "docker")


def test_the_patch_of_another_target_is_silent() -> None:
    extension = ServiceExtension(patch={"kubernetes": {"Deployment": {"spec": 1}}})
    assert check(app(service("web", x_slipway=extension)), DOCKER, "docker") == ()


def test_no_message_shows_a_secret() -> None:
    shop = app(
        service("web", environment={"A": Parts([Opaque("geheim", name="PW")])}),
        secrets={"pw": FileObject(environment="PW")},
    )
    assert "geheim" not in str(check(shop, DOCKER, "docker"))
