"""The probe's questions, put to a stand-in for the Engine's client; the answers of a real one: tests/conformance."""

from types import SimpleNamespace

import docker.errors

from components.access import ImageReference
from components.targets.docker.engine import _images


class Client:
    """Has one image; its registry has another, and cannot be asked about the rest."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.images = SimpleNamespace(get=self.get, get_registry_data=self.get_registry_data)

    def get(self, name: str) -> None:
        self.asked.append(name)
        if name != "here:1":
            raise docker.errors.ImageNotFound(name)

    def get_registry_data(self, name: str) -> None:
        if name == "nowhere:1":
            raise docker.errors.NotFound(name)
        if name != "there:1":
            raise docker.errors.APIError(name)


def test_an_image_that_many_services_run_is_asked_for_once_and_missed_for_each() -> None:
    client = Client()
    names = {"web": "nowhere:1", "api": "here:1", "worker": "nowhere:1", "db": "here:1"}
    problems = list(_images({key: ImageReference(name=name) for key, name in names.items()}, client))
    assert [str(problem) for problem in problems] == [
        f'services.{key}.image: image "nowhere:1" does not exist; check the name and the tag, or log in to its registry'
        for key in ("web", "worker")
    ]
    assert client.asked == ["nowhere:1", "here:1"]


def test_an_image_of_a_registry_that_cannot_be_asked_is_not_missed() -> None:
    images = {"web": ImageReference(name="there:1"), "api": ImageReference(name="private:1")}
    assert list(_images(images, Client())) == []


def test_what_is_built_here_is_not_asked_for() -> None:
    client = Client()
    assert list(_images({"web": ImageReference(name="nowhere:1", digest="sha256:0")}, client)) == []
    assert client.asked == []
