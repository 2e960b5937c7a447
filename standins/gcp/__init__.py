"""A stand-in for the plugin of `pulumi-gcp`, for tests: the real Pulumi engine against the tests' own Google Cloud.

It refuses endpoints that are not of this machine, and whatever Google's own models (the discovery documents) refuse.
"""
