"""Entry of the two commands: ``__main__.py run|test [options]``."""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path[0] = str(Path(__file__).resolve().parent.parent)


def main():
    """Run the named command; a fault becomes a sentence and exit code 1."""
    from launcher import check, cli
    from launcher.messages import Fault

    name, *arguments = sys.argv[1:]
    command = {"run": cli.main, "test": check.main}[name]
    try:
        return command(arguments)
    except Fault as fault:
        print(f"\n{fault}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print(f"\nStopped. ./{name} goes on from here.", file=sys.stderr, flush=True)
        return 130


if __name__ == "__main__":
    sys.exit(main())
