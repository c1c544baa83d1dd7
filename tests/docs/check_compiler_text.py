#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""check_compiler_text.py PAGE SOURCE -- COMPILER OPTION...

SOURCE must not compile, and the block ```text of PAGE that names SOURCE must be what the compiler prints. The line
before the block names the compiler, for example "g++ 12". That compiler must print exactly the lines of the block, in
this order. A line […] stands for any number of lines, and a path from "typeformer/" on for a whole path. Line numbers
in headers are not compared. Any other compiler must name the same error type. --print writes what the compiler
prints."""
import re
import subprocess
import sys
from pathlib import Path

ELISION = "[…]"
ERROR_TYPE = re.compile(r"typeformer::error::\w+<.*?> ?>(?=[\]'’ ])")
PLACE_IN_HEADER = re.compile(r"(?<=\.hpp):\d+(:\d+)?")
INCLUDE_PATH = re.compile(r"(?<![\w<])[^\s:]*/(?=typeformer/)")


def compiler_name(command):
    """"g++ 12" or "clang 16"."""
    first = subprocess.run([command[0], "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
    version = re.search(r"(\d+)\.\d+", first)[1]
    return ("clang " if "clang" in first else "g++ ") + version


def printed_by(command, source):
    run = subprocess.run([*command, "-std=c++20", "-fsyntax-only", "-fdiagnostics-color=never", source.name],
                         capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd=source.parent,
                         env={"PATH": "/usr/bin:/bin:/usr/local/bin", "LC_ALL": "C.UTF-8"})
    if run.returncode == 0:
        return None
    return [INCLUDE_PATH.sub("", line).rstrip() for line in (run.stdout + run.stderr).splitlines()]


def block_about(page, source):
    """The compiler that the page names, and the lines of the block."""
    for match in re.finditer(r"^([^\n]+)\n\n```text\n(.*?)^```$", page, re.M | re.S):
        if f"{source.name}:" in match[2]:
            named = re.search(r"(?:g\+\+|clang) \d+", match[1])
            return named and named[0], match[2].splitlines()
    return None, []


def without_places(lines):
    return [PLACE_IN_HEADER.sub("", line).rstrip() for line in lines]


def line_not_printed(expected, printed):
    """The first line that is not in its place in what was printed, or None."""
    at, elided = 0, False
    for line in expected:
        if line == ELISION:
            elided = True
            continue
        while elided and at < len(printed) and printed[at] != line:
            at += 1
        if at >= len(printed) or printed[at] != line:
            return line
        at, elided = at + 1, False
    return None


def error_types(lines):
    return {found.replace("> >", ">>") for found in ERROR_TYPE.findall("\n".join(lines))}


def complaint(page, source, command):
    named, expected = block_about(page, source)
    if not expected or named is None:
        return f"no block of text names {source.name} and its compiler"
    printed = printed_by(command, source)
    if printed is None:
        return f"{source.name} compiles, and must not"
    missing = None
    if compiler_name(command) == named:
        missing = line_not_printed(without_places(expected), without_places(printed))
    if missing is None:
        types = error_types(expected)
        if not types:
            return "the block names no error type"
        missing = next(iter(sorted(types - error_types(printed))), None)
    return missing and f"the compiler does not print\n{missing}\nbut\n" + "\n".join(printed)


def main():
    separator = sys.argv.index("--")
    page, source, command = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[separator + 1:]
    if "--print" in sys.argv[:separator]:
        print("\n".join(printed_by(command, source)))
        return 0
    found = complaint(page.read_text(encoding="utf-8"), source, command)
    print(found or f"{page.name} shows what {compiler_name(command)} says about {source.name}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
