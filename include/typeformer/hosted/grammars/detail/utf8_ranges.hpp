// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <string>

#include <typeformer/hosted/grammars/code_points.hpp>
#include <typeformer/text/utf8.hpp>

namespace typeformer::detail {

/// Ranges of bytes, one after the other: the encodings of a range of code points of one length.
struct utf8_sequence {
  struct byte_range {
    unsigned char first, last;
  };
  std::array<byte_range, 4> bytes{};
  std::size_t size = 0;
};

/// Calls `use(sequence)` for sequences that have together exactly the encodings of a range without surrogates. A range
/// is split where its encodings get longer, and where a byte before the last would not have all its continuations
/// (Cox 2010, "Regular Expression Matching in the Wild", "Compile to Byte Code").
template <class Use> void for_each_utf8_sequence(code_points::range range, const Use& use) {
  constexpr char32_t ends_of_lengths[] = {0x7F, 0x7FF, 0xFFFF};
  for (const char32_t end : ends_of_lengths)
    if (range.first <= end && end < range.last) {
      for_each_utf8_sequence({range.first, end}, use);
      return for_each_utf8_sequence({end + 1, range.last}, use);
    }
  for (unsigned bits = 6; range.first > 0x7F && bits <= 18; bits += 6) {
    const char32_t low = (char32_t{1} << bits) - 1;
    if ((range.first & ~low) == (range.last & ~low)) break;
    if ((range.first & low) != 0) {
      for_each_utf8_sequence({range.first, range.first | low}, use);
      return for_each_utf8_sequence({(range.first | low) + 1, range.last}, use);
    }
    if ((range.last & low) != low) {
      for_each_utf8_sequence({range.first, (range.last & ~low) - 1}, use);
      return for_each_utf8_sequence({range.last & ~low, range.last}, use);
    }
  }
  std::string first, last;
  append_utf8(first, range.first);
  append_utf8(last, range.last);
  utf8_sequence made;
  made.size = first.size();
  for (std::size_t i = 0; i < made.size; ++i)
    made.bytes[i] = {static_cast<unsigned char>(first[i]), static_cast<unsigned char>(last[i])};
  use(made);
}

}  // namespace typeformer::detail
