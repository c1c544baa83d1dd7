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

namespace typeformer::conformance {

inline std::string read_text(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

inline std::string json_of(const rapidjson::Value& value) {
  rapidjson::StringBuffer text;
  rapidjson::Writer<rapidjson::StringBuffer> writer(text);
  value.Accept(writer);
  return text.GetString();
}

/// The entry of a case in the folder's index.json as JSON text; empty if there is none.
inline std::string entry_of(const rapidjson::Document& cases, const std::string& name) {
  if (!cases.IsObject() || !cases.HasMember(name.c_str())) return {};
  const rapidjson::Value& entry = cases[name.c_str()];
  return json_of(entry.IsObject() && entry.HasMember("attrs") ? entry["attrs"] : entry);
}

/// A case's line: `computed NAME: NOTE` with the note that `compute()` returns, `skipped NAME: REASON` or `failed NAME:
/// REASON`.
template <class Compute> void report(const std::string& name, Compute compute) {
  try {
    const std::string note = compute();
    std::printf("computed %s: %s\n", name.c_str(), note.c_str());
  } catch (const not_supported& missing) {
    std::printf("skipped %s: missing: %s\n", name.c_str(), missing.what());
  } catch (const std::exception& wrong) {
    std::printf("failed %s: %s\n", name.c_str(), wrong.what());
  }
}

/// Computes every .safetensors file of a folder, whose name without the extension is the case's, and writes the results
/// into another one. A line per case.
template <class Compute>
void run_files(const std::filesystem::path& folder, const std::filesystem::path& output, Compute compute) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".safetensors") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const auto& path : files)
    report(path.stem().string(), [&] {
      auto file = checkpoint_file::open(path.string());
      if (!file) throw wrong_case(std::string(file.error().message()));
      const auto written = write_results((output / path.filename()).string(), compute(path, std::move(*file)));
      if (!written) throw wrong_case(std::string(written.error().message()));
      return std::string{};
    });
}

/// The same for files whose attributes may be in the folder's index.json.
template <class Compute>
void run_given_cases(const std::filesystem::path& folder, const std::filesystem::path& output, Compute compute) {
  rapidjson::Document cases;
  cases.Parse(read_text(folder / "index.json").c_str());
  run_files(folder, output, [&](const std::filesystem::path& path, checkpoint_file file) {
    const std::string name = path.stem().string();
    given_case c(std::move(file), entry_of(cases, name));
    return compute(name, c);
  });
}

}  // namespace typeformer::conformance
