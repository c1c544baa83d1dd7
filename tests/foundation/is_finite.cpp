// SPDX-License-Identifier: BSL-1.0
#include <limits>

#include <support/catch.hpp>
#include <typeformer/foundation/evaluated_first.hpp>
#include <typeformer/foundation/is_finite.hpp>

using namespace typeformer;

namespace {

template <class S> constexpr bool tells_apart() {
  using limits = std::numeric_limits<S>;
  for (const S x : {S{0}, -S{0}, limits::denorm_min(), limits::min(), limits::max(), limits::lowest()})
    if (!is_finite(x) || is_nan(x)) return false;
  for (const S x : {limits::infinity(), -limits::infinity()})
    if (is_finite(x) || is_nan(x)) return false;
  for (const S x : {limits::quiet_NaN(), -limits::quiet_NaN(), limits::signaling_NaN()})
    if (is_finite(x) || !is_nan(x)) return false;
  return true;
}
static_assert(tells_apart<float>() && tells_apart<double>());
static_assert(evaluated_first(2.5f) == 2.5f && evaluated_first(-1.0) == -1.0);

}  // namespace

TEST_CASE("distinguishes numbers, infinities and NaN by their bits") {
  CHECK(tells_apart<float>());
  CHECK(tells_apart<double>());
}
