"""The plugin of this checkout; an installed one is the command `pulumi-resource-slipway`."""

from components.provider import serve

if __name__ == "__main__":
    serve()
