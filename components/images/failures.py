"""Why a build failed, said beside the plugin's own message. It reports, it never gates."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pulumi

ENDED = re.compile(r'process "(?P<command>.*)" did not complete successfully: (?P<how>.*)', re.DOTALL)
"""What BuildKit says of a RUN that failed."""
MISSING = re.compile(r'"/?(?P<path>[^"]+)": not found')
"""What it says of a COPY or ADD whose source is not there."""
NO_IMAGE = re.compile(r"failed to resolve source metadata for (?P<image>\S+):")
FORMAT = "exec format error"
EMULATE = (
    "install emulation (`docker run --privileged --rm tonistiigi/binfmt --install all`), or build on such a machine"
)


def report_failures(name: str) -> pulumi.ErrorHook | None:
    """A hook that logs why the image `name` was not built; None where the monitor takes no hooks."""
    if isinstance(pulumi.runtime.settings.get_monitor(), pulumi.runtime.mocks.MockMonitor):
        return None

    def report(args: pulumi.ErrorHookArgs) -> bool:
        if args.failed_operation in ("create", "update"):
            text = explained("\n".join(args.errors), args.new_inputs or {})
            if text:
                pulumi.log.error(text)
        return False

    return pulumi.ErrorHook(f"slipway-build-{name}", report)


def explained(error: str, inputs: Mapping[str, Any]) -> str:
    """A build's error in the terms of whoever wrote its Dockerfile; empty where BuildKit's own text says it all.

    Args:
        error: BuildKit's text.
        inputs: of docker-build's `Image`, as the engine has them.
    """
    where = f"services.{(inputs.get('labels') or {}).get('com.docker.compose.service', '?')}.build"
    name, lines = _dockerfile(inputs.get("dockerfile") or {})
    if ended := ENDED.search(error):
        command = ended["command"].replace('\\"', '"').replace("\\\\", "\\").removeprefix("/bin/sh -c ")
        line = _line(lines, lambda each: _squeezed(command) in _squeezed(each) and each.upper().startswith("RUN"))
        if FORMAT in error or ended["how"].startswith("exit code: 255"):
            platform = ", ".join(inputs.get("platforms") or ())
            what = f"the builder cannot run programs of {platform or 'the base image'}"
            return f"{where}: {name}{line}: {what}; {EMULATE}"
        return f"{where}: {name}{line}: RUN {command}: {ended['how']}"
    if missing := MISSING.search(error):
        path = missing["path"]
        line = _line(lines, lambda each: path in each and each.upper().startswith(("COPY", "ADD")))
        fix = "check its name, and that .dockerignore does not leave it out"
        return f'{where}: {name}{line}: "{path}" is not in the build context; {fix}'
    if image := NO_IMAGE.search(error):
        short = image["image"].removeprefix("docker.io/").removeprefix("library/")
        line = _line(lines, lambda each: short in each and each.upper().startswith("FROM"))
        return f'{where}: {name}{line}: image "{short}" cannot be had; check its name, or log in to its registry'
    return ""


def _dockerfile(given: Mapping[str, Any]) -> tuple[str, list[tuple[int, str]]]:
    """Its name, and its instructions with their line numbers."""
    if given.get("inline"):
        return "dockerfile_inline", list(_instructions(str(given["inline"])))
    path = Path(str(given.get("location") or "Dockerfile"))
    try:
        return path.name, list(_instructions(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError):
        return path.name, []


def _instructions(text: str) -> Iterator[tuple[int, str]]:
    """Instructions on one line each, without remarks; the number is that of their first line."""
    first, parts = 0, []
    for number, line in enumerate(text.splitlines(), 1):
        content = line.strip()
        if not content or content.startswith("#"):
            continue
        first = first or number
        parts.append(content.removesuffix("\\"))
        if not content.endswith("\\"):
            yield first, " ".join(parts)
            first, parts = 0, []
    if parts:
        yield first, " ".join(parts)


def _line(lines: list[tuple[int, str]], fits: Callable[[str], bool]) -> str:
    """`:4` where one instruction fits; nothing where none does, or several."""
    found = [number for number, instruction in lines if fits(instruction)]
    return f":{found[0]}" if len(found) == 1 else ""


def _squeezed(text: str) -> str:
    return "".join(text.split())
