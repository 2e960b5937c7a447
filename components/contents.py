"""What an application's secrets and configs contain, read before anything is rendered.

Where a secret comes from: `environment: X` means `slipway:secrets.X`, then `slipway:env.X` (and `.env`); `file:` means
the file; `external: true` means the platform's own, where it has none (docker) `slipway:secrets.<name>`.
"""

from pathlib import Path

from .access import Contents
from .errors import InputError, Problem
from .model import App, Container, FileObject, Opaque, Parts, Text


def read(app: App, *, external: bool = True, jobs: bool = False) -> Contents:
    """Read the content of every secret and config that is used by a service or a build.

    Args:
        app: the application.
        external: whether what is external is read too, from the settings; else the platform has it.
        jobs: whether what jobs and steps before a service use is read too.

    Raises:
        InputError: for what has no content, all at once.
    """
    problems: list[Problem] = []
    wanted = {kind: _wanted(app, kind, external=external, jobs=jobs) for kind in ("secrets", "configs")}
    found = {
        kind: {
            name: content
            for name, item in objects.items()
            if name in wanted[kind] and (content := _content(app, kind, name, item, problems)) is not None
        }
        for kind, objects in (("secrets", app.secrets), ("configs", app.configs))
    }
    if problems:
        raise InputError(problems)
    return Contents(secrets=found["secrets"], configs=found["configs"])


def _wanted(app: App, kind: str, *, external: bool, jobs: bool) -> set[str]:
    """What a service or a build uses; a build runs here, where the platform's own secrets are not."""
    containers: list[Container] = [*app.services.values()]
    if jobs:
        containers += [*app.jobs.values(), *(step for service in app.services.values() for step in service.pre_start)]
    granted = {grant.source for container in containers for grant in getattr(container, kind)}
    wanted = {name for name in granted if external or not getattr(app, kind)[name].external}
    if kind == "secrets":
        wanted |= {
            grant.source for service in app.services.values() if service.build for grant in service.build.secrets
        }
    return wanted


def _content(app: App, kind: str, name: str, item: FileObject, problems: list[Problem]) -> Text | bytes | None:
    where = app.where((kind, name))
    if item.content is not None:
        return item.content
    if item.file is not None:
        return _read(item.file, kind, where, problems)
    variable = item.environment or item.name or name
    value = app.env.get(variable)
    if value is None:
        group = "secrets" if kind == "secrets" else "env"
        fix = f"run `pulumi config set {'--secret ' if kind == 'secrets' else ''}--path slipway:{group}.{variable}`"
        problems.append(Problem(f"no value for {variable}", where, fix))
        return None
    return _as_secret(value, variable) if kind == "secrets" else value


def _read(file: str, kind: str, where: str, problems: list[Problem]) -> Text | bytes | None:
    try:
        content = Path(file).read_bytes()
    except OSError as error:
        problems.append(Problem(f'cannot read "{file}" ({error.strerror})', where, "check the path"))
        return None
    try:
        text: Text | bytes = content.decode()
    except UnicodeDecodeError:
        text = content
    return _as_secret(text, Path(file).name) if kind == "secrets" and isinstance(text, str) else text


def _as_secret(value: Text, name: str) -> Text:
    """A secret's content is secret, wherever it was written."""
    return value if isinstance(value, Parts) and value.secret else Parts([Opaque(value, name=name, secret=True)])
