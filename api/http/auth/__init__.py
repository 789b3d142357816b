"""The authors of requests, and what each may see and do."""
