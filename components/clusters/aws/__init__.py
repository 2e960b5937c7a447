"""Clusters on AWS: ECS, EKS, and the network, load balancer, certificate and key that they are made with."""
