// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "given_case.hpp"
#include "write_results.hpp"

namespace typeformer::conformance {

inline std::string read_text(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// The entry of a case in the folder's index.json as JSON text; empty if there is none.
inline std::string entry_of(const rapidjson::Document& cases, const std::string& name) {
  if (!cases.IsObject() || !cases.HasMember(name.c_str())) return {};
  const rapidjson::Value& entry = cases[name.c_str()];
  const rapidjson::Value& attributes = entry.IsObject() && entry.HasMember("attrs") ? entry["attrs"] : entry;
  rapidjson::StringBuffer text;
  rapidjson::Writer<rapidjson::StringBuffer> writer(text);
  attributes.Accept(writer);
  return text.GetString();
}

/// Computes every .safetensors file of a folder and writes its result into `output`. One line per case: `computed
/// NAME`, `skipped NAME: REASON` or `failed NAME: REASON`.
template <class Compute>
int run_files(const std::filesystem::path& folder, const std::filesystem::path& output, Compute compute) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".safetensors") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  rapidjson::Document cases;
  cases.Parse(read_text(folder / "index.json").c_str());
  for (const auto& path : files) {
    const std::string name = path.stem().string();
    try {
      auto file = checkpoint_file::open(path.string());
      if (!file) throw wrong_case(std::string(file.error().message()));
      given_case c(std::move(*file), entry_of(cases, name));
      const tensors results = compute(name, c);
      if (const auto written = write_results((output / path.filename()).string(), results); !written)
        throw wrong_case(std::string(written.error().message()));
      std::printf("computed %s\n", name.c_str());
    } catch (const not_supported& missing) {
      std::printf("skipped %s: missing: %s\n", name.c_str(), missing.what());
    } catch (const std::exception& wrong) {
      std::printf("failed %s: %s\n", name.c_str(), wrong.what());
    }
  }
  return 0;
}

}  // namespace typeformer::conformance
