"""A PULUMI_HOME of its own, with the plugin that stands in for an official one beside the project's plugins.

The project's own PULUMI_HOME never has it: who deploys to a cloud gets Pulumi's own plugin, or none.
"""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from toolchain import cache
from toolchain.places import Places


@contextlib.contextmanager
def home(places: Places, plugin: str, version: str) -> Iterator[Path]:
    """Make one, and remove it at the end.

    Args:
        places: of this checkout.
        plugin: `aws`, as the module of `standins` is called too.
        version: of the official plugin that the SDK asks for.
    """
    with tempfile.TemporaryDirectory(prefix=f"slipway-{plugin}-home-") as folder:
        plugins = Path(folder) / "plugins"
        plugins.mkdir()
        for each in (places.home / "plugins").iterdir():
            if each.is_dir():  # Pulumi looks into folders, and not into links to them
                (plugins / each.name).mkdir()
                for file in each.iterdir():
                    (plugins / each.name / file.name).symlink_to(file)
        script = f'#!/bin/sh\nPYTHONPATH="{places.checkout}" exec "{places.python}" -m standins.{plugin} "$@"\n'
        cache.write(plugins / f"resource-{plugin}-v{version}" / f"pulumi-resource-{plugin}", script, 0o755)
        yield Path(folder)
