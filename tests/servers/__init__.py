"""Real servers for tests and benchmarks, each in a throw-away directory, on free ports of 127.0.0.1."""
