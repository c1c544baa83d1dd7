#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""check_sections.py OBJDUMP PATTERN FILE...

Every variable whose name contains PATTERN is in zero-initialized memory (.bss) in each FILE, and at least one FILE has
such a variable: none takes space in the image in addition to the RAM."""
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
