"""The ledger, the views and bundles, held to what was signed and recorded."""
