"""The day of return that a note states, in every language we read."""
