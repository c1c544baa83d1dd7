#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""summary.py RECORD...: counts what was judged, names every failure and every skip with its reason.

A RECORD is a JUnit file of ctest or a text file of lines `passed: NAME`, `failed: NAME`, `skipped: NAME: REASON`.
A test program counts by its Catch2 test cases, every other test as one. A test case that prints `SKIPPED:` has judged
nothing, so it counts as skipped and not as passed. Exit status 1 when anything failed or nothing passed."""
import re
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

ALL_PASSED = re.compile(r"^All tests passed \(.* in (\d+) test cases?\)", re.M)
SOME_FAILED = re.compile(r"^test cases:\s*\d+((?:\s*\|\s*\d+ [a-z ]+)+)", re.M)
SKIPPED = re.compile(r"^SKIPPED: (.*)$", re.M)


def catch_counts(output):
    """(passed, failed) test cases, or None when this is not the output of a Catch2 program."""
    if match := ALL_PASSED.search(output):
        return int(match[1]), 0
    if match := SOME_FAILED.search(output):
        parts = {words.strip(): int(number) for number, words in re.findall(r"(\d+) ([a-z ]+)", match[1])}
        return parts.get("passed", 0), parts.get("failed", 0)
    return None


class Totals:
    def __init__(self):
        self.passed, self.failures, self.failed, self.skips = 0, [], 0, []

    def add_ctest(self, record):
        lane = record.stem
        for test in xml.parse(record).getroot().iter("testcase"):
            name, status = f"{lane}: {test.get('name')}", test.get("status")
            output = test.findtext("system-out") or ""
            skips = list(dict.fromkeys(SKIPPED.findall(output)))
            self.skips += [f"{lane}: {skip}" for skip in skips]
            counts = catch_counts(output)
            if status in ("disabled", "notrun"):
                self.add_failure(name)
            elif counts:
                passed, failed = counts
                self.passed += max(passed - len(skips), 0)
                if failed or status != "run":
                    self.add_failure(name, max(failed, 1))
            elif status == "run":
                self.passed += 0 if skips else 1
            else:
                self.add_failure(name)

    def add_lines(self, record):
        for line in record.read_text().splitlines():
            kind, _, rest = line.partition(": ")
            if kind == "passed":
                self.passed += 1
            elif kind == "failed":
                self.add_failure(rest)
            elif kind == "skipped":
                self.skips.append(rest)

    def add_failure(self, name, count=1):
        self.failed += count
        self.failures.append(name)


def main():
    totals = Totals()
    for record in map(Path, sys.argv[1:]):
        if record.exists():
            (totals.add_ctest if record.suffix == ".xml" else totals.add_lines)(record)
    print()
    for skip in totals.skips:
        print(f"skipped  {skip}")
    for failure in totals.failures:
        print(f"FAILED   {failure}")
    print(f"{totals.passed} passed, {totals.failed} failed, {len(totals.skips)} skipped")
    return 1 if totals.failed or not totals.passed else 0


if __name__ == "__main__":
    sys.exit(main())
