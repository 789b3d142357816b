"""The file of the views, and the projector that follows the ledger."""
