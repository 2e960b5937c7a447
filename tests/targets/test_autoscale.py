"""What a service asks of an autoscaler: what is the same on every target."""

from apps import app, service

from components.model import Autoscale, ServiceExtension
from components.support import Conflict
from components.targets import autoscale


def test_an_autoscaler_has_a_most_that_is_no_less_than_the_least() -> None:
    web = service("web", x_slipway=ServiceExtension(autoscale=Autoscale(min=3, max=2)))
    [(found, asked, path)] = autoscale.asking(app(web, service("db")))
    assert (found, autoscale.of(found)) == (web, asked)
    assert list(autoscale.without_max(path, asked)) == []
    assert list(autoscale.below_least(path, asked, web)) == [
        Conflict(path, "max is 2, and 3 is the least", "write a larger max")
    ]
    assert list(autoscale.without_max(path, Autoscale())) == [
        Conflict(path, "there is no max, and an autoscaler needs one", "write autoscale.max")
    ]
    assert list(autoscale.below_least(path, Autoscale(), web)) == []
