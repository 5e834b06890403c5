"""`python -m affilink`: the program itself."""

from __future__ import annotations

import os
import subprocess
import sys

from affilink import AffilinkError, find_binary


def main() -> int:
    """Runs the program with the arguments of this one."""
    try:
        command = [find_binary(), *sys.argv[1:]]
    except AffilinkError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if sys.platform == "win32":
        return subprocess.run(command, check=False).returncode
    os.execv(command[0], command)


if __name__ == "__main__":
    sys.exit(main())
