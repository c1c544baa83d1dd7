// SPDX-License-Identifier: BSL-1.0
#include <support/finite_differences.hpp>
#include <typeformer/reference/embedding.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr bool at_compile_time() {
  const std::int32_t ids[] = {1, 0, 1};
  const double table[] = {1, 2, 3, 4};
  double y[6] = {}, dtable[4] = {};
  reference::embed<double>(3, 2, ids, table, {y, 2});
  reference::embed_add<double>(3, 2, ids, table, {y, 2});
  reference::embed_back<double>(3, 2, ids, {y, 2}, dtable);
  return y[0] == 6 && y[1] == 8 && y[2] == 2 && dtable[0] == 2 && dtable[2] == 12 && dtable[3] == 16;
}
static_assert(at_compile_time());

TEST_CASE("matches finite differences: gradients of embed, with none for the padding id") {
  const index_type rows = 4, width = 3;
  const std::int32_t ids[] = {2, 0, 2, 1};
  auto table = normal_numbers(3 * width, 1);
  const auto dy = normal_numbers(rows * width, 2);
  std::vector<double> dtable(table.size());
  reference::embed_back<double>(rows, width, ids, rows_of(dy, width), dtable.data());
  check_gradient(table, dtable, [&] {
    std::vector<double> y(dy.size());
    reference::embed<double>(rows, width, ids, table.data(), rows_of(y, width));
    return dot(y, dy);
  });
  std::vector<double> without_padding(table.size());
  reference::embed_back<double>(rows, width, ids, rows_of(dy, width), without_padding.data(), 2);
  for (std::size_t i = 0; i < 9; ++i) CHECK(without_padding[i] == (i < 6 ? dtable[i] : 0));
}

}  // namespace
}  // namespace typeformer
