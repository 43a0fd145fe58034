"""The words: what can happen, which states there are, and why something ended. Pure, and imported by every room."""
