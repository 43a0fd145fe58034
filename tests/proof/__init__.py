"""Proof of the promises: races, crashes, servers that fail. Real threads, real processes, real servers."""
