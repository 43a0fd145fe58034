"""What is remembered: the one Django app with models. Configuration is edited by forms; history is written by flows."""
