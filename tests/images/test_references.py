"""What a built image is called, loaded and pushed."""

import pytest
from apps import app, service

from components.access import ImageReference, Registry
from components.images.references import names_registry, repository, tags, unplaced
from components.model import Build, Parts, Service

REGISTRY = Registry(prefix="r.example/team")


def built(image: str | None = None, *further: str) -> Service:
    return service("web", image=image, build=Build(context="/x", tags=further))


@pytest.mark.parametrize(
    ("service", "loaded", "pushed"),
    [
        (built(), ("shop-web",), ("r.example/team/shop-web",)),
        (built("web:1"), ("web:1",), ("r.example/team/shop-web",)),
        (built("ann/web:1"), ("ann/web:1",), ("r.example/team/shop-web",)),
        (built("other.example/web:1"), ("other.example/web:1",), ("other.example/web:1",)),
        (built("localhost:5000/web"), ("localhost:5000/web",), ("localhost:5000/web",)),
        (
            built(None, "web:2", "x.example/web:2", "web:2"),
            ("shop-web", "web:2", "x.example/web:2"),
            ("r.example/team/shop-web", "r.example/team/web:2", "x.example/web:2"),
        ),
    ],
)
def test_an_image_is_loaded_under_its_own_name_and_pushed_below_a_registry(
    service: Service, loaded: tuple[str, ...], pushed: tuple[str, ...]
) -> None:
    assert tags(service, app(service)) == loaded
    assert tags(service, app(service), REGISTRY, pushes=True) == pushed


@pytest.mark.parametrize(
    ("reference", "answer"),
    [("web", False), ("web:1", False), ("ann/web", False), ("r.example/web", True), ("localhost/web", True)],
)
def test_a_registry_has_a_dot_a_port_or_is_localhost(reference: str, answer: bool) -> None:
    assert names_registry(reference) is answer


@pytest.mark.parametrize(
    ("reference", "without_tag"),
    [("web", "web"), ("web:1", "web"), ("r.example:5000/web", "r.example:5000/web"), ("r:5000/web:1", "r:5000/web")],
)
def test_a_repository_is_a_reference_without_its_tag(reference: str, without_tag: str) -> None:
    assert repository(reference) == without_tag


def test_without_a_registry_all_services_that_need_one_are_one_problem() -> None:
    services = [built(), service("db", image="r.example/db", build=Build()), service("job", image=None, build=Build())]
    problems = unplaced(services, app(*services), "swarm", "stack mine")
    assert [str(problem) for problem in problems] == [
        "stack mine: no value for slipway:registry, and swarm pulls what is built here from one (web, job); "
        "run `pulumi config set --path slipway:registry.prefix registry.example.com/team`"
    ]


def test_images_that_name_their_registry_need_no_other() -> None:
    named = service("db", image="r.example/db", build=Build())
    assert unplaced([named], app(named), "swarm", "stack mine") == []


def test_a_reference_is_by_digest_where_something_was_built() -> None:
    assert ImageReference(name="web:1").text == "web:1"
    text = ImageReference(name="r.example/web", digest="sha256:1").text
    assert isinstance(text, Parts)
    assert (str(text), text.secret) == ("r.example/web@<opaque>", False)
