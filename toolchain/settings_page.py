"""`docs/settings.md`, written from `Pulumi.yaml`: `python -m toolchain.settings_page`."""

import json
from pathlib import Path

import yaml

PROJECT = Path(__file__).resolve().parent.parent / "Pulumi.yaml"


def page() -> str:
    """Every config key with its type, default and meaning, in the order of the project file."""
    lines = [
        "# Settings of a stack",
        "",
        "<!-- written by `make docs` from Pulumi.yaml; do not edit -->",
        "",
        "Written in `stacks/Pulumi.<stack>.yaml`, or by `pulumi config set`. In a program of your own, the arguments",
        "of `Application` have the same names in snake case.",
        "",
        "| key | type | default | meaning |",
        "|---|---|---|---|",
    ]
    for key, row in yaml.safe_load(PROJECT.read_text())["config"].items():
        default = f"`{json.dumps(row['default'])}`" if "default" in row else "required"
        lines.append(f"| `{key}` | {row['type']} | {default} | {row['description']} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(page(), end="")
