"""Where an image is written for builds that start from it, when no registry holds it: OCI layouts on this machine.

A builder sees neither the Engine's images nor those of other builds; it reads a layout through the program that asks
for the build (https://docs.docker.com/reference/cli/docker/buildx/build/#build-context, `oci-layout://`).
"""

import secrets
import shutil
from pathlib import Path

LAYOUTS = Path(".slipway", "layouts")
"""Below the folder that Pulumi runs in; it ignores itself for git."""


def place(key: str, root: Path | None = None) -> str:
    """The folder of a build's layout: the one that is there, else one that no state knows, so that it is written.

    Args:
        key: names the build.
        root: see `LAYOUTS`, its default.
    """
    root = LAYOUTS if root is None else root
    home = root / key
    written = sorted(index.parent for index in home.glob("*/index.json"))
    for other in home.glob("*"):
        if other not in written[:1]:
            shutil.rmtree(other, ignore_errors=True)
    if written:
        return str(written[0])
    home.mkdir(parents=True, exist_ok=True)
    (root / ".gitignore").write_text("*\n")
    return str(home / secrets.token_hex(4))
