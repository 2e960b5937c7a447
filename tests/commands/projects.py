"""A project with a stack per target, for tests of what `render -o` writes."""

import json
from pathlib import Path
from typing import Any

DIGEST = "sha256:" + "1" * 64
COMPOSE = """\
name: shop
services:
  web:
    build: ./web
    environment:
      URL: "redis://:${PASSWORD}@db"
      PRICE: 5$$
      LEVEL: ${LEVEL:-info}
    ports: ["8080:80"]
    depends_on: {migrate: {condition: service_completed_successfully}, db: {condition: service_healthy}}
    secrets: [{source: key, target: /run/keys/key, mode: 0400}]
    configs: [{source: page, target: /etc/page}]
    volumes: ["./site:/srv/site:ro"]
  migrate:
    build: ./web
    command: [migrate]
    depends_on: {db: {condition: service_healthy}}
    environment: {URL: "redis://:${PASSWORD}@db"}
  db:
    image: db:1
    healthcheck: {test: [CMD, ready], interval: 2s}
    secrets: [password]
    volumes: ["data:/data"]
secrets:
  key: {file: ./keys/key}
  password: {environment: PASSWORD}
configs: {page: {content: "one\\ntwo\\n"}}
volumes: {data: {}}
"""
SECRET = "geheim"


def write(folder: Path, target: str, **settings: Any) -> None:
    """A project whose stack is called as its target; its secrets must not be found in what is written."""
    for path, text in {
        "app/compose.yaml": COMPOSE,
        "app/keys/key": SECRET,
        "app/site/index.html": "<p>",
        "app/web/Dockerfile": "FROM scratch\n",
        "Pulumi.yaml": "name: slipway\nruntime: python\nstackConfigDir: stacks\n",
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    given = {"target": target, "compose": ["app/compose.yaml"], "secrets": {"PASSWORD": SECRET}, **settings}
    config = {f"slipway:{key}": value for key, value in given.items()}
    (folder / "stacks").mkdir(exist_ok=True)
    (folder / "stacks" / f"Pulumi.{target}.yaml").write_text(json.dumps({"config": config}))


def images(folder: Path, **given: str) -> str:
    """A file of images by digest, as `pulumi stack output images --json` prints it; its path."""
    path = folder / "images.json"
    path.write_text(json.dumps({name: reference.replace("@", f"@{DIGEST}") for name, reference in given.items()}))
    return str(path)


def read(folder: Path) -> dict[str, str]:
    """Every file of a folder but the list of them."""
    return {path.name: path.read_text() for path in sorted(folder.iterdir()) if path.name != ".slipway-files"}
