// SPDX-License-Identifier: BSL-1.0
#include <typeformer/laws/sentence.hpp>

#include <cstring>

#include <support/catch.hpp>

using typeformer::laws::sentence;

TEST_CASE("a law's text is null-terminated, also where it is cut off") {
  sentence text("gradients ", 0.25, " in tensor ", 3);
  CHECK(std::strcmp(text.c_str(), "gradients 0.25 in tensor 3") == 0);
  for (std::size_t i = 0; i < sentence::capacity; ++i) text.append("ab");
  CHECK(text.view().size() == sentence::capacity);
  CHECK(std::strlen(text.c_str()) == sentence::capacity);
}
