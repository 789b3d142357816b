"""Tables and polygons as people keep them, read by maps of columns and statuses."""
