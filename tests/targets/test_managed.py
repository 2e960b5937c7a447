from components.model import App, Service, ServiceExtension
from components.targets import managed


def app(word: str | None) -> App:
    extension = None if word is None else ServiceExtension(managed=word)
    return App(name="shop", services={"db": Service(name="db", image="postgres:17", x_slipway=extension)})


def test_a_service_that_names_what_it_serves_is_managed():
    assert managed.is_managed(app("postgres").services["db"])
    assert not managed.is_managed(app(None).services["db"])


def test_where_the_stack_wants_containers_nothing_is_managed_and_all_else_stays():
    left = managed.as_containers(app("postgres")).services["db"]
    assert not managed.is_managed(left)
    assert left.image == "postgres:17"
