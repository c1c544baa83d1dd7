#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""check_error.py [--precompiled DIRECTORY] SOURCE -- COMPILER OPTION...

SOURCE must not compile. The first lines of the output must help its author, and there must be at most 15 lines.
Comments in SOURCE give the expectations:
    // expect-first-lines: REGEX           somewhere in the first 12 lines of the output, each regex in one line
    // expect-first-lines(gcc): REGEX      for one compiler only (gcc or clang)
    // expect-own-line                     at the end of the user's line that the first 12 lines must name

DIRECTORY has precompiled headers for g++, which are the first that SOURCE includes. Then g++ leaves out from where such
a header was included; that line is put back, so that what is judged is what a user reads."""
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


def with_includer(output, source, directory):
    """The compiler's output, with the line that says where `source` includes the header that was precompiled."""
    for precompiled in sorted(Path(directory).rglob("*.gch")) if directory else []:
        header = precompiled.relative_to(directory).with_suffix("").as_posix()
        for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
            if line.startswith(f"#include <{header}>"):
                place = rf"^(In file included from |  +from )(\S*{re.escape(header)}:\d+):$"
                return re.sub(place, rf"\1\2,\n{'from':>21} {source}:{number}:", output, flags=re.MULTILINE)
    return output


def complaints(source, command, precompiled=None):
    """What is wrong with the compiler's output for `source`, and the output."""
    patterns = expectations(source, compiler_family(command))
    if not patterns:
        return ["states no expectation"], ""
    if precompiled:
        command = [command[0], f"-I{precompiled}", *command[1:]]
    run = subprocess.run([*command, "-std=c++20", "-fsyntax-only", "-fdiagnostics-color=never", str(source)],
                         capture_output=True, text=True, stdin=subprocess.DEVNULL)
    output = with_includer(run.stdout + run.stderr, source, precompiled)
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
    arguments, command = sys.argv[1:separator], sys.argv[separator + 1:]
    source, precompiled = Path(arguments[-1]), arguments[1] if arguments[0] == "--precompiled" else None
    found, output = complaints(source, command, precompiled)
    for complaint in found:
        print(f"{source.name}: {complaint}")
    if found:
        print("the compiler said:\n" + "\n".join(output.splitlines()[:40]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
