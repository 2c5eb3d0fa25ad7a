"""What the command line can do besides serving: talk in the terminal, read messages, answer whole conversations."""
