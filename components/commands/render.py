"""What a target would create, without Pulumi, a platform or a registry: the rows, in the order of their creation.

Each row has `kind` and `key` (together they are the row's name), `args` in the SDK's snake_case, and what orders it.
A value that is known only when another row is there is `${kind.key.attribute}`; a secret is `[secret]`. The same files
give the same text.
"""

import importlib
from typing import Any

from ..access import Contents, Images
from ..model import App


def offline(target: str, app: App, images: Images, contents: Contents) -> Any:
    """The rows of an application as far as they are known without asking the platform."""
    module = importlib.import_module(f"..targets.{target}.render", __package__)
    return module.offline(app, images, contents)
