# SPDX-License-Identifier: BSL-1.0
"""Compares an object file with limits that do not jitter: symbols that it defines, and bytes of text.

check_size.py NM SIZE OBJECT LIMITS: exits 1 with what to do when a limit is passed."""
import subprocess
import sys


def measured(nm, size, path):
    symbols = subprocess.run([nm, "--defined-only", path], check=True, capture_output=True, text=True).stdout
    sections = subprocess.run([size, path], check=True, capture_output=True, text=True).stdout
    return {"symbols": len(symbols.splitlines()), "text_bytes": int(sections.splitlines()[1].split()[0])}


def main():
    nm, size, path, limits_path = sys.argv[1:]
    with open(limits_path, encoding="utf-8") as file:
        limits = dict(line.split() for line in file if line.strip() and not line.startswith("#"))
    found = measured(nm, size, path)
    if not limits or set(limits) - set(found):
        sys.exit(f"{limits_path}: expected limits of {', '.join(found)}")
    passed = True
    for name, limit in limits.items():
        passed = passed and found[name] <= int(limit)
        print(f"{name}: {found[name]}, limit {limit}")
    if not passed:
        sys.exit("The GPT-2 inference translation unit has grown. Find out why (nm -CS --size-sort, -ftime-report); when\n"
                 f"it is worth it, run scripts/compile-time, put its figures into docs/compile_time.md and raise\n{limits_path}.")


if __name__ == "__main__":
    main()
