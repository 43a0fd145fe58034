"""Formats: one file per mail matter, the law cited at the line. Pure, and it never raises on what a stranger sent."""
