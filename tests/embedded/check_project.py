#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""check_project.py CMAKE IMPORT MODEL BOOST_DIRECTORY

Configures and builds examples/embedded for a Cortex-M7 as a user would, with `typeformer_add_model(… EMBED)`, and runs it."""
import os
import subprocess
import sys
import tempfile

import boards

cmake, importer, model, boost = sys.argv[1:]
if missing := boards.CORTEX_M7.missing_tools():
    print(f"SKIPPED: project_for_cortex_m7: no {', '.join(missing)}")
    sys.exit()
with tempfile.TemporaryDirectory() as folder:
    subprocess.run([cmake, "-S", boards.EXAMPLES, "-B", folder, "--toolchain", os.path.join(boards.CORTEX_M, "cortex-m7.cmake"),
                    "-DCMAKE_BUILD_TYPE=MinSizeRel", f"-DTYPEFORMER_IMPORT={importer}", f"-DMODEL_FOLDER={model}",
                    "-DMODEL_FORMAT=int8", f"-DBOOST_HEADERS={boost}"], check=True)
    subprocess.run([cmake, "--build", folder], check=True)
    run = boards.CORTEX_M7.run(os.path.join(folder, "self_test"))
print(run.stdout + run.stderr)
if run.returncode or "self-test passed" not in run.stdout + run.stderr:
    sys.exit(f"the program ended with {run.returncode}")
