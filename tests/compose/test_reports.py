"""How problems become a report."""

import pytest

from components.compose import load, reports
from components.errors import ComposeError, Problem


def places(*where):
    return [problem.where for problem in reports.ordered([Problem("wrong", one) for one in where])]


def test_problems_are_in_the_order_of_lines_and_of_files_as_they_came():
    assert places("b.yaml:10:2 x", "b.yaml:9:30 y", "b.yaml:9:4 z", "a.yaml:1", "b.yaml", "a.yaml:1:1 x") == [
        "b.yaml",
        "b.yaml:9:4 z",
        "b.yaml:9:30 y",
        "b.yaml:10:2 x",
        "a.yaml:1",
        "a.yaml:1:1 x",
    ]


def test_a_problem_is_reported_once():
    assert places("a.yaml:1:1 x", "a.yaml:1:1 x") == ["a.yaml:1:1 x"]


def test_a_report_has_an_end():
    assert str(reports.ordered([Problem("wrong", f"a.yaml:{line}") for line in range(1, 251)])[-1]) == (
        "at least 150 more problems; correct these first"
    )


def test_a_value_is_shown_on_one_line_and_cut():
    shown = reports.readable(Problem(f'"a\nb\x1b[2J\ufeffé{"x" * 1000}" is wrong', "a.yaml:1:1 x", "fix"))
    assert shown.what.startswith('"a\\nb\\x1b[2J\\ufefféxxx')
    assert shown.what.endswith('xxx" is wrong')
    assert "xxx...xxx" in shown.what
    assert len(shown.what) < 450
    assert (shown.where, shown.fix) == ("a.yaml:1:1 x", "fix")


def test_the_problems_of_a_phase_come_in_the_order_of_the_file(refused):
    text = "services:\n  web: {image: x, imge: y, ports: {}}\n  db: {image: [x]}\nnetwork: {}\n"
    assert [line.partition(" ")[0] for line in refused(text).splitlines()] == [
        "compose.yaml:2:19",
        "compose.yaml:2:28",
        "compose.yaml:3:8",
        "compose.yaml:4:1",
    ]


def test_a_million_problems_are_one_short_report(refused):
    text = "services: {web: {image: x, labels: [" + "[]," * 100_000 + "]}}"
    assert len(refused(text).splitlines()) == 101


def test_of_very_many_unknown_keys_no_more_are_looked_at_than_are_shown(tmp_path):
    keys = "".join(f"    key{number}: 1\n" for number in range(5000))
    (tmp_path / "compose.yaml").write_text(f"services:\n  web:\n    image: x\n{keys}")
    with pytest.raises(ComposeError) as caught:
        load([str(tmp_path / "compose.yaml")], {})
    assert len(caught.value.problems) == reports.MAX_PROBLEMS + 1
    assert str(caught.value).endswith("at least 1 more problems; correct these first")
