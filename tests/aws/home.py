"""A PULUMI_HOME of its own, with the plugin that stands in for the official aws one beside the project's plugins.

The project's own PULUMI_HOME never has it: who deploys to AWS gets Pulumi's own plugin, or none.
"""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from toolchain import cache
from toolchain.places import Places

VERSION = "7.51.1"


@contextlib.contextmanager
def home(places: Places) -> Iterator[Path]:
    """Make one, and remove it at the end."""
    with tempfile.TemporaryDirectory(prefix="slipway-aws-home-") as folder:
        plugins = Path(folder) / "plugins"
        plugins.mkdir()
        for plugin in (places.home / "plugins").iterdir():
            if plugin.is_dir():  # Pulumi looks into folders, and not into links to them
                (plugins / plugin.name).mkdir()
                for file in plugin.iterdir():
                    (plugins / plugin.name / file.name).symlink_to(file)
        script = f'#!/bin/sh\nPYTHONPATH="{places.checkout}" exec "{places.python}" -m standins.aws "$@"\n'
        cache.write(plugins / f"resource-aws-v{VERSION}" / "pulumi-resource-aws", script, 0o755)
        yield Path(folder)
