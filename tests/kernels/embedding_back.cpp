// SPDX-License-Identifier: BSL-1.0
#include <support/gradient_cases.hpp>
#include <typeformer/kernels/embedding_back.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr float at_compile_time() {
  const float dy[] = {1, 2, 3};
  const std::int32_t ids[] = {1, -1, 1};
  float dtable[2] = {};
  kernels::embed_back<float>(3, 1, ids, {dy, 1}, dtable, inline_workers{});
  return dtable[0] + 10 * dtable[1];
}
static_assert(at_compile_time() == 40);

TEST_CASE("matches the reference in double: gradients of embedding, for any rows that share an id") {
  for (const index_type width : awkward_widths) {
    const index_type rows = 300, entries = 11;
    CAPTURE(width);
    const auto dy = normal_numbers<float>(rows * width, 1);
    auto dtable = normal_numbers<float>(entries * width, 2);
    std::vector<std::int32_t> ids;
    for (index_type row = 0; row < rows; ++row) ids.push_back(static_cast<std::int32_t>(row * row % entries));
    std::vector<double> expected = in_double(dtable);
    const auto dy_double = in_double(dy);
    reference::embed_back<double>(rows, width, ids.data(), rows_of(dy_double, width), expected.data(), 4);
    const rows_apart gradient = apart(rows, width, 3, dy);
    kernels::embed_back<float>(rows, width, ids.data(), gradient.view(), dtable.data(), 4, reversed_workers{});
    check_agrees(dtable, expected);
  }
}

}  // namespace
}  // namespace typeformer
