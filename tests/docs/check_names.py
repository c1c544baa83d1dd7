#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""check_names.py PAGE INCLUDE_DIRECTORY COLUMN...

In the tables of a page that have a column with one of these titles, every name in code in that column is a word of a
header. Prints those that are not."""
import re
import sys
from pathlib import Path

CODE = re.compile(r"`([^`]+)`")
NAME = re.compile(r"[A-Za-z_]\w*")
PLACEHOLDER = re.compile(r"[A-Z]$")


def names_in(page, titles):
    """The names in the chosen columns, with the numbers of their lines."""
    column = None
    for number, line in enumerate(page.splitlines(), 1):
        if not line.startswith("|"):
            column = None
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if column is None:
            column = next((i for i, cell in enumerate(cells) if cell in titles), -1)
            continue
        if 0 <= column < len(cells):
            for code in CODE.findall(cells[column]):
                yield from ((number, name) for name in NAME.findall(code) if not PLACEHOLDER.match(name))


def main():
    page, include, titles = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
    words = set()
    for header in include.rglob("*.hpp"):
        words.update(NAME.findall(header.read_text(encoding="utf-8")))
    names = list(names_in(page.read_text(encoding="utf-8"), titles))
    strangers = [(number, name) for number, name in names if name not in words]
    for number, name in strangers:
        print(f"{page.name}:{number}: no header has the name {name}")
    print(f"{len(names)} names, {len(strangers)} of them in no header")
    return 1 if strangers or not names else 0


if __name__ == "__main__":
    sys.exit(main())
