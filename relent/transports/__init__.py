"""What touches the network, and no product words: reading a mailbox, handing over a mail."""
