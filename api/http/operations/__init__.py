"""What operators see of a server: metrics, the access log, and traces."""
