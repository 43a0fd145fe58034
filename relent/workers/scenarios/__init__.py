"""Scenarios: short stories in YAML that run on the real flows, each with an empty database and a clock of its own."""
