"""Property values: off the wire, and back on it."""

from hypothesis import given
from hypothesis import strategies as st

from standins.values import (
    ARCHIVE,
    ASSET,
    OUTPUT,
    SIGNATURE,
    UNKNOWN,
    UNKNOWN_TEXT,
    Asset,
    Secret,
    decode,
    encode,
    from_json,
    has_secret,
    has_unknown,
    keep_secret,
    plain,
)

SCALARS = st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=8)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)


def without_none(value):
    if isinstance(value, dict):
        return {key: without_none(item) for key, item in value.items() if item is not None}
    return [without_none(item) for item in value] if isinstance(value, list) else value


@given(st.dictionaries(st.text(max_size=4), VALUES, max_size=4))
def test_what_is_encoded_is_decoded_but_for_unset_keys(properties):
    assert decode(encode(properties)) == without_none(properties)


def test_a_secret_survives_the_way_there_and_back():
    assert decode(encode({"a": [Secret({"b": 1})]})) == {"a": [Secret({"b": 1})]}


def test_a_secret_inside_a_secret_is_one_secret():
    inner = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "value": "x"}
    assert decode(encode({"a": {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "value": [inner]}})) == {
        "a": Secret(["x"])
    }


def test_an_unknown_value_is_not_its_text():
    assert decode(encode({"a": UNKNOWN_TEXT})) == {"a": UNKNOWN}
    assert decode(encode({"a": UNKNOWN})) == {"a": UNKNOWN}


def test_an_output_is_its_value_and_a_secret_where_it_says_so():
    assert decode(encode({"a": {SIGNATURE: OUTPUT, "value": 1, "secret": True}})) == {"a": Secret(1)}
    assert decode(encode({"a": {SIGNATURE: OUTPUT}})) == {"a": UNKNOWN}


def test_an_asset_and_an_archive_survive_the_way_there_and_back():
    for signature, archive in ((ASSET, False), (ARCHIVE, True)):
        decoded = decode(encode({"a": {SIGNATURE: signature, "path": "x", "hash": "1"}}))
        assert decoded == {"a": Asset({"path": "x", "hash": "1"}, archive=archive)}
        assert decode(encode(decoded)) == decoded


def test_whole_numbers_are_ints():
    decoded = decode(encode({"a": 3.0, "b": 3.5}))
    assert (type(decoded["a"]), type(decoded["b"])) == (int, float)


def test_plain_takes_every_wrapper_away():
    assert plain({"a": Secret([1]), "b": [Secret("x"), {"c": Secret(2)}]}) == {"a": [1], "b": ["x", {"c": 2}]}


def test_a_secret_does_not_show_in_its_text():
    assert "hunter2" not in repr({"a": Secret("hunter2")})


def test_parts_are_found_at_any_depth():
    assert has_secret([{"a": [Secret(1)]}])
    assert not has_secret([{"a": [1]}])
    assert has_unknown({"a": Secret([UNKNOWN])})
    assert not has_unknown({"a": [1]})


def test_an_output_whose_input_was_secret_in_part_comes_back_secret():
    inputs = {"envs": ["A=1", Secret("PW=x")], "name": "web"}
    assert keep_secret({"envs": ["A=1", "PW=x"], "name": "web"}, inputs) == {
        "envs": Secret(["A=1", "PW=x"]),
        "name": "web",
    }


def test_a_setting_is_json_or_the_text_itself():
    assert from_json('["-p", "22"]') == ["-p", "22"]
    assert from_json("true") is True
    assert from_json("unix:///var/run/docker.sock") == "unix:///var/run/docker.sock"
