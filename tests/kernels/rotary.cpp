// SPDX-License-Identifier: BSL-1.0
#include <support/kernel_cases.hpp>
#include <typeformer/kernels/rotary.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr bool at_compile_time() {
  const float table[] = {0, 1}, x[] = {1, 2, 7};  // a quarter turn
  float y[3] = {};
  kernels::rotate<rotary_pairing::adjacent, float>(1, 1, 3, 2, table, {x, 3}, {y, 3}, inline_workers{});
  return y[0] == -2 && y[1] == 1 && y[2] == 7;
}
static_assert(at_compile_time());

template <rotary_pairing P> void check_rotate(index_type head_width, index_type rotary_width, bool inverse) {
  const index_type rows = 60, heads = 3, width = heads * head_width;
  CAPTURE(head_width, rotary_width, inverse);
  std::vector<std::int32_t> positions(rows);
  for (index_type row = 0; row < rows; ++row)
    positions[static_cast<std::size_t>(row)] = static_cast<std::int32_t>(row * 17);
  std::vector<double> table(static_cast<std::size_t>(rows * rotary_width));
  reference::rotary_table<double>(rows, positions.data(), rotary_width, 10000, table.data());
  const std::vector<float> table_in_float(table.begin(), table.end());
  const auto x = normal_numbers<float>(rows * width, 1);
  std::vector<double> expected(x.size());
  reference::rotate<P, double>(rows, heads, head_width, rotary_width, table.data(), rows_of(in_double(x), width),
                               rows_of(expected, width), inverse);
  spaced_rows apart{rows, width, 5}, in_place{rows, width, 0};
  in_place.fill(x);
  kernels::rotate<P, float>(rows, heads, head_width, rotary_width, table_in_float.data(), rows_of(x, width),
                            apart.view(), inverse, reversed_workers{});
  kernels::rotate<P, float>(rows, heads, head_width, rotary_width, table_in_float.data(), in_place.view(),
                            in_place.view(), inverse, reversed_workers{});
  CHECK(apart.distance_to(expected) < 1e-6);
  CHECK(apart.gaps_are_untouched());
  CHECK(in_place.distance_to(expected) < 1e-6);
}

TEST_CASE("matches the reference in double: rotate") {
  for (const bool inverse : {false, true})
    for (const index_type head_width : {2, 12, 64, 80})
      for (const index_type rotary_width : {head_width, head_width / 4 * 2}) {
        if (rotary_width == 0) continue;
        check_rotate<rotary_pairing::adjacent>(head_width, rotary_width, inverse);
        check_rotate<rotary_pairing::half_split>(head_width, rotary_width, inverse);
      }
}

}  // namespace
}  // namespace typeformer
