#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""check_names.py IMPORT FOLDER NAMES -- COMPILER ARGUMENT...: typeformer-import rejects every name of NAMES with
one sentence, or writes a header that compiles after the standard library's own. Free names must not be rejected."""
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

STANDARD = """algorithm cassert cctype cerrno cfenv chrono cinttypes climits clocale cmath complex csetjmp csignal cstdarg
cstdint cstdio cstdlib cstring ctime cwchar cwctype functional iostream math.h memory string thread time.h vector"""


def main():
    program, folder, names = sys.argv[1:4]
    compiler = sys.argv[sys.argv.index("--") + 1:]
    lists = {}
    for line in Path(names).read_text().splitlines():
        if line in ("taken", "free"):
            words = lists[line] = []
        elif not line.startswith("#"):
            words += line.split()

    with tempfile.TemporaryDirectory() as place:
        def import_as(name):
            return subprocess.run([program, folder, "--name", name, "-o", f"{place}/{name.replace('/', '_')}.hpp"],
                                  capture_output=True, text=True)

        all_names = [*lists["taken"], *lists["free"]]
        with ThreadPoolExecutor() as pool:
            runs = dict(zip(all_names, pool.map(import_as, all_names)))
        accepted = [name for name, run in runs.items() if run.returncode == 0]
        wrong = [f"{name} is rejected: {runs[name].stderr}" for name in lists["free"] if name not in accepted]
        for name, run in runs.items():
            if name not in accepted and not (run.stderr.startswith(f"typeformer-import: --name {name} ") and
                                             run.stderr.count("\n") == 1):
                wrong.append(f"{name} is not rejected with a sentence: {run.stderr}")

        source = Path(place) / "names.cpp"
        source.write_text("".join(f"#include <{header}>\n" for header in STANDARD.split()) +
                          "".join(f'#include "{name}.hpp"\n' for name in accepted) +
                          "".join(f"static_assert(typeformer::parameter_count<{name}> > 0);\n" for name in accepted))
        compiled = subprocess.run([*compiler, "-std=gnu++20", "-fsyntax-only", str(source)], capture_output=True, text=True)
        if compiled.returncode != 0:
            wrong.append("\n".join(compiled.stderr.splitlines()[:20]))
        # For a name that is in no list, the header has the sentence.
        guarded = subprocess.run([*compiler, "-std=c++20", "-fsyntax-only", f"-D{lists['free'][0]}=1", str(source)],
                                 capture_output=True, text=True)
        if "is a macro here: import the model with another --name" not in guarded.stderr:
            wrong.append(f"a macro {lists['free'][0]} is no sentence: {guarded.stderr[:400]}")
    print("\n".join(wrong) or f"{len(all_names)} names, {len(accepted)} accepted: {' '.join(accepted)}")
    return 1 if wrong else 0


sys.exit(main())
