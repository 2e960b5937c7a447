"""What builds read: refused all at once, else staged, in the order of building; and what the plugin is asked then."""

from pathlib import Path
from typing import Any

import pytest
from apps import app, service

from components.errors import InputError
from components.images import sources
from components.images.build import arguments
from components.images.layouts import place
from components.images.sources import Sources
from components.model import Build, FileGrant, Opaque, Parts, Service


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def folder(name: str, **contents: str) -> str:
    made = Path(name)
    made.mkdir(exist_ok=True)
    for file, content in {"Dockerfile": "FROM scratch\n", **contents}.items():
        (made / file).write_text(content)
    return name


def built(name: str, **build: Any) -> Service:
    return service(name, image=None, build=Build(**build))


def read(*services: Service, secrets: dict[str, Any] | None = None) -> dict[str, Sources]:
    return sources.read(services, app(*services), secrets or {})


def refused(*services: Service, secrets: dict[str, Any] | None = None) -> str:
    with pytest.raises(InputError) as raised:
        read(*services, secrets=secrets)
    return str(raised.value)


def test_a_context_and_its_dockerfile_are_staged_side_by_side() -> None:
    found = read(built("web", context=folder("a")))["web"]
    home = Path(found.location).parent
    assert str(home.parent) == ".slipway/contexts/shop/web"
    assert (found.location, found.dockerfile) == (f"{home}/context", f"{home}/dockerfile/Dockerfile")


def test_an_inline_dockerfile_needs_no_file() -> None:
    Path("a").mkdir()
    web = built("web", context="a", dockerfile_inline="FROM x\n")
    found = read(web)["web"]
    assert found.dockerfile is None
    assert asked(web, found)["dockerfile"] == {"inline": "FROM x\n"}


def test_named_contexts_are_staged_apart_or_taken_as_they_are() -> None:
    folder("more", ignored="")
    Path("more", ".dockerignore").write_text("ignored\n")
    named = {"more": "more", "a/b:1": "more", "image": "docker-image://x:1", "url": "https://x.example/y.git"}
    found = read(built("web", context=folder("a"), additional_contexts=named))["web"]
    staged = {name: str(Path(str(found.named[name])).parents[1]) for name in ("more", "a/b:1")}
    assert staged == {
        "more": ".slipway/contexts/shop/web+more",
        "a/b:1": ".slipway/contexts/shop/web+a%2Fb%3A1",
    }
    assert sorted(each.name for each in Path(str(found.named["more"])).iterdir()) == [".dockerignore", "Dockerfile"]
    assert (found.named["image"], found.named["url"]) == ("docker-image://x:1", "https://x.example/y.git")


def test_a_url_is_taken_as_it_is_with_its_own_dockerfile() -> None:
    web = built("web", context="https://x.example/y.git#main", dockerfile="Dockerfile")
    found = read(web)["web"]
    assert found == Sources("https://x.example/y.git#main")
    assert "dockerfile" not in asked(web, found)


def test_builds_come_after_those_that_they_start_from() -> None:
    folder("a")
    services = [
        built("web", context="a", additional_contexts={"base": "service:mid"}),
        built("mid", context="a", additional_contexts={"base": "service:zero"}),
        built("zero", context="a"),
    ]
    found = read(*services)
    assert list(found) == ["zero", "mid", "web"]
    assert found["web"].services == {"base": "mid"}
    assert found["web"].with_images({"mid": "docker-image://m@sha256:1"}).named == {"base": "docker-image://m@sha256:1"}


def test_an_image_that_is_not_built_here_may_be_started_from() -> None:
    found = read(built("web", context=folder("a"), additional_contexts={"base": "service:given"}))
    assert list(found) == ["web"]


def test_builds_in_a_ring_are_refused() -> None:
    folder("a")
    ring = [
        built("web", context="a", additional_contexts={"x": "service:job"}),
        built("job", context="a", additional_contexts={"x": "service:web"}),
    ]
    assert refused(*ring) in {
        f"builds need each other: {names}; take one out of additional_contexts"
        for names in ("web -> job -> web", "job -> web -> job")
    }


def test_every_problem_is_reported_at_once() -> None:
    Path("bare").mkdir()
    services = [
        built("gone", context="gone"),
        built("bare", context="bare"),
        built("other", context=folder("a"), dockerfile="../x/Dockerfile"),
        built("more", context="a", additional_contexts={"m": "missing"}),
        built("remote", context="https://x.example/y.git", dockerfile="docker/Dockerfile"),
        built("secret", context="a", secrets=(FileGrant(source="s"),)),
    ]
    assert refused(*services, secrets={"s": b"\xff"}) == (
        'services.gone.build: build context "gone" is not a folder; check the path\n'
        'services.bare.build: there is no "Dockerfile" in bare; write build.dockerfile\n'
        'services.other.build: there is no "../x/Dockerfile" in a; write build.dockerfile\n'
        'services.more.build: build context "missing" is not a folder; check the path\n'
        'services.remote.build: "docker/Dockerfile" of a remote context cannot be chosen with pulumi-docker-build; let '
        "the URL name its folder (repository.git#branch:folder) and call it Dockerfile, or write it inline\n"
        'services.secret.build.secrets: secret "s" is not text, and the builder takes no other; '
        "encode it, and decode it in the Dockerfile"
    )


def test_a_large_context_is_worth_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a limit of 2 MB, so that the test is quick."""
    monkeypatch.setattr(sources, "LARGE", 2_000_000)
    large = read(built("web", context=folder("a", big="x" * 3_000_000)))["web"].remark
    assert large.startswith("services.web.build: the build context has 3 MB in 2 files (")
    assert large.endswith(" s to read); name what the build does not need in .dockerignore")
    assert read(built("job", context=folder("b")))["job"].remark == ""


def asked(each: Service, found: Sources, **given: Any) -> dict[str, Any]:
    defaults: dict[str, Any] = {"tags": ("t",), "platform": None, "secrets": {}, "check": False}
    return arguments(each, app(each), sources=found, **{**defaults, **given})


def test_the_platform_is_the_builds_then_the_services_then_the_targets() -> None:
    found = Sources("a")
    plain, own = built("web"), service("web", platform="linux/arm64", build=Build())
    both = service("web", platform="linux/arm64", build=Build(platforms=("linux/386", "linux/amd64")))
    assert "platforms" not in asked(plain, found)
    assert asked(plain, found, platform="linux/amd64")["platforms"] == ["linux/amd64"]
    assert asked(own, found, platform="linux/amd64")["platforms"] == ["linux/arm64"]
    assert asked(both, found, platform="linux/amd64")["platforms"] == ["linux/386", "linux/amd64"]


def test_a_builds_secret_goes_by_its_target() -> None:
    content = Parts([Opaque("x", name="X")])
    web = built("web", secrets=(FileGrant(source="s"), FileGrant(source="s", target="own")))
    assert asked(web, Sources("a"), secrets={"s": content})["secrets"] == {"s": content, "own": content}


def test_a_bare_cache_is_a_registrys() -> None:
    web = built("web", cache_from=("r.example/x", "type=local,src=c"))
    raw = [{"raw": "type=registry,ref=r.example/x"}, {"raw": "type=local,src=c"}]
    assert asked(web, Sources("a"))["cache_from"] == raw


def test_a_layout_is_the_one_that_is_there() -> None:
    first = place("shop/base")
    assert place("shop/base") != first  # nothing was written: no state can know it
    Path(first).mkdir(parents=True)
    Path(first, "index.json").write_text("{}")
    assert place("shop/base") == first
    assert Path(".slipway", "layouts", ".gitignore").read_text() == "*\n"
