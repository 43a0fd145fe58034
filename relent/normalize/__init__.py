"""From what a source says to what happened. Pure; it decides nothing."""
