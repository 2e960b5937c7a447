"""Whole applications on the targets of `tests/graphs.py`: every resource, and every word that is said of them.

Written by `pytest --update-goldens`; whoever does so reads the difference. Not proved: that the provider takes the
inputs (for ecs: test_ecs_inputs.py), or that anything runs (tests/conformance).
"""

from collections.abc import Iterator
from typing import Any

import graphs
import pytest

from components import support, targets
from components.errors import RejectedError
from components.testing import Recorded

EVERY = [(name, target) for name in graphs.NAMES for target in graphs.PLACES]
MADE = [(name, target) for target in graphs.PLACES for name in graphs.made(target)]
GOLDEN = ("findings.txt", "rejected.txt", "resources.json")


def expected(name: str, target: str) -> dict[str, str]:
    """What the golden files say."""
    files = {file: graphs.folder(name, target) / file for file in GOLDEN}
    return {file: path.read_text(encoding="utf-8") for file, path in files.items() if path.exists()}


def update(name: str, target: str, found: dict[str, str]) -> None:
    folder = graphs.folder(name, target)
    folder.mkdir(parents=True, exist_ok=True)
    for file in GOLDEN:
        (folder / file).unlink(missing_ok=True)
    for file, text in found.items():
        (folder / file).write_text(text, encoding="utf-8")


def rejection(name: str, target: str) -> Iterator[tuple[str, str]]:
    """The report, where the files are refused as they are."""
    app = graphs.loaded(name, graphs.given(name))
    try:
        support.check(app, targets.support_table(target), target)
    except RejectedError as error:
        yield "rejected.txt", f"{error}\n"


def deployed(name: str, target: str) -> Iterator[tuple[str, str]]:
    """What is made, where the files are accepted, as they are or with what is written otherwise."""
    try:
        graph = graphs.graph(name, target)
    except RejectedError:
        return
    yield "findings.txt", "".join(f"{each}\n" for each in graph.outputs["findings"])
    yield "resources.json", graphs.shown(graph, target)


@pytest.mark.parametrize(("name", "target"), EVERY)
def test_an_application_becomes_what_its_golden_files_say(
    name: str, target: str, request: pytest.FixtureRequest
) -> None:
    found = dict([*rejection(name, target), *deployed(name, target)])
    if request.config.getoption("--update-goldens"):
        update(name, target, found)
    assert found == expected(name, target)


def test_every_application_is_made_or_refused_and_what_is_written_otherwise_has_a_reason() -> None:
    otherwise = [each for each in EVERY if (graphs.folder(*each) / "compose.yaml").exists()]
    refused = [(name, target) for name, target in EVERY if name not in graphs.made(target)]
    assert [each for each in (*refused, *otherwise) if "rejected.txt" not in expected(*each)] == []
    assert [each for each in otherwise if each in refused] == []


@pytest.mark.parametrize(("name", "target"), MADE)
def test_a_preview_has_the_same_resources_as_far_as_they_are_known(name: str, target: str) -> None:
    def rest(each: Recorded, unknown: frozenset[str]) -> tuple[Any, ...]:
        return each.urn, each.secrets - unknown, each.parent, each.options

    preview, real = graphs.graph(name, target, preview=True), graphs.graph(name, target)
    # what is not known yet is not marked as secret either
    unknown = [frozenset(key for key, value in each.inputs.items() if value is graphs.UNKNOWN) for each in preview]
    assert [*map(rest, preview, unknown)] == [*map(rest, real, unknown)]
    pairs = list(zip(preview, real, strict=True))
    assert {each.urn: graphs.differences(each, other) for each, other in pairs} == {each.urn: [] for each in real}
    # a gate asks the platform what runs, which a preview does not: what it would have asked about is missing there
    assert [each.urn for each, other in pairs if not set(each.dependencies) <= set(other.dependencies)] == []


@pytest.mark.parametrize(("name", "target"), MADE)
def test_no_resource_is_an_orphan(name: str, target: str) -> None:
    graph = graphs.graph(name, target)
    (root,) = (each.urn for each in graph if each.type == "slipway:index:Application")
    parents = {each.urn: each.parent for each in graph}

    def ends(urn: str) -> str:
        return urn if urn == root or urn not in parents else ends(parents[urn])

    assert [each.name for each in graph if ends(each.urn) != root] == []


@pytest.mark.parametrize(("name", "target"), MADE)
def test_every_resource_has_an_explicit_provider_of_its_own_kind(name: str, target: str) -> None:
    graph = graphs.graph(name, target)
    providers = {f"{each.urn}::{each.name}-id": each.type.rpartition(":")[2] for each in graph if _is_provider(each)}
    resources = [each for each in graph if not _is_provider(each) and not each.type.startswith("slipway:")]
    assert [each.name for each in resources if providers.get(each.provider) != each.type.partition(":")[0]] == []


def _is_provider(each: Recorded) -> bool:
    return each.type.startswith("pulumi:providers:")


@pytest.mark.parametrize(("name", "target"), MADE)
def test_two_runs_make_the_same(name: str, target: str) -> None:
    again = graphs.graph.__wrapped__(name, target)
    assert graphs.shown(again, target) == graphs.shown(graphs.graph(name, target), target)


@pytest.mark.parametrize(("name", "target"), MADE)
def test_nothing_of_this_machine_and_no_secret_is_shown(name: str, target: str) -> None:
    graph = graphs.graph(name, target)
    assert str(graphs.ROOT) not in graphs.shown(graph, target)
    clear = [
        (each.urn, key)
        for each in graph
        for key, value in each.inputs.items()
        if graphs.SECRET in str(value) and key not in each.secrets
    ]
    assert clear == []


def test_a_preview_that_says_otherwise_would_be_seen() -> None:
    one = Recorded(type="a:b:C", name="c", urn="", inputs={"x": [1, {"y": 2}]})
    two = Recorded(type="a:b:C", name="c", urn="", inputs={"x": [1, {"y": 3}]})
    assert graphs.differences(one, two) == [".x[1].y"]
