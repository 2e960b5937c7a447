"""Why a build failed, said beside the plugin's own message. It reports, it never gates."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi

from . import history

BINFMT = "docker run --privileged --rm tonistiigi/binfmt --install all"
"""What installs emulation: https://docs.docker.com/build/building/multi-platform/#qemu."""


def report_failures(name: str) -> pulumi.ErrorHook | None:
    """A hook that logs why the image `name` was not built; None where the monitor takes no hooks."""
    if isinstance(pulumi.runtime.settings.get_monitor(), pulumi.runtime.mocks.MockMonitor):
        return None

    def report(args: pulumi.ErrorHookArgs) -> bool:
        if args.failed_operation in ("create", "update"):
            inputs = args.new_inputs or {}
            text = explained("\n".join(args.errors), inputs, history.last_lines(inputs.get("labels") or {}))
            if text:
                pulumi.log.error(text)
        return False

    return pulumi.ErrorHook(f"slipway-build-{name}", report)


@dataclass(frozen=True)
class Failure:
    """A failed build.

    Attributes:
        found: what its error says.
        dockerfile: its name.
        instructions: of the Dockerfile, each on one line, with the number of its first.
        platforms: that it was for.
        lines: that the failed step wrote last.
    """

    found: re.Match[str]
    dockerfile: str
    instructions: Sequence[tuple[int, str]]
    platforms: Sequence[str]
    lines: Sequence[str]

    def place(self, words: str, text: str) -> str:
        """`Dockerfile:4: ` where one instruction of these words has the text; else the name alone."""
        numbers = [
            number
            for number, instruction in self.instructions
            if instruction.split()[0].upper() in words.split() and _squeezed(text) in _squeezed(instruction)
        ]
        return f"{self.dockerfile}:{numbers[0]}: " if len(numbers) == 1 else f"{self.dockerfile}: "


def explained(error: str, inputs: Mapping[str, Any], lines: Sequence[str] = ()) -> str:
    """A build's error in the terms of whoever wrote its Dockerfile; empty where BuildKit's own text says it all.

    Args:
        error: BuildKit's text.
        inputs: of docker-build's `Image`, as the engine has them.
        lines: that the failed step wrote last.
    """
    service = (inputs.get("labels") or {}).get("com.docker.compose.service", "?")
    name, instructions = _dockerfile(inputs.get("dockerfile") or {})
    for pattern, explain in REASONS.items():
        if found := pattern.search(error):
            failure = Failure(found, name, list(instructions), inputs.get("platforms") or (), lines)
            return f"services.{service}.build: {explain(failure)}"
    return ""


def _ended(failure: Failure) -> str:
    command = re.sub(r"\\(.)", r"\1", failure.found["command"]).removeprefix("/bin/sh -c ")
    place = failure.place("RUN", command.split("\n")[0])
    if any("exec format error" in line for line in failure.lines):
        wanted = ", ".join(failure.platforms) or "the image's platform"
        return f"{place}the builder cannot run programs of {wanted}; install emulation (`{BINFMT}`), or build elsewhere"
    return "\n  ".join((f"{place}RUN {command}: {failure.found['how']}", *failure.lines))


def _missing(failure: Failure) -> str:
    path = failure.found["path"]
    fix = "check its name, and that .dockerignore does not leave it out"
    return f'{failure.place("COPY ADD", path)}"{path}" is not in the build context; {fix}'


def _no_image(failure: Failure) -> str:
    image = failure.found["image"].removeprefix("docker.io/").removeprefix("library/")
    return f'{failure.place("FROM", image)}image "{image}" cannot be had; check its name, or log in to its registry'


def _refused(failure: Failure) -> str:
    image = failure.found["image"].removesuffix(":latest")
    host = image.partition("/")[0]
    fix = f"run `docker login {host}`, or set slipway:registry.username and slipway:registry.password"
    return f'no permission for "{image}"; {fix}'


def _not_allowed(failure: Failure) -> str:
    what = failure.found["what"]
    return f"the builder does not allow {what}; start it with `--allow-insecure-entitlement {what}`, or do without"


REASONS: Mapping[re.Pattern[str], Callable[[Failure], str]] = {
    re.compile(r'process "(?P<command>.*)" did not complete successfully: (?P<how>.*)', re.DOTALL): _ended,
    re.compile(r'"/?(?P<path>[^"]+)": not found'): _missing,
    re.compile(r"failed to resolve source metadata for (?P<image>\S+):"): _no_image,
    re.compile(r"granting entitlement (?P<what>\S+) is not allowed"): _not_allowed,
    re.compile(r"(?is)failed to push (?P<image>\S+): .*(401|403|denied|authori[sz]|forbidden)"): _refused,
}
"""What BuildKit says -> in the user's terms; the first that fits."""


def _dockerfile(given: Mapping[str, Any]) -> tuple[str, Iterator[tuple[int, str]]]:
    if given.get("inline"):
        return "dockerfile_inline", _instructions(str(given["inline"]))
    path = Path(str(given.get("location") or "Dockerfile"))
    try:
        return path.name, _instructions(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return path.name, iter(())


def _instructions(text: str) -> Iterator[tuple[int, str]]:
    """Instructions on one line each, without remarks, with the number of their first line."""
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


def _squeezed(text: str) -> str:
    return "".join(text.split())
