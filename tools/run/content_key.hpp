// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace running {

/// A number of contents: equal ones have the same. Two sums of Fowler, Noll and Vo (FNV-1a), of 64 bits each, from
/// different beginnings. Not for contents that someone has made to collide.
class content_key {
 public:
  void add(std::string_view text) {
    for (const char c : text) step(static_cast<unsigned char>(c));
    step(text.size() & 0xFF), step(text.size() >> 8 & 0xFF);  // so that "ab", "c" is not "a", "bc"
  }
  /// The files below a folder whose names have an ending: their names and contents.
  void add_files(const std::filesystem::path& folder, std::string_view ending) {
    std::vector<std::filesystem::path> files;
    for (const auto& each : std::filesystem::recursive_directory_iterator(folder))
      if (each.is_regular_file() && each.path().native().ends_with(ending)) files.push_back(each.path());
    std::ranges::sort(files);
    for (const std::filesystem::path& file : files) {
      std::ifstream stream(file, std::ios::binary);
      add(file.lexically_relative(folder).native());
      add(std::string(std::istreambuf_iterator<char>(stream), {}));
    }
  }
  /// 32 hexadecimal digits.
  std::string text() const {
    std::string digits;
    for (const std::uint64_t half : {first_, second_})
      for (int shift = 60; shift >= 0; shift -= 4) digits += "0123456789abcdef"[half >> shift & 15];
    return digits;
  }

 private:
  void step(std::uint64_t byte) {
    constexpr std::uint64_t prime = 0x100'0000'01B3;
    first_ = (first_ ^ byte) * prime;
    second_ = (second_ ^ byte) * prime;
  }

  std::uint64_t first_ = 0xCBF2'9CE4'8422'2325, second_ = 0x8422'2325'CBF2'9CE4;
};

}  // namespace running
