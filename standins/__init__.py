"""Resource plugins of our own, for machines where the official one cannot be downloaded, and for tests.

What a stand-in is, and what it is not, is told in README.md beside this file. The parts every stand-in shares:

- `values`     a Pulumi property value as Python has it, and back
- `sdk`        an installed Pulumi SDK read as a schema
- `traits`     how inputs behave; checking, comparing and reading in their terms
- `resource`   what a kind of resource says about itself and does
- `server`     the plugin protocol over gRPC
- `answers`    the longer parts of its answers
- `lifetime`   a plugin ends with its engine

Each folder is one stand-in: `python -m standins.docker`.
"""
