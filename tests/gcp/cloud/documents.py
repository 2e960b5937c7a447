"""Google's discovery documents: which method a request is, and what of it the method does not know.

https://developers.google.com/discovery/v1/reference/apis. They come with google-api-python-client.
"""

import functools
import json
import re
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import googleapiclient.discovery_cache

from .calls import Call, RefusedError, named

APIS: Mapping[str, tuple[str, ...]] = {
    "artifactregistry": ("artifactregistry.v1",),
    "certificatemanager": ("certificatemanager.v1",),
    "cloudresourcemanager": ("cloudresourcemanager.v1", "cloudresourcemanager.v3"),
    "cloudscheduler": ("cloudscheduler.v1",),
    "compute": ("compute.v1",),
    "dns": ("dns.v1",),
    "iam": ("iam.v1",),
    "logging": ("logging.v2",),
    "redis": ("redis.v1",),
    "run": ("run.v2",),
    "secretmanager": ("secretmanager.v1",),
    "servicenetworking": ("servicenetworking.v1",),
    "serviceusage": ("serviceusage.v1",),
    "sql": ("sqladmin.v1", "sqladmin.v1beta4"),
    "storage": ("storage.v1",),
}
"""API, by gcloud's word for it -> its documents."""
_MORE: Mapping[str, tuple[str, str]] = {"run": ("run.v1", "run.projects.locations.list")}
"""API -> a document of which one method alone is of use."""
_FOLDER = Path(googleapiclient.discovery_cache.__path__[0]) / "documents"
_ALWAYS = {"alt", "prettyPrint", "key", "fields", "userProject", "$alt"}
_PREFIX = re.compile(r"^(?:dns/|sql/)?v\d\w*/")
_TYPES: Mapping[str, Any] = {
    "string": str,
    "boolean": bool,
    "number": (int, float),
    "integer": int,
    "object": dict,
    "array": list,
}


@dataclass(frozen=True, slots=True)
class _Method:
    spec: Mapping[str, Any]
    pattern: re.Pattern[str]
    weight: int
    document: Mapping[str, Any]


def find(api: str, verb: str, path: str, query: Mapping[str, str], body: Any) -> Call:
    """The call that a request is.

    Args:
        api: one of `APIS`.
        verb: of HTTP.
        path: behind the base URL of the API's document.
        query: its parameters.
        body: of the request; None: there is none.

    Raises:
        RefusedError: it is no method, or has what the method does not know.
    """
    for method in _methods(api):
        match = method.pattern.fullmatch(path) if method.spec["httpMethod"] == verb else None
        if match:
            break
    else:
        raise RefusedError("NOT_FOUND", f"{verb} {path} is no method of {', '.join(APIS[api])}")
    found = [*_unknown_parameters(method, query)]
    request = method.spec.get("request", {}).get("$ref")
    if request:
        found += problems(method.document, {"$ref": request}, body or {}, "")
    elif body:
        found.append(f"{method.spec['id']} takes no body")
    if found:
        raise RefusedError("INVALID_ARGUMENT", f"Invalid JSON payload received. {'; '.join(found)}")
    return Call(
        api=api,
        method=method.spec["id"],
        path=named(urllib.parse.unquote(_PREFIX.sub("", path))),
        groups={key: urllib.parse.unquote(value) for key, value in match.groupdict().items()},
        query=dict(query),
        body=writable(method.document, request, body or {}) if request else {},
        response=method.spec.get("response", {}).get("$ref", ""),
    )


def problems(document: Mapping[str, Any], schema: Mapping[str, Any], value: Any, where: str) -> Iterator[str]:
    """What of a value its schema does not allow, each with its place."""
    if "$ref" in schema:
        schema = document["schemas"][schema["$ref"]]
    kind = schema.get("type", "any")
    if value is None or kind == "any":
        return
    if schema.get("format") in {"int64", "uint64"} and type(value) is int:
        value = str(value)  # Google takes both
    if not isinstance(value, _TYPES[kind]) or (kind in {"integer", "number"} and isinstance(value, bool)):
        yield f"Invalid value at '{where}' ({kind}), {json.dumps(value)}"
    elif kind == "object":
        yield from _of_object(document, schema, value, where)
    elif kind == "array":
        for place, each in enumerate(value):
            yield from problems(document, schema["items"], each, f"{where}[{place}]")
    elif "enum" in schema and value not in schema["enum"]:
        yield f"Invalid value at '{where}' ({', '.join(schema['enum'])}), \"{value}\""
    elif not _FORMATS.get(schema.get("format", ""), re.compile("")).match(str(value)):
        yield f"Invalid value at '{where}' ({schema['format']}), \"{value}\""


_FORMATS = {
    "int64": re.compile(r"-?\d+$"),
    "uint64": re.compile(r"\d+$"),
    "google-duration": re.compile(r"\d+(\.\d+)?s$"),
    "google-datetime": re.compile(r"\d{4}-\d\d-\d\dT"),
}


def _of_object(
    document: Mapping[str, Any], schema: Mapping[str, Any], value: Mapping[str, Any], where: str
) -> Iterator[str]:
    known = schema.get("properties", {})
    for key, each in value.items():
        place = f"{where}.{key}" if where else key
        if key in known:
            yield from problems(document, known[key], each, place)
        elif "additionalProperties" in schema:
            yield from problems(document, schema["additionalProperties"], each, place)
        else:
            at = f" at '{where}'" if where else ""
            yield f'Unknown name "{key}"{at}: Cannot find field.'


def writable(document: Mapping[str, Any], name: str, value: Any) -> Any:
    """What of a body is not output only: the rest Google leaves aside."""
    return _writable(document, {"$ref": name}, value)


def _writable(document: Mapping[str, Any], schema: Mapping[str, Any], value: Any) -> Any:
    if "$ref" in schema:
        schema = document["schemas"][schema["$ref"]]
    if isinstance(value, list):
        return [_writable(document, schema.get("items", {}), each) for each in value]
    if not isinstance(value, dict) or "properties" not in schema:
        return value
    known = schema["properties"]
    return {
        key: _writable(document, known.get(key, {}), each)
        for key, each in value.items()
        if each is not None and not known.get(key, {}).get("readOnly")
    }


def _unknown_parameters(method: _Method, query: Mapping[str, str]) -> Iterator[str]:
    known = method.spec.get("parameters", {})
    for key in sorted(set(query) - set(known) - _ALWAYS):
        yield f'Unknown name "{key}": Cannot bind query parameter.'
    for key, given in known.items():
        if given.get("required") and given["location"] == "query" and key not in query:
            yield f"Required parameter: {key}"


@functools.cache
def _methods(api: str) -> list[_Method]:
    """All methods of an API, those with the most fixed words first."""
    found: list[_Method] = []
    for name in APIS[api]:
        found += _below(_document(name), _document(name))
    if api in _MORE:
        name, wanted = _MORE[api]
        found += [each for each in _below(_document(name), _document(name)) if each.spec["id"] == wanted]
    return sorted(found, key=lambda each: -each.weight)


def _below(resource: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[_Method]:
    for spec in resource.get("methods", {}).values():
        path = spec["flatPath"] if "{+" in spec["path"] else spec["path"]
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/:]+)", re.escape(path))
        yield _Method(spec, re.compile(pattern), len(re.sub(r"\{\w+\}", "", path)), document)
    for each in resource.get("resources", {}).values():
        yield from _below(each, document)


@functools.cache
def _document(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text())
    return found


@functools.cache
def collection(api: str, response: str) -> str:
    """The key of a list's answer that has what is listed."""
    schemas = next(found for name in APIS[api] if response in (found := _document(name)["schemas"]))
    return next(str(key) for key, each in schemas[response]["properties"].items() if "$ref" in each.get("items", {}))
