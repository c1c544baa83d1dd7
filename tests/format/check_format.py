#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""check_format.py CLANG_FORMAT ROOT: names every C++ file that `.clang-format` would change.

Versions of clang-format differ in what they make of a file, so it is always version 16."""
import subprocess
import sys
from pathlib import Path

FOLDERS = ("include", "tests", "tools", "examples", "benchmarks")


def main():
    clang_format, root = sys.argv[1], Path(sys.argv[2])
    files = sorted(f for folder in FOLDERS for f in (root / folder).rglob("*.[ch]pp"))
    wrong = []
    for first in range(0, len(files), 50):
        some = files[first : first + 50]
        found = subprocess.run([clang_format, "--dry-run", "-Werror", *map(str, some)], capture_output=True, text=True)
        if found.returncode:
            wrong += [f for f in some if f"{f}:" in found.stderr]
    for file in wrong:
        print(f"{file.relative_to(root)}: clang-format-16 -i changes it")
    print(f"{len(files)} files, {len(wrong)} not formatted")
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main())
