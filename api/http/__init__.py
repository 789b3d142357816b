"""The node as an HTTP server."""
