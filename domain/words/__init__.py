"""Events, answers and replays in plain English."""
