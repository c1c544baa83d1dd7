// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

namespace running {

namespace detail {

/// Whether a file is what Git leaves of a large file if Git LFS is not installed.
inline bool is_lfs_pointer(const std::filesystem::path& file) {
  constexpr std::string_view beginning = "version https://git-lfs.github.com/";
  std::array<char, beginning.size()> bytes{};
  std::ifstream stream(file, std::ios::binary);
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return stream && std::string_view(bytes.data(), bytes.size()) == beginning;
}

}  // namespace detail

/// Why a model cannot be run, if it is one of the reasons that a new user meets; empty: none of them.
inline std::string usual_problem(const std::string& model) {
  namespace files = std::filesystem;
  std::error_code ignored;
  if (!files::exists(model, ignored)) return model + ": there is no such folder or file";
  const auto pointer = [](const std::string& file) {
    return file + ": is a pointer of Git LFS, not the file itself; \"git lfs pull\" fetches it";
  };
  if (!files::is_directory(model, ignored)) {
    if (!model.ends_with(".gguf")) return model + ": expected a folder or a .gguf file";
    return detail::is_lfs_pointer(model) ? pointer(model) : std::string{};
  }
  bool has_weights = false;
  std::string pickled;
  std::error_code stopped;
  for (files::directory_iterator at{model, stopped}, end; !stopped && at != end; at.increment(stopped)) {
    const files::path name = at->path().filename(), ending = name.extension();
    if (ending == ".json" || ending == ".safetensors" || ending == ".gguf" || ending == ".model")
      if (detail::is_lfs_pointer(at->path())) return pointer(at->path().string());
    has_weights = has_weights || ending == ".safetensors" || ending == ".gguf";
    if (name.native().starts_with("pytorch_model")) pickled = name.string();
  }
  if (has_weights || pickled.empty()) return {};
  return model + ": " + pickled +
         " is not read; expected model.safetensors, as save_pretrained of transformers writes it";
}

}  // namespace running
