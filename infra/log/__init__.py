"""The record as a log that nobody can rewrite unseen: RFC 6962, C2SP tlog-tiles."""
