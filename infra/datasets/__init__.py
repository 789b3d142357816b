"""Datasets of the field as living sources: later pulls record what changed, and nothing else."""
