"""Tables for analysts: control at a moment, timelines and events, row by row, in three formats."""
