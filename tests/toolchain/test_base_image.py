"""How the base image is made where no registry answers; that it really comes out is seen in every test on an Engine."""

import pytest

from toolchain import base_image

FOLDER = "/cache/.base-image.new-x"


def test_mmdebstrap_works_where_the_next_set_up_removes_only_in_namespaces_that_end_with_us(monkeypatch):
    """Killed outside of them, it leaves mounts of the machine's own /proc and /sys in its folder."""
    monkeypatch.setattr(base_image, "succeeds", lambda command: True)
    contained = base_image._contained(FOLDER)
    assert contained[:3] == ["setpriv", "--pdeathsig", "KILL"]
    assert f"TMPDIR={FOLDER}" in contained
    monkeypatch.setattr(base_image, "succeeds", lambda command: False)
    assert base_image._contained(FOLDER) == ["setsid", "--wait"]


@pytest.mark.parametrize(
    ("targets", "lines"),
    [
        (
            "Debian bookworm http://deb/debian/\nDebian bookworm http://deb/debian/\n"
            "Debian bookworm-security http://deb/security/\nOther bookworm http://other/\n",
            ["deb http://deb/debian/ bookworm main", "deb http://deb/security/ bookworm-security main"],
        ),
        (
            "Debian trixie http://deb/debian/\nDebian trixie-updates http://deb/debian/\n",
            ["deb http://deb/debian/ bookworm main", "deb http://deb/debian/ bookworm-updates main"],
        ),
    ],
)
def test_its_packages_come_from_this_machines_own_mirrors(monkeypatch, targets, lines):
    monkeypatch.setattr(base_image, "run", lambda command: targets)
    assert base_image.sources() == lines
