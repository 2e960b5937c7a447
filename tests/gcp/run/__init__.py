"""Cloud Run: instances are containers of the Engine, and a front leads requests to them."""
