"""`python -m bot` is `quaybot`."""

from bot.cli import main

if __name__ == "__main__":
    main()
