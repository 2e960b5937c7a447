"""Any Kubernetes cluster: objects as an experienced platform engineer writes them, by `pulumi up` or as manifests."""
