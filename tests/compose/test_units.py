"""Durations, sizes and modes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.compose import units
from components.compose.tree import Invalid

DURATIONS = {
    "10s": (10, "10s"),
    "90s": (90, "1m30s"),
    "1h": (3600, "1h0m0s"),
    "1h5m30s20ms": (3930.02, "1h5m30.02s"),
    "2d": (172_800, "48h0m0s"),
    "1w": (604_800, "168h0m0s"),
    "1.5s": (1.5, "1.5s"),
    "500ms": (0.5, "500ms"),
    "1500us": (0.0015, "1.5ms"),
    "10us": (0.00001, "10µs"),
    "5ns": (5e-9, "5ns"),
    "0": (0, "0s"),
    "0s": (0, "0s"),
    "-1m": (-60, "-1m0s"),
}


@pytest.mark.parametrize(("written", "expected"), DURATIONS.items())
def test_a_duration_is_read_and_printed_as_the_reference_does(written, expected):
    assert (units.seconds(written), units.duration(written)) == expected


@given(st.integers(min_value=0, max_value=10**18))
def test_what_is_printed_of_a_duration_reads_back_the_same(amount):
    assert units.nanoseconds(units.duration(f"{amount}ns")) == amount


@pytest.mark.parametrize("written", ["", "10", "s", "1 s", "1min", "1m 30s", "1,5s", "--1s"])
def test_what_is_no_duration_is_refused(written):
    with pytest.raises(Invalid, match=f'^"{written}" is not a duration$'):
        units.seconds(written)


SIZES = {
    "0": 0,
    "1": 1,
    1024: 1024,
    -1: -1,
    "-1": -1,
    "100b": 100,
    "1k": 1024,
    "1kb": 1024,
    "1KiB": 1024,
    "512m": 512 * 2**20,
    "1.5gb": 3 * 2**29,
    "2 GB": 2 * 2**30,
    "1t": 2**40,
    "1p": 2**50,
}


@pytest.mark.parametrize(("written", "expected"), SIZES.items())
def test_a_size_is_in_powers_of_1024(written, expected):
    assert units.size(written) == expected


@pytest.mark.parametrize("written", ["", "m", "1x", "1.m", "1 k b", "1e3"])
def test_what_is_no_size_is_refused(written):
    with pytest.raises(Invalid, match=r"is not a size$"):
        units.size(written)


@pytest.mark.parametrize(("written", "expected"), [("0440", 0o440), ("440", 0o440), (0o440, 0o440)])
def test_a_mode_in_quotes_is_octal(written, expected):
    assert units.mode(written) == expected


@pytest.mark.parametrize("written", ["", "9", "rw", "0x1"])
def test_what_is_no_mode_is_refused(written):
    with pytest.raises(Invalid, match=r"is not a file mode$"):
        units.mode(written)
