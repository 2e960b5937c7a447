"""Phase 8, paths: relative paths become absolute, against the directory of the file that they were written for.

Source: `paths/resolve.go` of the reference. `~` is the user's home.
"""

import os
from collections.abc import Callable
from typing import Any

from .tree import Map, rewrite, table

_REMOTE = ("https://", "http://", "git://", "ssh://", "github.com/", "git@", "service:")


def absolute(path: str, directory: str) -> str:
    """A path against a directory; `~` is the user's home; a Windows path is left as it is."""
    expanded = os.path.expanduser(path) if path == "~" or path.startswith("~/") else path  # noqa: PTH111 - keeps `.`
    if os.path.isabs(expanded) or _is_windows(expanded):  # noqa: PTH117 - strings in, strings out
        return expanded
    return os.path.normpath(os.path.join(directory, expanded))  # noqa: PTH118 - pathlib cannot drop `..`


def unread(path: str) -> str:
    """Why a file of this name is not read; empty where it is."""
    if "://" in path or path.startswith(("git@", "github.com/")):
        return f'"{path}" is a remote file, and only local ones are read'
    return f'"{path}" is a Windows path' if _is_windows(path) else ""


def shown(path: str) -> str:
    """An absolute path for messages: relative to the working directory where it lies below it."""
    relative = os.path.relpath(path) if path else ".."
    return path if relative.startswith("..") else relative


def _is_windows(path: str) -> bool:
    return path.startswith("\\\\") or (path[1:3] in (":\\", ":/") and path[0].isalpha())


def _is_remote(context: str) -> bool:
    return "://" in context or context.startswith(_REMOTE)


def resolve(root: Map, directory: str) -> None:
    """Make every path of a document absolute, in place.

    Args:
        root: the document, in the long form.
        directory: what its relative paths are relative to; absolute.
    """
    _change(root, lambda path: absolute(path, directory))


def relocate(root: Map, within: str, directory: str) -> None:
    """Make every path below a folder relative to a directory, in place; any other stays absolute.

    Args:
        root: an application whose paths are absolute.
        within: the folder.
        directory: the directory; absolute.
    """

    def relative(path: str) -> str:
        if path != within and not path.startswith(within.rstrip("/") + "/"):
            return path
        found = os.path.relpath(path, directory)
        return found if found.startswith("..") else f"./{found}"

    _change(root, relative)


def _change(root: Map, changed: Callable[[str], str]) -> None:
    def path(value: Any) -> Any:
        return changed(value) if isinstance(value, str) and value else value

    def place(value: Any) -> Any:
        # Other than elsewhere, an empty one is the directory itself.
        return changed(value) if isinstance(value, str) else value

    def context(value: Any) -> Any:
        return value if not isinstance(value, str) or _is_remote(value) else path(value)

    def mount(value: Any) -> Any:
        if isinstance(value, Map) and value.get("type") == "bind" and "source" in value:
            value["source"] = place(value["source"])
        return value

    def volume(value: Any) -> Any:
        options = value.get("driver_opts") if isinstance(value, Map) else None
        if options and value.get("driver") == "local" and options.get("o") == "bind" and "device" in options:
            options["device"] = place(options["device"])
        return value

    rewrite(root, table(_rows(path, context, mount, volume)), [])


Change = Callable[[Any], Any]


def _rows(path: Change, context: Change, mount: Change, volume: Change) -> dict[str, Change]:
    container = {"env_file.*.path": path, "label_file.*": path, "volumes.*": mount}
    workload = {
        **container,
        "build.additional_contexts.*": context,
        "build.context": context,
        "build.ssh.*": path,
        "extends.file": path,
    }
    return {
        **{f"services.*.{key}": row for key, row in workload.items()},
        **{f"jobs.*.{key}": row for key, row in workload.items()},
        **{f"services.*.pre_start.*.{key}": row for key, row in container.items()},
        "services.*.develop.watch.*.path": path,
        "configs.*.file": path,
        "secrets.*.file": path,
        "volumes.*": volume,
    }
