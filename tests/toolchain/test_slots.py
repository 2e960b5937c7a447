"""Slots for clusters on this machine. That what a killed one left is removed is tests/conformance's to prove."""

import contextlib

import pytest

from toolchain import slots
from toolchain.slots import Slot


@pytest.fixture
def cleared(monkeypatch, tmp_path):
    """The slots are below a folder of the test's own, and what it clears is only told."""
    told: list[int] = []
    monkeypatch.setattr(slots, "FOLDER", f"{tmp_path}/slot-{{}}")
    monkeypatch.setattr(Slot, "clear", lambda self: told.append(self.number))
    return told


def test_no_two_slots_share_a_name_or_an_address(tmp_path):
    made = [Slot(number, tmp_path) for number in range(slots.COUNT)]
    for names in ([each.network for each in made], [each.bridge for each in made], [each.space for each in made]):
        assert len(set(names)) == slots.COUNT


def test_a_link_has_a_name_that_the_kernel_takes(tmp_path):
    longest = Slot(slots.COUNT - 1, tmp_path)
    assert len(longest.outer) <= 15
    assert len(longest.bridge) <= 15


def test_a_slot_in_use_is_left_alone(cleared):
    with slots.take() as first, slots.take() as second:
        assert (first.number, second.number) == (0, 1)
        assert cleared == [0, 1]


def test_a_slot_is_cleared_before_it_is_used_and_after(cleared):
    for _ in range(2):
        with slots.take() as slot:
            assert slot.number == 0
    assert cleared == [0, 0, 0, 0]


def test_a_slot_is_cleared_after_a_failure_too(cleared):
    with pytest.raises(ZeroDivisionError), slots.take():
        raise ZeroDivisionError
    assert cleared == [0, 0]


def test_where_all_slots_are_in_use_it_says_so(cleared, refused):
    with contextlib.ExitStack() as held:
        for _ in range(slots.COUNT):
            held.enter_context(slots.take())
        assert refused(lambda: held.enter_context(slots.take())) == (
            "Kubernetes: 8 clusters run on this machine already; end one; each is a `python -m toolchain.kubernetes`, "
            f"or a test, that holds {slots.FOLDER.format('N')}/lock"
        )
