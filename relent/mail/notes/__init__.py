"""What machines answer: marks and words of automatic mail, in every language we read."""
