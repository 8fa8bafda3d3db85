"""``python -m cleanclaim``: the command line."""

from cleanclaim.interfaces.cli.main import run

if __name__ == "__main__":
    run()
