"""The authors of requests, and the scopes of each."""
