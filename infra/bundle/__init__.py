"""A ledger as a folder of plain files: written, checked and asked far from us, and taken back."""
