"""Plain data from programs in other languages, as the types that the components take from Python programs.

An application is a Compose document there, written in the program; its values may be outputs of other resources.
"""

import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pulumi
import yaml

from . import compose
from .access import Contents, ImageReference, Registry
from .clusters import existing
from .errors import ComposeError, InputError, Problem
from .model import App, Opaque, Parts, Text

FILE = "app.yaml"


def arguments(component: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a component, from inputs under their Python names.

    Args:
        component: name of its class.
        given: argument name -> plain data.

    Raises:
        InputError: plain data does not have the form that its argument has.
    """
    target = component.removesuffix("Target").removesuffix("Cluster").lower()
    readers: dict[str, Callable[[Any], Any]] = {
        "build": lambda plain: {_snake(name): value for name, value in plain.items()},
        "contents": lambda plain: Contents(**{kind: _texts(kind, texts) for kind, texts in plain.items()}),
        "registry": lambda plain: Registry(**plain),
        "images": lambda plain: {service: ImageReference(name=name) for service, name in plain.items()},
        "access": existing.READERS.get(target, dict),
    }
    if component == "Application":  # it has settings under the same names
        readers = {}
    readers["app"] = lambda document: application(document, given)
    return {key: _read(key, value, readers) for key, value in given.items()}


def _snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda found: f"_{found[0].lower()}", name)


def _read(key: str, value: Any, readers: Mapping[str, Callable[[Any], Any]]) -> Any:
    if key not in readers or value is None:
        return value
    if not isinstance(value, Mapping):
        raise InputError(Problem(f"{value!r} is not a mapping", key, "see docs/component-plugin.md"))
    try:
        return readers[key](value)
    except TypeError as error:
        raise InputError(Problem(f"has not the keys that it should have ({error})", key)) from None


def application(document: Mapping[str, Any], given: Mapping[str, Any]) -> App:
    """The application of a Compose document.

    Args:
        document: as a file would have it; relative paths begin where the program runs.
        given: `env` and `secrets` are the variables of its interpolation.

    Raises:
        ComposeError: with places in the document.
    """
    variables = {**_texts("env", given.get("env") or {}), **_texts("secrets", given.get("secrets") or {})}
    plain = _hidden(document, variables)
    # the loader reads files: it has the exact meaning of the text, and this is the text of the document
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, FILE)
        file.write_text(yaml.safe_dump(plain, allow_unicode=True), encoding="utf-8")
        try:
            app = compose.load([str(file)], variables, directory=".", dotenv=False)
        except ComposeError as error:
            raise ComposeError([replace(each, where=_place(each.where)) for each in error.problems]) from None
    return replace(app, marks={})


def _texts(kind: str, values: Mapping[str, Any]) -> dict[str, Text]:
    return {name: _text(name, value, secret=kind == "secrets") for name, value in values.items()}


def _text(name: str, value: Any, *, secret: bool) -> Text:
    if not secret and not isinstance(value, pulumi.Output):
        return str(value)
    return Parts([Opaque(pulumi.Output.secret(value) if secret else value, name=name, secret=secret)])


def _hidden(value: Any, variables: dict[str, Text]) -> Any:
    """A document with a variable in place of every output."""
    if isinstance(value, pulumi.Output):
        name = f"SLIPWAY_OUTPUT_{len(variables)}"
        variables[name] = _text(name, value, secret=False)
        return f"${{{name}}}"
    if isinstance(value, Mapping):
        return {key: _hidden(element, variables) for key, element in value.items()}
    if isinstance(value, list):
        return [_hidden(element, variables) for element in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value  # every number comes as a float


def _place(where: str) -> str:
    return re.sub(rf"\S*{re.escape(FILE)}(:\d+:\d+ ?)?", "app ", where).strip()
