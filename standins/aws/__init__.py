"""The stand-in for the official plugin of pulumi-aws, for tests alone: its cloud is on this machine, never AWS.

What a program asks for is held against the SDK's types and against AWS' own service models, which botocore ships; what
those refuse, this refuses at Check, before the cloud is asked.
"""
