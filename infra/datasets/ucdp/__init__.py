"""UCDP: the events of GED, and the list of actors."""
