"""Every value knows where it was written, through merge, extends, include and short forms."""

from components import compose

FILES = {
    "compose.yaml": """\
include: [inc/more.yaml]
services:
  web:
    extends: {file: base.yaml, service: base}
    environment:
      - A=1
      - B=2
    ports:
      - "80:80"
      - "90-91:90-91"
    networks: [front]
    command: a b
networks:
  front:
""",
    "over.yaml": """\
services:
  web:
    environment: {B: "3"}
    ports: ["81:81"]
    build: ./x
""",
    "base.yaml": """\
services:
  base:
    image: x
    environment: {C: "1"}
""",
    "inc/more.yaml": "services:\n  more:\n    image: y\n",
    "inc/.env": "",
}


def test_each_value_is_where_it_was_written(write):
    write(FILES)
    app = compose.load(["compose.yaml", "over.yaml"], {})
    web = ("services", "web")
    places = {
        (*web, "environment", "A"): "compose.yaml:6:9 services.web.environment.A",
        (*web, "environment", "B"): "over.yaml:3:19 services.web.environment.B",
        (*web, "environment", "C"): "base.yaml:4:19 services.web.environment.C",
        (*web, "image"): "base.yaml:3:5 services.web.image",
        (*web, "ports", 0): "compose.yaml:9:9 services.web.ports[0]",
        (*web, "ports", 2): "compose.yaml:10:9 services.web.ports[2]",
        (*web, "ports", 3): "over.yaml:4:13 services.web.ports[3]",
        (*web, "ports", 0, "target"): "compose.yaml:9:9 services.web.ports[0].target",
        (*web, "networks", "front"): "compose.yaml:11:16 services.web.networks.front",
        (*web, "command", 1): "compose.yaml:12:5 services.web.command[1]",
        (*web, "build", "context"): "over.yaml:5:5 services.web.build.context",
        (*web, "build", "dockerfile"): "over.yaml:5:5 services.web.build.dockerfile",  # a default: of the key above
        ("services", "more", "image"): "inc/more.yaml:3:5 services.more.image",
        ("networks", "front", "name"): "compose.yaml:14:3 networks.front.name",
    }
    assert {path: app.where(path) for path in places} == places


def test_the_marks_of_an_application_are_a_mapping_of_all_its_paths(load):
    app = load("services:\n  web:\n    image: x\n    ports: [80]\n")
    assert {path: str(mark) for path, mark in app.marks.items()} == {
        ("services",): "compose.yaml:1:1",
        ("services", "web"): "compose.yaml:2:3",
        ("services", "web", "image"): "compose.yaml:3:5",
        ("services", "web", "ports"): "compose.yaml:4:5",
        ("services", "web", "ports", 0): "compose.yaml:4:13",
        ("services", "web", "ports", 0, "mode"): "compose.yaml:4:13",
        ("services", "web", "ports", 0, "target"): "compose.yaml:4:13",
        ("services", "web", "ports", 0, "protocol"): "compose.yaml:4:13",
    }
    assert len(app.marks) == 8
    assert ("services", "db") not in app.marks
