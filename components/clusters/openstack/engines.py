"""Where a machine has its Docker Engine from: `engine` in `slipway:cluster.new`. Pure.

https://docs.docker.com/engine/install/debian/
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import Problem
from .. import blocks

FORMS = ("distribution", "docker", "mirror")
SYSTEMS = ("debian", "ubuntu")
DOCKER = "https://download.docker.com/linux"
FINGERPRINT = "9DC858229FC7DD38854AE2D88D81803C0EBFCD88"
"""Of the key that signs Docker's repository
(https://docs.docker.com/engine/install/troubleshoot/, and https://keyserver.ubuntu.com)."""
KEYSERVER = "keyserver.ubuntu.com"
OF_THE_DISTRIBUTION = ("docker.io",)
OF_DOCKER = ("docker-ce", "docker-ce-cli", "containerd.io")
HTTPS = blocks.form(r"https://[^\s\"']+", "an address", "write one that begins with https://")

DOCKERS: Mapping[str, blocks.Check] = {"system": blocks.word(*SYSTEMS)}
"""Key of `engine.docker` -> what its value must be."""
MIRROR: Mapping[str, blocks.Check] = {
    "fingerprint": blocks.form(r"[0-9A-F]{40}", "a fingerprint", "write the key's 40 hexadecimal digits"),
    "keyserver": blocks.form(r"[A-Za-z0-9.:/-]+", "a host", f"write one such as {KEYSERVER}"),
    "url": HTTPS,
}
"""Key of `engine.mirror` -> what its value must be."""
REQUIRED = {"docker": ("system",), "mirror": ("url",)}


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where packages come from.

    Attributes:
        packages: that make an Engine.
        url: of their repository, laid out as Docker's; None: that of the distribution.
        fingerprint: of the key that signs the repository.
        keyserver: gives that key; what it gives counts by its fingerprint.
    """

    packages: tuple[str, ...] = OF_THE_DISTRIBUTION
    url: str | None = None
    fingerprint: str = FINGERPRINT
    keyserver: str = KEYSERVER


def source(asked: Mapping[str, Any] | None) -> Source:
    """What an `engine` block without problems asks for; without one, the distribution's."""
    ((form, block),) = (asked or {"distribution": {}}).items()
    given = dict(block or {})
    if form == "distribution":
        return Source()
    if form == "docker":
        return Source(packages=OF_DOCKER, url=f"{DOCKER}/{given['system']}")
    return Source(packages=OF_DOCKER, **given)


def problems(asked: Any, where: str) -> list[Problem]:
    """What is wrong with an `engine` block.

    Args:
        asked: as written: `{distribution: {}}`, `{docker: {system: ...}}` or `{mirror: {url: ...}}`.
        where: the block's place.
    """
    found = blocks.one_form(asked, where, FORMS)
    if found:
        return found
    ((form, block),) = asked.items()
    checks = {"docker": DOCKERS, "mirror": MIRROR}.get(form, {})
    return blocks.problems(block or {}, f"{where}.{form}", checks, REQUIRED.get(form, ()), outputs=())
