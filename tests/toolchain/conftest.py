"""What the tests of set-up share: a checkout and a cache of their own, and nothing of the user's."""

import pytest

from components.errors import InputError
from toolchain.places import Places


@pytest.fixture
def places(tmp_path):
    checkout = tmp_path / "checkout"
    (checkout / "stacks").mkdir(parents=True)
    return Places(checkout, tmp_path / "cache")


@pytest.fixture
def refused():
    """The text that a call is refused with."""

    def run(call, *args, **kwargs):
        with pytest.raises(InputError) as caught:
            call(*args, **kwargs)
        return str(caught.value)

    return run
