"""The component provider: every public component, offered to programs in other languages.

Pulumi's analyzer reads the components' annotations and makes the schema of the package `slipway`; an engine that meets
`slipway:index:Application` in a TypeScript, Go, C#, Java or YAML program calls `construct` here. How a program gets the
plugin is in `docs/component-plugin.md`.
"""

import importlib
import sys

import pulumi
from pulumi.errors import InputPropertiesError
from pulumi.provider import ConstructResult, main
from pulumi.provider.experimental.analyzer import ComponentDefinition
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.server import ComponentInitError

from . import plain
from .errors import Problem, SettingsError, SlipwayError

NAME = "slipway"
VERSION = "0.1.0"
"""Of the schema; a test holds it to the package's own."""


def components() -> list[type[pulumi.ComponentResource]]:
    """Every public component, in the order of the library's public names."""
    library = importlib.import_module(__package__)
    public = (getattr(library, name) for name in library.__all__)
    return [each for each in public if isinstance(each, type) and issubclass(each, pulumi.ComponentResource)]


class Provider(ComponentProvider):
    """The components as a plugin; what a user can mend is said without a traceback."""

    def __init__(self) -> None:
        """Analyze every public component."""
        super().__init__(components(), NAME, version=VERSION)

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: pulumi.Inputs,
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        """Make a component, which registers its children with the engine that asks.

        Raises:
            InputPropertiesError: the files, the arguments or the target's limits are in the way. It names no property:
                the engine would print the property's value, and with it secrets.
        """
        try:
            self._want_plain(name, resource_type, inputs)
            return super().construct(name, resource_type, inputs, options)
        except SlipwayError as error:
            raise InputPropertiesError(str(error), []) from None
        except ComponentInitError as error:
            if isinstance(error.inner, SlipwayError):
                raise InputPropertiesError(str(error.inner), []) from None
            raise

    def map_inputs(self, inputs: pulumi.Inputs, component_def: ComponentDefinition) -> pulumi.Inputs:
        """Inputs under their Python names, in the types that the component takes.

        Raises:
            InputError: plain data does not have the form that its argument has.
        """
        return plain.arguments(component_def.name, super().map_inputs(inputs, component_def))

    def _want_plain(self, name: str, resource_type: str, inputs: pulumi.Inputs) -> None:
        """Refuse an output where a component has to decide: what its arguments do not call an `Input`."""
        definition: ComponentDefinition = self._component_defs[resource_type.rpartition(":")[2]]
        fix = "give a plain value; the values of a plain mapping may be outputs"
        problems = [
            Problem("is an output, which is not known yet", f"{name}.{key}", fix)
            for key, value in inputs.items()
            if isinstance(value, pulumi.Output) and key in definition.inputs and definition.inputs[key].plain
        ]
        if problems:
            raise SettingsError(problems)


def serve() -> None:
    """Serve until the engine ends the process; the command line has the engine's address."""
    main(Provider(), sys.argv[1:])
