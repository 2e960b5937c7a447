"""Which addresses a subnet of a new network has."""

import ipaddress

import pytest

from components.clusters.aws import cidrs

REGION = "eu-central-1"
ZONES = [f"{REGION}{letter}" for letter in cidrs.LETTERS]


def test_a_zones_ranges_follow_from_its_letter() -> None:
    assert cidrs.private("10.0.0.0/16", "eu-central-1a") == "10.0.0.0/20"
    assert cidrs.private("10.0.0.0/16", "eu-central-1c") == "10.0.32.0/20"
    assert cidrs.public("10.0.0.0/16", "eu-central-1a") == "10.0.128.0/24"
    assert cidrs.public("10.0.0.0/16", "eu-central-1c") == "10.0.130.0/24"


@pytest.mark.parametrize("prefix", range(cidrs.LARGEST, cidrs.SMALLEST + 1))
def test_no_range_overlaps_another_and_all_are_within_the_network(prefix: int) -> None:
    network = ipaddress.ip_network(f"10.0.0.0/{prefix}")
    found = [ipaddress.ip_network(part(str(network), zone)) for part in (cidrs.private, cidrs.public) for zone in ZONES]
    assert all(each.subnet_of(network) for each in found)
    assert not any(one.overlaps(other) for one in found for other in found if one is not other)


def test_no_range_is_smaller_than_aws_takes() -> None:
    assert ipaddress.ip_network(cidrs.public(f"10.0.0.0/{cidrs.SMALLEST}", ZONES[0])).prefixlen == 28


@pytest.mark.parametrize(
    ("cidr", "verdict"),
    [
        ("10.0.0.0/16", True),
        ("172.16.0.0/20", True),
        ("10.0.0.0/15", False),
        ("10.0.0.0/21", False),
        ("10.0.1.0/16", False),
        ("8.8.0.0/16", False),
        ("ten", False),
    ],
)
def test_a_network_is_private_neither_too_large_nor_too_small_and_begins_where_it_should(cidr, verdict: bool) -> None:
    assert cidrs.is_network(cidr) is verdict


def test_without_names_the_zones_are_the_regions_first_two() -> None:
    assert cidrs.zones(REGION, None) == ("eu-central-1a", "eu-central-1b")
    assert cidrs.zones(REGION, ["eu-central-1c"]) == ("eu-central-1c",)


@pytest.mark.parametrize("zone", ["eu-central-1", "eu-west-1a", "eu-central-1i", "us-west-2-lax-1a", "eu-central-1ab"])
def test_another_regions_zone_or_a_local_zone_is_none(zone: str) -> None:
    assert not cidrs.is_zone(REGION, zone)
