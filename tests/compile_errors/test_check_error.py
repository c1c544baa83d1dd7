#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""test_check_error.py COMPILER: check_error.py accepts a good message and nothing else."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.dont_write_bytecode = True
from check_error import compiler_family, complaints  # noqa: E402

COMPILER = sys.argv.pop(1)


def judge(text):
    with tempfile.TemporaryDirectory() as directory:
        source = Path(directory) / "wrong.cpp"
        source.write_text(text)
        return complaints(source, [COMPILER])[0]


class Judgement(unittest.TestCase):
    def test_good_message(self):
        self.assertEqual(judge('// expect-first-lines: seven heads\nstatic_assert(1 > 2, "seven heads");  // expect-own-line\n'), [])

    def test_code_that_compiles(self):
        self.assertEqual(judge("// expect-first-lines: .\nint x;\n"), ["compiles, and must not"])

    def test_no_expectation(self):
        self.assertEqual(judge("static_assert(false);\n"), ["states no expectation"])

    def test_another_message(self):
        self.assertEqual(len(judge('// expect-first-lines: eight heads\nstatic_assert(1 > 2, "seven heads");\n')), 1)

    def test_every_expectation_counts(self):
        self.assertEqual(len(judge('// expect-first-lines: seven\n// expect-first-lines: nine\nstatic_assert(1 > 2, "seven");\n')), 1)

    def test_message_that_comes_late(self):
        noise = "".join(f"static_assert({n} < 0);\n" for n in range(12))
        late = judge(f'// expect-first-lines: seven heads\n{noise}static_assert(1 > 2, "seven heads");\n')
        self.assertIn("no line of the first 12 matches seven heads", late)

    def test_message_that_is_too_long(self):
        noise = "".join(f"static_assert({n} < 0);\n" for n in range(12))
        long = judge(f'// expect-first-lines: seven heads\nstatic_assert(1 > 2, "seven heads");\n{noise}')
        self.assertEqual(len(long), 1)
        self.assertRegex(long[0], "lines, and at most 15 are read")

    def test_another_line(self):
        self.assertEqual(len(judge('int x;  // expect-own-line\nstatic_assert(1 > 2);\n')), 1)

    def test_expectation_of_the_other_compiler(self):
        wrong = 'static_assert(1 > 2, "seven");\n// expect-first-lines: seven\n'
        self.assertEqual(len(judge(wrong + "// expect-first-lines(gcc): eight\n// expect-first-lines(clang): eight\n")), 1)

    @unittest.skipIf(compiler_family([COMPILER]) == "clang", "headers are precompiled for g++")
    def test_precompiled_header_changes_no_line(self):
        with tempfile.TemporaryDirectory() as directory:
            headers, precompiled, source = (Path(directory) / name for name in ("include", "precompiled", "wrong.cpp"))
            for folder in (headers, precompiled):
                (folder / "typeformer").mkdir(parents=True)
            all_of_it, part = headers / "typeformer/all.hpp", headers / "typeformer/part.hpp"
            all_of_it.write_text("#pragma once\n#include <typeformer/part.hpp>\n")
            part.write_text('#pragma once\ntemplate <int Heads> struct layer { static_assert(Heads < 7, "seven heads"); };\n')
            source.write_text("// expect-first-lines: nothing\n#include <typeformer/all.hpp>\nlayer<7> wrong;\n")
            subprocess.run([COMPILER, "-std=c++20", "-w", f"-I{headers}", "-x", "c++-header", all_of_it,
                            "-o", precompiled / "typeformer/all.hpp.gch"], check=True)
            output = complaints(source, [COMPILER, f"-I{headers}"])[1]
            self.assertIn(f"from {source}:2:", output)
            self.assertEqual(complaints(source, [COMPILER, f"-I{headers}"], precompiled)[1], output)


if __name__ == "__main__":
    unittest.main()
