"""Control of places: claims, the rule of control, and timelines."""
