"""Door: the processes and the commands. They read the clock, call flows, and stop when they are told to."""
