"""A small world to try Relent in: a mail server, contacts who answer, and a clock to move. Removable."""
