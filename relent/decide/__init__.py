"""The core: facts in, verdicts out. Pure; it never sees a header, a payload, a row or a clock."""
