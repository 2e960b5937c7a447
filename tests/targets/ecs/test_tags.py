"""Which labels can be tags."""

import pytest

from components.model import Opaque, Parts
from components.targets.ecs import tags


@pytest.mark.parametrize(
    ("key", "value", "taken"),
    [
        ("com.example/team", "blue", True),
        ("team", "", True),
        ("", "blue", False),
        ("k" * 128, "v" * 256, True),
        ("k" * 129, "v", False),
        ("k", "v" * 257, False),
        ("AWS:owner", "x", False),
        ("rule", "Host(`a`)", False),
        ("key", Parts([Opaque("x")]), False),
    ],
)
def test_a_label_is_a_tag_where_every_service_of_aws_takes_it(key: str, value: object, taken: bool) -> None:
    assert tags.of({key: value}) == ({key: value} if taken else {})
