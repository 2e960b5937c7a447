"""Labels of the file as tags of AWS's resources, as far as AWS takes them."""

import re
from collections.abc import Mapping
from typing import Any

_KEY = re.compile(r"(?!aws:)[A-Za-z0-9 _.:/=+@-]{1,128}", re.IGNORECASE)
_VALUE = re.compile(r"[A-Za-z0-9 _.:/=+@-]{0,256}")
"""https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html#tag-conventions"""


def of(labels: Mapping[str, Any]) -> dict[str, str]:
    """The labels that can be tags."""
    return {key: value for key, value in labels.items() if is_tag(key, value)}


def is_tag(key: str, value: Any) -> bool:
    """Whether a label can be a tag of every service of AWS: one with a secret in it never is."""
    return isinstance(value, str) and _KEY.fullmatch(key) is not None and _VALUE.fullmatch(value) is not None
