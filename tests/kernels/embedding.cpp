// SPDX-License-Identifier: BSL-1.0
#include <support/kernel_cases.hpp>
#include <typeformer/kernels/embedding.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr bool at_compile_time() {
  const std::int32_t ids[] = {1};
  const float table[] = {1, 2, 3, 4};
  float y[2] = {};
  kernels::embed<float>(1, 2, ids, table, {y, 2}, inline_workers{});
  kernels::embed_add<float>(1, 2, ids, table, {y, 2}, inline_workers{});
  return y[0] == 6 && y[1] == 8;
}
static_assert(at_compile_time());

TEST_CASE("copies and adds rows of the table in embed and embed_add") {
  for (const index_type width : awkward_widths) {
    const index_type entries = 11;
    CAPTURE(width);
    std::vector<std::int32_t> ids;
    for (std::int32_t row = 0; row < 50; ++row) ids.push_back(row * 7 % 11);
    const auto rows = static_cast<index_type>(ids.size());
    const auto table = normal_numbers<float>(entries * width, 1);
    std::vector<double> expected(static_cast<std::size_t>(rows * width));
    reference::embed<double>(rows, width, ids.data(), in_double(table).data(), rows_of(expected, width));
    spaced_rows y{rows, width, 5};
    kernels::embed<float>(rows, width, ids.data(), table.data(), y.view(), reversed_workers{});
    CHECK(y.distance_to(expected) == 0);
    CHECK(y.gaps_are_untouched());
    for (double& value : expected) value *= 2;
    kernels::embed_add<float>(rows, width, ids.data(), table.data(), y.view(), reversed_workers{});
    CHECK(y.distance_to(expected) == 0);
    CHECK(y.gaps_are_untouched());
  }
}

}  // namespace
}  // namespace typeformer
