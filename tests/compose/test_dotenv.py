"""Files of variables, in the reference's dialect."""

import pytest

from components.compose.dotenv import parse
from components.errors import ComposeError

LINES = {
    "A=1": {"A": "1"},
    "A = 1 ": {"A": "1"},
    "A: 1": {"A": "1"},
    "export A=1": {"A": "1"},
    "export   A=1": {"A": "1"},
    "exported=1": {"exported": "1"},
    "A=": {"A": ""},
    "A=1\nA=2": {"A": "2"},
    "A=1\r\nB=2\r\n": {"A": "1", "B": "2"},
    "\n\n# c\nA=1 # comment\n  # c\nB=1#none": {"A": "1", "B": "1#none"},
    "A='$OUTER \\n'": {"A": "$OUTER \\n"},
    "A='it\\'s'": {"A": "it's"},
    'A="a\\tb\\"c\\\\d"': {"A": 'a\tb"c\\d'},
    'A="two\nlines"\nB=1': {"A": "two\nlines", "B": "1"},
    'A="x" # comment\nB=1': {"A": "x", "B": "1"},
    "A=$OUTER-${OUTER}-${NONE:-d}": {"A": "outer-outer-d"},
    "A=1\nB=$A": {"A": "1", "B": "1"},
    "OUTER=own\nB=$OUTER": {"OUTER": "own", "B": "outer"},
    'A="$OUTER"': {"A": "outer"},
    'A="\\$OUTER"': {"A": "$OUTER"},
    "A=$$OUTER": {"A": "$OUTER"},
    "A=a=b": {"A": "a=b"},
    "OUTER\nNONE\nA=1": {"OUTER": "outer", "A": "1"},
    "a.b-c_1=x": {"a.b-c_1": "x"},
    "A\tB=x": {"A\tB": "x"},
    'A="two\r\nlines"\r\nB=1\r\n': {"A": "two\r\nlines", "B": "1"},
    'A="\\0123 \\012 \\0777 \\c"': {"A": "S \\12 \\777 \\c"},
    'A="x"B=1': {"A": "x", "B": "1"},
}


@pytest.mark.parametrize(("text", "expected"), LINES.items())
def test_each_line_is_read_as_the_reference_reads_it(text, expected):
    assert parse(text, {"OUTER": "outer"}, ".env") == expected


WRONG = {
    "A B=1": '.env:1: "A B" is not a name of a variable; write NAME=value',
    "=1": '.env:1: "" is not a name of a variable; write NAME=value',
    "\nA!=1": '.env:2: "A!" is not a name of a variable; write NAME=value',
    "A=1\nB='x\nC=1": ".env:2: a value begins with ' and never ends; close it with '",
    "A=${B:?must be}": (
        ".env:1: required variable B is not set: must be; give it a value in .env, slipway:env or slipway:secrets"
    ),
}


@pytest.mark.parametrize(("text", "message"), WRONG.items())
def test_a_line_that_is_no_assignment_is_refused_with_its_number(text, message):
    with pytest.raises(ComposeError) as raised:
        parse(text, {}, ".env")
    assert str(raised.value) == message


def test_env_files_lie_under_environment_and_later_ones_win(load):
    text = "services: {web: {image: x, env_file: [a.env, b.env], environment: {OWN: service, NONE: , GIVEN: }}}"
    files = {"a.env": "A=a\nB=a\nOWN=a\n", "b.env": "B=b\nC=$OWN-$GIVEN-$A\nNONE=b\n"}
    app = load(text, {"GIVEN": "given"}, files=files)
    assert dict(app.services["web"].environment) == {
        "A": "a",
        "B": "b",
        "OWN": "service",
        "C": "service-given-a",
        "NONE": None,
        "GIVEN": "given",
    }


def test_a_raw_env_file_is_taken_as_it_is(load):
    text = "services: {web: {image: x, env_file: [{path: a.env, format: raw}]}}"
    app = load(text, files={"a.env": "# c\nA='$X' # y\n"})
    assert app.services["web"].environment == {"A": "'$X' # y"}


def test_a_key_alone_in_a_raw_file_takes_its_value_from_the_environment(load):
    text = "services: {web: {image: x, env_file: [{path: a.env, format: raw}]}}"
    app = load(text, {"SET": "1"}, files={"a.env": "SET\n  NONE\r\n\tB= c \r\n"})
    assert app.services["web"].environment == {"SET": "1", "B": " c "}


def test_all_wrong_lines_of_a_raw_file_are_reported(refused):
    text = "services: {web: {image: x, env_file: [{path: a.env, format: raw}]}}"
    assert refused(text, files={"a.env": "A=1\nB C=2\n=3\n"}) == (
        'a.env:2: "B C" is not a name of a variable; write NAME=value\n'
        'a.env:3: "" is not a name of a variable; write NAME=value'
    )


def test_label_files_lie_under_labels(load):
    text = "services: {web: {image: x, label_file: a.labels, labels: {own: service}}}"
    app = load(text, files={"a.labels": "own=file\nother=file\n"})
    assert app.services["web"].labels == {"own": "service", "other": "file"}
