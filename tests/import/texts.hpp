// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>
#include <string_view>

#include <support/catch.hpp>

/// The begin, part and end of a text. Catch2 2 and 3 have different names for it.
struct expected_text {
  std::string_view begins = {}, holds = {}, ends = {};
};
inline void check_text(const std::string& text, const expected_text& expected) {
  INFO(text);
  CHECK(text.starts_with(expected.begins));
  CHECK(text.find(expected.holds) != std::string::npos);
  CHECK(text.ends_with(expected.ends));
}
