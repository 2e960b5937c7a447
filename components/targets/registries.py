"""The registry that an image comes from, as its name says it."""

DOCKER_HUB = "docker.io"


def host(image: str) -> str:
    """The registry of an image; a name that does not say it is Docker Hub's.

    Docker's own rule: https://github.com/distribution/reference (normalize.go).
    """
    first, slash, _ = image.partition("/")
    return first if slash and ("." in first or ":" in first or first == "localhost") else DOCKER_HUB
