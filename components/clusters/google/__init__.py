"""Clusters on Google Cloud: what the applications of Cloud Run share, and GKE."""
