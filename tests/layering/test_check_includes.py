#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Every rule of check_includes.py finds its violation, and a lawful tree has none."""
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.dont_write_bytecode = True
from check_includes import check_tree  # noqa: E402

HEAD = "// SPDX-License-Identifier: BSL-1.0\n#pragma once\n"
LAWFUL = {
    "foundation/result.hpp": "#include <utility>\n#define TYPEFORMER_X 1\n",
    "meta/list.hpp": "#include <boost/hana/tuple.hpp>\n#include <typeformer/foundation/result.hpp>\n",
    "meta/detail/part.hpp": "",
    "simd/pack.hpp": "#include <xsimd/xsimd.hpp>\n#include <immintrin.h>\n",
    "parallel/pool.hpp": "#include <thread>\n",
    "reference/linear.hpp": "",
    "kernels/linear.hpp": "#include <typeformer/reference/linear.hpp>\n#include <typeformer/simd/pack.hpp>\n",
    "layers/linear.hpp": "#include <typeformer/kernels/linear.hpp>\n",
    "composition/repeat.hpp": "#include <typeformer/meta/list.hpp>\n",
    "text/bpe.hpp": "#include <string>\n#include <typeformer/foundation/result.hpp>\n",
    "hosted/formats/safetensors.hpp": "#include <rapidjson/document.h>\n#include <vector>\n",
    "typeformer.hpp": "#include <typeformer/layers/linear.hpp>\n",
    "hosted.hpp": "#include <typeformer/typeformer.hpp>\n#include <typeformer/hosted/formats/safetensors.hpp>\n",
    "types.hpp": "#include <typeformer/composition/repeat.hpp>\n",
}


def violations(changes):
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        for name, body in {**LAWFUL, **changes}.items():
            file = root / "typeformer" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(body if body.startswith("RAW") else HEAD + body)
        return check_tree(root)


class Rules(unittest.TestCase):
    def test_lawful_tree(self):
        self.assertEqual(violations({}), [])

    def found(self, name, body, words):
        complaints = violations({name: body})
        self.assertEqual(len(complaints), 1, complaints)
        self.assertIn(words, complaints[0])

    def test_higher_row(self):
        self.found("kernels/norm.hpp", "#include <typeformer/layers/linear.hpp>\n", "row 3 (kernels) includes row 7")

    def test_two_rooms_of_one_row(self):
        self.found("simd/pack.hpp", "#include <typeformer/reference/linear.hpp>\n", "stand in one row")

    def test_foreign_detail(self):
        self.found("layers/norm.hpp", "#include <typeformer/meta/detail/part.hpp>\n", "another room's detail")

    def test_own_detail(self):
        self.assertEqual(violations({"meta/fold.hpp": "#include <typeformer/meta/detail/part.hpp>\n"}), [])

    def test_hana_outside_meta(self):
        self.found("layers/norm.hpp", "#include <boost/hana/unpack.hpp>\n", "Hana belongs to meta")

    def test_xsimd_outside_simd(self):
        self.found("kernels/norm.hpp", "#include <xsimd/xsimd.hpp>\n", "xsimd belongs to simd")

    def test_kernels_do_not_see_meta(self):
        self.found("kernels/norm.hpp", "#include <typeformer/meta/list.hpp>\n", "must not see meta/")

    def test_text_sees_foundation_only(self):
        self.found("text/norm.hpp", "#include <typeformer/shape/views.hpp>\n", "must not see shape/")

    def test_host_headers_in_the_core(self):
        for header in ("string", "vector", "iostream", "functional"):
            self.found("layers/norm.hpp", f"#include <{header}>\n", "embedded profile")

    def test_threads_outside_parallel(self):
        self.found("layers/norm.hpp", "#include <mutex>\n", "threads belong to parallel")

    def test_json_in_the_core(self):
        self.found("parameters/file.hpp", "#include <rapidjson/document.h>\n", "host libraries")

    def test_unknown_library(self):
        self.found("hosted/plots/plot.hpp", "#include <matplot/matplot.h>\n", "an unknown library")

    def test_core_umbrella_stays_core(self):
        self.found("small.hpp", "#include <typeformer/hosted/formats/safetensors.hpp>\n", "the core includes the hosted part")

    def test_room_includes_umbrella(self):
        self.found("models/gpt.hpp", "#include <typeformer/typeformer.hpp>\n", "umbrella")

    def test_types_reaches_no_kernel(self):
        self.found("composition/repeat.hpp", "#include <typeformer/simd/pack.hpp>\n", "types.hpp: reaches")

    def test_quoted_include(self):
        self.found("layers/norm.hpp", '#include "linear.hpp"\n', "include as <")

    def test_missing_header(self):
        self.found("layers/norm.hpp", "#include <typeformer/shape/nothing.hpp>\n", "no such header")

    def test_unknown_room(self):
        self.found("attic/norm.hpp", "", "unknown room")

    def test_macro_prefix(self):
        self.found("layers/norm.hpp", "#define N 3\n", "lacks the prefix")

    def test_first_lines(self):
        self.found("layers/norm.hpp", "RAW", "license line")

    def test_length(self):
        self.found("layers/norm.hpp", "\n" * 300, "more than one idea")


if __name__ == "__main__":
    unittest.main()
