"""`python -m bot …`: the commands behind the Makefile's words."""

from bot.cli import main

if __name__ == "__main__":
    main()
