"""The target swarm: services of a Docker Swarm."""
