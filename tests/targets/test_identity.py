"""Whose a thing on an Engine is."""

from components.targets import identity


def test_with_a_backend_for_all_it_is_the_same_on_every_machine():
    assert identity.of_stack("acme", "slipway", "prod", None) == "acme/slipway/prod"
    assert identity.of_stack("organization", "slipway", "prod", "s3://bucket") == "organization/slipway/prod"


def test_two_file_backends_with_a_stack_of_the_same_name_are_told_apart():
    found = {identity.of_stack("organization", "slipway", "local", f"file:///{folder}") for folder in "ab"}
    assert len(found) == 2
    assert all(each.startswith("organization/slipway/local@") for each in found)
