#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""check_program.py SOURCE -- COMPILER OPTION...

SOURCE must compile with these options, warnings apart, and the program must end with 0."""
import subprocess
import sys
import tempfile
from pathlib import Path


def main():
    separator = sys.argv.index("--")
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "program"
        for command in ([*sys.argv[separator + 1:], "-std=c++20", sys.argv[1], "-o", str(program)], [str(program)]):
            run = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
            if run.returncode != 0:
                print("\n".join((run.stdout + run.stderr).splitlines()[:40]))
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
