// SPDX-License-Identifier: BSL-1.0
#include <typeformer/foundation/fixed_string.hpp>

#include <support/catch.hpp>
#include <type_traits>

using typeformer::fixed_string;

namespace {

template <fixed_string Name> struct named {
  static constexpr std::string_view name = Name.view();
};

constexpr fixed_string prefix = "h.0";

}  // namespace

static_assert(named<"attn">::name == "attn");
static_assert(std::is_same_v<named<"attn">, named<fixed_string("attn")>>);
static_assert(!std::is_same_v<named<"attn">, named<"mlp">>);
static_assert(std::is_same_v<named<prefix + ".attn">, named<"h.0.attn">>);
static_assert(named<"">::name.empty());
static_assert(fixed_string("a") + fixed_string("b") == fixed_string("ab"));
static_assert("model." + prefix == fixed_string("model.h.0"));
static_assert(!(fixed_string("a") == fixed_string("aa")));

TEST_CASE("views the characters of a fixed string without the terminator", "[fixed_string]") {
  CHECK(prefix.size() == 3);
  CHECK(prefix.view() == "h.0");
  CHECK(prefix.characters[3] == '\0');
  CHECK(fixed_string("a\0b").view() == std::string_view("a\0b", 3));
  CHECK(fixed_string<0>().view().empty());
}
