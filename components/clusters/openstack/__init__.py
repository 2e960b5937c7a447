"""Clusters on a private cloud: virtual machines with Docker, a Swarm of them, Kubernetes by Magnum."""
