"""The ledger: entries, the storage format, and the storage engines."""
