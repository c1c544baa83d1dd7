#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""check_snippets.py PAGE SOURCE...

Every block of C++ in a page stands in one of the sources, which are compiled. Prints those that do not."""
import re
import sys
from pathlib import Path


def lines_of(text):
    """Without indentation, which depends on where a block stands, and between line feeds, so that only whole lines match."""
    return "\n" + "\n".join(line.strip() for line in text.strip().splitlines()) + "\n"


def main():
    page, *sources = [Path(argument).read_text(encoding="utf-8") for argument in sys.argv[1:]]
    blocks = re.findall(r"^```cpp\n(.*?)^```$", page, re.M | re.S)
    strangers = [block for block in blocks if not any(lines_of(block) in lines_of(source) for source in sources)]
    for block in strangers:
        print(f"in no source:\n{block}")
    print(f"{len(blocks)} blocks, {len(strangers)} of them in no source")
    return 1 if strangers or not blocks else 0


if __name__ == "__main__":
    sys.exit(main())
