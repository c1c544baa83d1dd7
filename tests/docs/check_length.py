#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""check_length.py LINES FILE...

The files have at most this number of lines of code together: lines that are neither empty nor a comment."""
import sys
from pathlib import Path


def lines_of_code(path):
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    return sum(1 for line in lines if line and not line.startswith("//"))


def main():
    most, counts = int(sys.argv[1]), {name: lines_of_code(Path(name)) for name in sys.argv[2:]}
    if sum(counts.values()) > most:
        print(f"expected at most {most} lines of code, found {sum(counts.values())}: {counts}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
