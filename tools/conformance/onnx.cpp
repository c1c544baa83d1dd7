// SPDX-License-Identifier: BSL-1.0
#include <conformance/onnx.hpp>
#include <conformance/run_files.hpp>

// onnx FOLDER OUTPUT: the outputs of the ONNX nodes of a folder, each a NAME.json with its NAME.safetensors.
int main(int, char** arguments) {
  namespace judged = typeformer::conformance;
  judged::run_files(arguments[1], arguments[2], [](std::filesystem::path path, typeformer::checkpoint_file file) {
    judged::onnx_case c(std::move(file), judged::read_text(path.replace_extension(".json")));
    return judged::compute_onnx(c);
  });
}
