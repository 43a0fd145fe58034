"""How fast mail is read, decided and sent, each over the floor of the bare libraries: `python -m bench`."""
