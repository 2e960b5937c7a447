"""The component plugin: how an engine starts what `components.provider` serves."""
