"""Who controls a place: claims, the rule of control, and its timeline."""
