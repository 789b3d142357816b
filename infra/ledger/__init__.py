"""The ledger: entries, their storage format, and the engines that keep them."""
