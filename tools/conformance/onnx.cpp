// SPDX-License-Identifier: BSL-1.0
#include <conformance/onnx.hpp>
#include <conformance/run_files.hpp>

// onnx FOLDER OUTPUT: the outputs of the ONNX nodes of a folder, each a NAME.json with its NAME.safetensors. One line
// per case, as in `run_files`.
int main(int, char** arguments) {
  namespace judged = typeformer::conformance;
  const std::filesystem::path folder{arguments[1]}, output{arguments[2]};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const auto& path : files) {
    const std::string name = path.stem().string();
    try {
      const std::string values = std::filesystem::path(path).replace_extension(".safetensors").string();
      auto file = typeformer::checkpoint_file::open(values);
      if (!file) throw judged::wrong_case(std::string(file.error().message()));
      judged::onnx_case c(std::move(*file), judged::read_text(path));
      const judged::tensors results = judged::compute_onnx(c);
      if (const auto written = judged::write_results((output / (name + ".safetensors")).string(), results); !written)
        throw judged::wrong_case(std::string(written.error().message()));
      std::printf("computed %s\n", name.c_str());
    } catch (const judged::not_supported& missing) {
      std::printf("skipped %s: missing: %s\n", name.c_str(), missing.what());
    } catch (const std::exception& wrong) {
      std::printf("failed %s: %s\n", name.c_str(), wrong.what());
    }
  }
}
