"""Stored examples of the product's outside: ledger, tokens, bundles, log, files, command line."""
