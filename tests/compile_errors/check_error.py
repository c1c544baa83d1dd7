#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""check_error.py SOURCE -- COMPILER OPTION...

SOURCE must not compile. The first lines of the output must help its author, and there must be at most 15 lines.
Comments in SOURCE give the expectations:
    // expect-first-lines: REGEX           somewhere in the first 12 lines of the output, each regex in one line
    // expect-first-lines(gcc): REGEX      for one compiler only (gcc or clang)
    // expect-own-line                     at the end of the user's line that the first 12 lines must name"""
import re
import subprocess
import sys
from pathlib import Path

FIRST_LINES = 12
ALL_LINES = 15
EXPECTATION = re.compile(r"//\s*expect-first-lines(?:\((gcc|clang)\))?:\s*(.+?)\s*$")
OWN_LINE = re.compile(r"//\s*expect-own-line\s*$")


def expectations(source, compiler):
    """Regular expressions that the first lines must match for this compiler."""
    patterns = []
    for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
        if match := EXPECTATION.search(line):
            if match[1] in (None, compiler):
                patterns.append(match[2])
        if OWN_LINE.search(line):
            patterns.append(rf"{re.escape(source.name)}:{number}:")
    return patterns


def compiler_family(command):
    version = subprocess.run([command[0], "--version"], capture_output=True, text=True, check=True).stdout
    return "clang" if "clang" in version else "gcc"


def complaints(source, command):
    """What is wrong with the compiler's output for `source`, and the output."""
    patterns = expectations(source, compiler_family(command))
    if not patterns:
        return ["states no expectation"], ""
    run = subprocess.run([*command, "-std=c++20", "-fsyntax-only", "-fdiagnostics-color=never", str(source)],
                         capture_output=True, text=True, stdin=subprocess.DEVNULL)
    output = run.stdout + run.stderr
    if run.returncode == 0:
        return ["compiles, and must not"], output
    if run.returncode < 0 or "internal compiler error" in output:
        return ["the compiler crashed"], output
    lines = output.splitlines()
    first = lines[:FIRST_LINES]
    too_long = [f"{len(lines)} lines, and at most {ALL_LINES} are read"] if len(lines) > ALL_LINES else []
    return too_long + [f"no line of the first {FIRST_LINES} matches {pattern}"
            for pattern in patterns if not any(re.search(pattern, line) for line in first)], output


def main():
    separator = sys.argv.index("--")
    source, command = Path(sys.argv[1]), sys.argv[separator + 1:]
    found, output = complaints(source, command)
    for complaint in found:
        print(f"{source.name}: {complaint}")
    if found:
        print("the compiler said:\n" + "\n".join(output.splitlines()[:40]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
