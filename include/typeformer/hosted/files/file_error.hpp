// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <typeformer/text/joined.hpp>
#include <typeformer/text/printable.hpp>

namespace typeformer {

/// What is wrong with a file, or with one of its tensors or keys. Texts that do not apply are empty.
struct file_error {
  std::string file, tensor, problem, expected, found;

  TYPEFORMER_RARE file_error() {}
  TYPEFORMER_RARE file_error(std::string_view in_file, std::string_view in_tensor, std::string_view what,
                             std::string_view what_expected = {}, std::string_view what_found = {})
      : file(in_file), tensor(in_tensor), problem(what), expected(what_expected), found(what_found) {}
  TYPEFORMER_RARE file_error(const file_error& other)
      : file(other.file), tensor(other.tensor), problem(other.problem), expected(other.expected), found(other.found) {}
  TYPEFORMER_RARE file_error(file_error&& other) noexcept
      : file(std::move(other.file)),
        tensor(std::move(other.tensor)),
        problem(std::move(other.problem)),
        expected(std::move(other.expected)),
        found(std::move(other.found)) {}
  TYPEFORMER_RARE file_error& operator=(file_error other) noexcept {
    file.swap(other.file), tensor.swap(other.tensor), problem.swap(other.problem);
    expected.swap(other.expected), found.swap(other.found);
    return *this;
  }
  TYPEFORMER_RARE ~file_error() {}

  /// One line for any names (see `printable`), like `model.safetensors: tensor "wte.weight": wrong shape: expected [96,
  /// 48], found [96, 47]`.
  TYPEFORMER_RARE std::string message() const {
    const bool names_tensor = !tensor.empty(), expects = !expected.empty(), finds = !found.empty();
    return detail::joined({printable(file), ": ", names_tensor ? "tensor " : "",
                           names_tensor ? quoted_name(tensor) : "", names_tensor ? ": " : "", printable(problem),
                           expects ? ": expected " : "", printable(expected),
                           !finds    ? ""
                           : expects ? ", found "
                                     : ": found ",
                           printable(found)});
  }
};

/// `[48, 144]`; a scalar's shape is `[]`. Of more than 16 extents only the first are shown: `[1, 1, ... (100000
/// extents)]`.
TYPEFORMER_RARE inline std::string shape_text(std::span<const std::int64_t> shape) {
  constexpr std::size_t most_shown = 16;
  std::string text = "[";
  for (const std::int64_t extent : shape.first(shape.size() < most_shown ? shape.size() : most_shown))
    text += detail::joined({text.size() > 1 ? ", " : "", detail::digits_of(extent)});
  if (shape.size() > most_shown) text += detail::joined({", ... (", detail::digits_of(shape.size()), " extents)"});
  return text += "]";
}

}  // namespace typeformer
