"""What a target would create, for reviewers and pipelines: no platform, no registry and no secret is read.

With `-o DIR` it becomes files that another tool applies, see docs/gitops.md. Else it is printed, and no Pulumi is
loaded: a list of rows in the order of their creation; each has

    kind, key   together the row's name
    service     the Compose service that it belongs to, where it belongs to one
    args        the arguments, in the SDK's snake_case
    after       rows that have to be there first, beside those that the arguments refer to
    completed   rows that have to have ended with exit code 0 first
    stop_first, retain   the old one goes before the new one comes; the real thing stays when the row goes

`${kind.key.attribute}` stands for what another row puts out, `[secret]` for a secret, `[digest]` for the digest of an
image that is still to be built. The same files give the same text. What the target does otherwise than the files ask
for goes to standard error.

Exit code: 0, 1 the target refuses the application, 2 the files or the command line are wrong.
"""

import argparse
import base64
import dataclasses
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .. import contents, support, targets
from ..access import Contents, ImageReference
from ..images import references
from ..model import App, Opaque, Parts, Service
from ..targets.rows import Archive, Base64, Checksum, Digest, Extract, Joined, Json, Ref, Row
from . import as_yaml, export, files, judging

HELP = "print what a target would create, without creating it"
SECRET = "[secret]"  # noqa: S105 - stands for one
DIGEST = "[digest]"
CHECKSUM = "[checksum]"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    files.add(parser)
    judging.add(parser)
    parser.add_argument("--format", choices=["yaml", "json"], help="default: yaml")
    export.add(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the rows.

    Raises:
        InputError: the files or the arguments are wrong.
        RejectedError: the target refuses the application.
    """
    by = judging.read(arguments)
    app = files.load(arguments)
    found = support.check(app, by.table, by.target, mode=by.mode, accept=by.accept)
    for remark in (*app.warnings, *(finding.message for finding in found)):
        print(f"warning: {remark}", file=sys.stderr)
    contents = _contents(app, by.target)
    if arguments.output is not None:
        return export.run(arguments, by.target, app, contents)
    export.refuse_alone(arguments)
    rows = targets.offline(by.target, app, _images(app, by.target), contents)
    print(_text([_shown(row) for row in rows], arguments.format or "yaml"), end="")
    return 0


def _images(app: App, target: str) -> dict[str, ImageReference]:
    return {name: _image(service, app, target) for name, service in app.services.items()}


def _image(service: Service, app: App, target: str) -> ImageReference:
    if service.build is None:
        return ImageReference(name=service.image or "")
    pushes = targets.pushes(target)
    tag = references.tags(service, app, pushes=pushes)[0]
    return ImageReference(name=references.repository(tag) if pushes else tag, digest=DIGEST)


def _contents(app: App, target: str) -> Contents:
    """What configs contain; of secrets, that they contain something."""
    masked = {
        name: dataclasses.replace(item, content=Parts([Opaque(None, item.environment or name)]))
        for name, item in app.secrets.items()
    }
    readable = dataclasses.replace(app, secrets=masked)
    return contents.read(readable, external=not targets.keeps_files(target), jobs=targets.runs_jobs(target))


def _shown(row: Row) -> dict[str, Any]:
    given: dict[str, Any] = {"kind": row.kind, "key": row.key, "service": row.service, "args": _plain(row.args)}
    given |= {"after": _names(row.after), "completed": _names(row.completed)}
    given |= {"stop_first": row.stop_first, "retain": row.retain}
    return {key: value for key, value in given.items() if value or key == "args"}


def _names(keys: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{kind}.{key}" for kind, key in keys]


def _plain(value: Any) -> Any:
    """Arguments as plain values."""
    if type(value) in _SHOWN:
        return _SHOWN[type(value)](value)
    if isinstance(value, Mapping):
        return {str(key): _plain(element) for key, element in value.items()}
    return [_plain(element) for element in value] if isinstance(value, (list, tuple)) else value


def _joined(text: Parts) -> str:
    return "".join(part if isinstance(part, str) else _opaque(part) for part in text)


def _opaque(part: Opaque) -> str:
    if part.secret:
        return SECRET
    if isinstance(part.value, Ref):
        return str(_plain(part.value))
    return part.value if isinstance(part.value, str) else f"[{part.name or 'known later'}]"


def _encoded(value: Base64) -> str:
    content = value.content
    if isinstance(content, Parts):
        return _joined(content)
    return base64.b64encode(content if isinstance(content, bytes) else content.encode()).decode()


_SHOWN: Mapping[type, Callable[[Any], str]] = {
    Archive: lambda value: f"[{', '.join(value.files)}]",
    Base64: _encoded,
    Checksum: lambda _: CHECKSUM,
    Digest: lambda _: CHECKSUM,
    Extract: lambda value: str(_plain(value.value)),
    Joined: lambda value: "".join(str(_plain(part)) for part in value.parts),
    Json: lambda value: json.dumps(_plain(value.value)),
    Parts: _joined,
    Ref: lambda value: f"${{{value.kind}.{value.key}.{value.attribute}}}",
}
"""What stands for a value -> how it is shown."""


def _text(rows: list[dict[str, Any]], form: str) -> str:
    if form == "json":
        return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"
    return as_yaml.dump(rows)
