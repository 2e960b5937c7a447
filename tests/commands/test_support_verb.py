"""`support`: the generated page, and the verdict on one key."""

from pathlib import Path

import pytest

from components.commands.support import page
from components.targets import TARGETS, support_table

ROOT = Path(__file__).parents[2]


def test_the_page_is_fresh() -> None:
    tables = {name: support_table(name) for name in TARGETS}
    assert (ROOT / "docs" / "support.md").read_text() == page(tables), "run `make docs`"


def test_without_a_key_the_page_is_printed(run) -> None:
    assert run("support").out == (ROOT / "docs" / "support.md").read_text()


def test_every_row_is_on_the_page_once() -> None:
    table = support_table("docker")
    lines = [line for line in page({"docker": table}).splitlines() if line.startswith("| `")]
    assert len(lines) == len(set(lines)) == len(table.rows)


def test_a_key_of_the_page_has_one_cell_for_each_column() -> None:
    lines = [line for line in page({"docker": support_table("docker")}).splitlines() if line.startswith("|")]
    assert {line.count("|") for line in lines} == {3}


@pytest.mark.parametrize("key", ["services.*.uts", "services.web.uts"])
def test_a_key_may_be_written_with_a_name_or_with_a_star(run, key: str) -> None:
    expected = "docker: services.*.uts: rejected (pulumi-docker 5.2 has no argument for it)\n"
    assert run("support", key) == (0, expected, "")


def test_a_row_with_a_condition_is_printed_before_the_one_without(run) -> None:
    assert run("support", "services.web.deploy.endpoint_mode").out == (
        "docker: services.*.deploy.endpoint_mode: approximated (the name resolves to every replica's address; "
        "when: vip)\n"
        "docker: services.*.deploy.endpoint_mode: honoured\n"
    )


def test_a_place_in_a_list_may_be_written(run) -> None:
    assert run("support", "services.web.ports[0].mode") == (
        0,
        "docker: services.*.ports.mode: honoured (on one Engine, ingress and host are the same)\n",
        "",
    )


def test_a_block_is_printed_with_the_keys_in_it(run) -> None:
    lines = run("support", "services.web.depends_on").out.splitlines()
    assert [line.split(": ")[1] for line in lines] == [
        "services.*.depends_on.*",
        "services.*.depends_on.*.condition",
        "services.*.depends_on.*.required",
        "services.*.depends_on.*.restart",
    ]


def test_a_key_below_a_rejected_block_is_rejected(run) -> None:
    assert run("support", "services.web.pre_start[0].image").out.startswith("docker: services.*.pre_start.**: rejected")


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("networks.x.drivr", '"drivr" is no key of "networks.x": did you mean "driver"? (known: attachable, '),
        ("servces", '"servces" is no key: did you mean "services"? (known: configs, '),
        ("services.web.logging.options.a.b", '"b" is no key of "services.web.logging.options.a": (known: )'),
    ],
)
def test_a_key_that_is_not_there_is_refused_with_a_suggestion(run, key: str, message: str) -> None:
    done = run("support", key)
    assert (done.code, done.out, done.err.startswith(message)) == (2, "", True), done.err


def test_a_target_that_is_not_built_is_refused(run) -> None:
    assert run("support", "--target", "ecs") == (2, "", 'target "ecs" is not built yet; use one of docker\n')
