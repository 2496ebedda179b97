#!/bin/sh
# Find a Python that the suite runs on, and start the launcher with it.
# usage: start.sh run|test [options]
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
fits='import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))'
for python in "${SUITE_PYTHON:-}" python3 python3.13 python3.12 python3.11 python3.10; do
    if [ -n "$python" ] && "$python" -c "$fits" 2>/dev/null; then
        exec "$python" "$here/__main__.py" "$@"
    fi
done
echo "The suite needs Python 3.10 to 3.13, and none is on this machine's PATH." >&2
echo "Install one (Debian, Ubuntu: apt install python3 python3-venv), or name it:" \
    "SUITE_PYTHON=/path/to/python3.12 ./$1" >&2
exit 1
