"""YAML as the verbs write it: read by YAML 1.1 and by 1.2 as it was, in the order in which it was given."""

from typing import Any

import yaml

from ..compose import scalars

_WIDTH = 1_000_000
"""No line is folded: a diff then shows what changed."""


def dump(value: Any) -> str:
    """Plain values as a YAML document."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)


class _Dumper(yaml.CSafeDumper):
    """PyYAML itself quotes what YAML 1.1 would not read as a string; this one what 1.2 would not either."""

    def ignore_aliases(self, _data: Any) -> bool:
        """No anchors: values that are equal are so by chance."""
        return True

    def text(self, value: str) -> yaml.Node:
        """A string: several lines as a block, quoted where it would be read as a number or the like."""
        style = None if value != "" and scalars.plain(value) == value else '"'
        return self.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else style)


_Dumper.add_representer(str, _Dumper.text)
