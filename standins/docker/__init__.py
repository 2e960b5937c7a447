"""The stand-in for the official plugin of `pulumi-docker`: the same tokens, properties and behaviour, one noun a file.

Where a rule comes from is told in `tests/standins/test_docker_facts.py`: the official plugin wraps kreuzwerker's
Terraform provider for Docker, and those tests are facts about that provider, each with the file it was read in.
"""
