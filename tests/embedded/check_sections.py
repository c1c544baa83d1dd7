#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""check_sections.py OBJDUMP PATTERN FILE...

Every variable whose name contains PATTERN lies where memory begins as zero (.bss), in each FILE that has one, and one of
them has: none takes room in the image beside the RAM."""
import re
import subprocess
import sys

objdump, pattern, *files = sys.argv[1:]
SYMBOL = re.compile(r"[0-9a-f]+ .{7} (\S+)\s+([0-9a-f]+)\s+(.*)")
failures, found = [], 0
for file in files:
    listing = subprocess.run([objdump, "-tC", file], check=True, capture_output=True, text=True).stdout
    for line in listing.splitlines():
        symbol = SYMBOL.match(line)
        if not symbol or not re.search(rf"(^|\W){re.escape(pattern)}\w*(\[abi:\w+\])?$", symbol[3]) or symbol[3].startswith("guard variable"):
            continue
        found += 1
        size = int(symbol[2], 16)
        print(f"{symbol[3]}: {size} bytes in {symbol[1]}")
        if not symbol[1].startswith((".bss", ".sbss")):
            failures.append(f"{symbol[3]} is in {symbol[1]}")
if not found:
    failures.append(f"no variable '{pattern}' in {' '.join(files)}")
sys.exit("\n".join(failures) or 0)
