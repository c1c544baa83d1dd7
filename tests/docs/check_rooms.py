#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""check_rooms.py PAGE

The page's table of rooms is that of tests/layering/check_includes.py: its rows, and the rooms of each."""
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "layering"))
sys.dont_write_bytecode = True
from check_includes import ROWS  # noqa: E402

ROW_OF_TABLE = re.compile(r"^\| (\d+) \| ([^|]+) \|", re.M)


def main():
    table = {int(number): re.findall(r"`([^`]+)`", rooms)
             for number, rooms in ROW_OF_TABLE.findall(Path(sys.argv[1]).read_text(encoding="utf-8"))}
    rule = dict(enumerate(ROWS))
    wrong = [number for number in sorted(rule.keys() | table.keys()) if table.get(number) != rule.get(number)]
    for number in wrong:
        print(f"row {number}: the page has {table.get(number)}, the rule {rule.get(number)}")
    print(f"{len(table)} rows, {len(wrong)} of them wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
