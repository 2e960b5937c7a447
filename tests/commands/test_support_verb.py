"""`support`: the generated page, and the verdicts on one key."""

import re
from pathlib import Path

import pytest

from components.commands.support import entries, page
from components.compose import extension, schema
from components.support import REPEATED, keys
from components.targets import TARGETS, support_table

ROOT = Path(__file__).parents[2]
TABLES = {name: support_table(name) for name in TARGETS}


def test_the_page_is_fresh() -> None:
    assert (ROOT / "docs" / "support.md").read_text() == page(entries(TABLES), list(TABLES)), "run `make docs`"


def test_markdown_is_the_page(run) -> None:
    assert run("support", "--format", "markdown").out == (ROOT / "docs" / "support.md").read_text()


def test_every_key_has_one_row_and_a_cell_for_each_target() -> None:
    lines = [line for line in page(entries(TABLES), list(TABLES)).splitlines() if line.startswith("| `")]
    shown = [line.split("`")[1] for line in lines]
    known = [key for key in keys(schema.official(), extension.blocks()) if not key.startswith(REPEATED)]
    assert [key for key in shown if not key.startswith(REPEATED)] == known
    assert len(shown) == len(set(shown))
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {len(TABLES) + 2}


def test_the_parts_of_a_target_come_to_a_hundred() -> None:
    lines = page(entries({"docker": TABLES["docker"]}), ["docker"]).splitlines()
    parts = [int(line.split("|")[2].removesuffix(" % ")) for line in lines if line.endswith(" % |")]
    assert (len(parts), 99 <= sum(parts) <= 101) == (4, True)


def test_every_note_is_used_and_written_once() -> None:
    text = page(entries(TABLES), list(TABLES))
    written = re.findall(r"^\[\^(\d+)\]: ", text, re.MULTILINE)
    assert written == [str(number) for number in range(1, len(written) + 1)]
    assert set(re.findall(r" \[\^(\d+)\]", text)) == set(written)


def rows(run, key: str) -> list[str]:
    done = run("support", "--target", "docker", "--key", key)
    assert (done.code, done.err) == (0, "")
    return done.out.splitlines()


@pytest.mark.parametrize("key", ["services.*.uts", "services.web.uts"])
def test_a_key_may_be_written_with_a_name_or_with_a_star(run, key: str) -> None:
    assert rows(run, key)[:2] == [
        "services.*.uts",
        "  docker  rejected      pulumi-docker 5.2 has no argument for it; use hostname",
    ]


def test_a_row_with_a_condition_is_printed_before_the_one_without(run) -> None:
    assert rows(run, "services.web.deploy.endpoint_mode")[1:3] == [
        "  docker  honoured      if dnsrr",
        "          approximated  the name resolves to every replica's address",
    ]


def test_a_place_in_a_list_may_be_written(run) -> None:
    assert rows(run, "services.web.ports[0].mode")[1] == (
        "  docker  harmless      on one Engine, ingress and host are the same"
    )


def test_a_block_is_printed_with_the_keys_in_it(run) -> None:
    assert [line for line in rows(run, "services.web.depends_on") if line.startswith("services")] == [
        "services.*.depends_on.*.condition",
        "services.*.depends_on.*.required",
        "services.*.depends_on.*.restart",
    ]


def test_the_parts_are_told_of_all_keys_and_not_of_one(run) -> None:
    assert re.search(r"^docker: \d+ % honoured, ", run("support").out, re.MULTILINE)
    assert "%" not in run("support", "--key", "services.*.ulimits").out


@pytest.mark.parametrize(
    ("key", "row"),
    [
        ("services.web.pre_start[0].image", "services.*.pre_start.**"),
        ("jobs.backup.image", "jobs.*.**"),
        ("services.web.x-slipway.patch.docker.Container.user", "services.*.x-slipway.patch.docker"),
    ],
)
def test_a_key_below_a_row_is_judged_by_it(run, key: str, row: str) -> None:
    assert rows(run, key)[0] == row


def test_every_target_has_its_lines(run) -> None:
    lines = run("support", "--key", "name").out.splitlines()
    assert [line.split()[0] for line in lines[1 : 1 + len(TARGETS)]] == list(TARGETS)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("networks.x.drivr", '"drivr" is no key of "networks.x": did you mean "driver"? (known: attachable, '),
        ("servces", '"servces" is no key: did you mean "services"? (known: configs, '),
        ("services.web.logging.options.a.b", '"b" is no key of "services.web.logging.options.a": (known: )'),
    ],
)
def test_a_key_that_is_not_there_is_refused_with_a_suggestion(run, key: str, message: str) -> None:
    done = run("support", "--key", key)
    assert (done.code, done.out, done.err.startswith(message)) == (2, "", True), done.err
