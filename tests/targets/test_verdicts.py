"""The support tables tell the truth: every key of Compose and of `x-slipway` has a verdict on every target, and the
verdict is what happens.

Every key is set, one at a time, in a file that is otherwise the same (tests/samples.py). Not proved: that a platform
does what it is asked for, and that a verdict holds for every other value too.
"""

import functools
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from renderings import KEYS, rows
from samples import Case, case

from components.model import App, dotted, used
from components.support import REPEATED, Row, Table, Verdict, findings
from components.targets import TARGETS, support_table
from components.testing import record

OWN = [key for key in KEYS if not key.startswith(REPEATED)]
HARMLESS_LIMIT = 0.15
BEFORE_THE_MODEL = {"version", "jobs.*.profiles"}
"""Gone when the files are read, with what there would be to tell."""


def rows_of(table: Table, key: str) -> list[Row]:
    return [row for row, _ in table.candidates(key.split("."))]


def verdict_of(table: Table, key: str) -> Verdict:
    """The verdict where no condition holds."""
    return next(row.verdict for row in rows_of(table, key) if row.when is None)


def test_the_keys_are_those_of_the_schema() -> None:
    assert (len(OWN), len(KEYS)) == (309, 622)


@pytest.mark.parametrize("target", TARGETS)
def test_every_key_has_a_verdict(target: str) -> None:
    table = support_table(target)
    assert [key for key in KEYS if not any(row.when is None for row in rows_of(table, key))] == []


@pytest.mark.parametrize("target", TARGETS)
def test_no_row_is_about_a_key_that_there_is_not(target: str) -> None:
    known = {key.removesuffix(".*") for key in KEYS}
    blocks = {key[:at] for key in known for at, letter in enumerate(key) if letter == "."}
    rows = {row.path.removesuffix(".**").removesuffix(".*") for row in support_table(target).rows}
    assert sorted(rows - known - blocks) == []


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_not_honoured_says_why(target: str) -> None:
    rows = [row for row in support_table(target).rows if row.verdict is not Verdict.HONOURED]
    assert [row.path for row in rows if not row.reason] == []


@pytest.mark.parametrize("target", TARGETS)
def test_a_condition_is_said_in_words(target: str) -> None:
    assert [row.path for row in support_table(target).rows if (row.when is None) != (not row.condition)] == []


@pytest.mark.parametrize("target", TARGETS)
def test_few_keys_are_called_harmless(target: str) -> None:
    harmless = [key for key in OWN if verdict_of(support_table(target), key) is Verdict.HARMLESS]
    assert len(harmless) <= HARMLESS_LIMIT * len(OWN)


def created(target: str, app: App) -> Any:
    """Everything that is asked for: images to build, which are the same on every target, then the target's rows."""
    found = rows(target, app)
    if not any(each.build for each in app.services.values()):
        return found
    builds = [each for each in record({"app": app, "target": "docker"}) if each.type == "docker-build:index:Image"]
    return found, [(each.name, each.inputs) for each in builds]


def judged(table: Table, key: str, found: Case) -> Verdict:
    """What the table says about the leaves of the model that the key brought; where it brought none, about the key."""
    before = {dotted(path): str(value) for path, value in used(found.base)} if found.base else {}
    rows = [
        table.judge(found.changed, path, value)
        for path, value in used(found.changed)
        if before.get(dotted(path)) != str(value) and _below(path, found.place)
    ]
    verdicts = {row[0].verdict for row in rows if row is not None}
    weakest = (Verdict.REJECTED, Verdict.APPROXIMATED, Verdict.HARMLESS, Verdict.HONOURED)
    return next((verdict for verdict in weakest if verdict in verdicts), verdict_of(table, key))


def _below(path: Any, place: str) -> bool:
    names = ".".join(str(key) for key in path if isinstance(key, str))
    return names == place or names.startswith(place + ".")


def told(target: str, found: Case, verdict: Verdict) -> bool:
    """Whether there is a finding about the key, or about what it is in."""
    reported = findings(found.changed, support_table(target), target, harmless=True)
    return any(each.verdict is verdict and _near(each.path, found.place) for each in reported)


def _near(path: str, place: str) -> bool:
    names = re.sub(r"\[\d+\]", "", path)
    return f"{place}.".startswith(f"{names}.") or names.startswith(f"{place}.")


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Case]]:
    """The case of a key, made once for all targets; its folder is the working directory."""
    folder = tmp_path_factory.mktemp("cases")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield functools.cache(lambda key: case(key, folder))


@pytest.mark.parametrize("key", KEYS)
def test_the_file_is_right_without_the_key_too(key: str, cases: Callable[[str], Case]) -> None:
    wrong = key.endswith(("depends_on.*.required", "env_file.required")) and "pre_start" not in key
    assert (cases(key).base is None) == wrong


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("key", KEYS)
def test_the_verdict_is_true(target: str, key: str, cases: Callable[[str], Case]) -> None:
    found = cases(key)
    verdict = judged(support_table(target), key, found)
    if verdict is Verdict.HONOURED:
        changes = found.base is None or created(target, found.base) != created(target, found.changed)
        assert changes, "honoured, and nothing changes"
        return
    if verdict is Verdict.HARMLESS:
        assert found.base is not None
        assert created(target, found.base) == created(target, found.changed), "harmless, and something changes"
    assert key in BEFORE_THE_MODEL or told(target, found, verdict), f"{verdict.value}, and no finding"
