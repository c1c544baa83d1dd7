// SPDX-License-Identifier: BSL-1.0
#include <support/finite_differences.hpp>
#include <typeformer/reference/disentangled_attention.hpp>

namespace typeformer {
namespace {

using namespace testing;

struct problem {
  attention_extents extents;
  index_type tokens;
  distance_rows rows;
  bool has_keys = true, has_queries = true;
  std::vector<std::uint8_t> valid = {};
  std::vector<std::int32_t> row_of = [this] {
    std::vector<std::int32_t> numbers;
    for (index_type d = 1 - tokens; d < tokens; ++d) numbers.push_back(std::int32_t(rows.of(d)));
    return numbers;
  }();
  index_type width = extents.heads * extents.head_width;
  std::vector<double> q = normal_numbers(tokens * width, 1), k = normal_numbers(tokens * width, 2),
                      v = normal_numbers(tokens * width, 3), of_keys = normal_numbers(2 * rows.span() * width, 4),
                      of_queries = normal_numbers(2 * rows.span() * width, 5), dy = normal_numbers(tokens * width, 6),
                      y = std::vector<double>(q.size()),
                      log_sum_exp = std::vector<double>(static_cast<std::size_t>(tokens * extents.heads));

  disentangled_attention_call<double> attend() {
    const disentangled_attention_call<double> call{tokens,
                                                   row_of.data() + tokens - 1,
                                                   rows_of(q, width),
                                                   rows_of(k, width),
                                                   rows_of(v, width),
                                                   rows_of(has_keys ? of_keys.data() : nullptr, width),
                                                   rows_of(has_queries ? of_queries.data() : nullptr, width),
                                                   valid.empty() ? nullptr : valid.data(),
                                                   rows_of(y, width),
                                                   rows_of(log_sum_exp, extents.heads)};
    reference::disentangled_attention<double>(extents, call);
    return call;
  }
  static rows_view<const double> rows_of(const double* data, index_type width) { return {data, width}; }
  static rows_view<double> rows_of(std::vector<double>& values, index_type width) { return {values.data(), width}; }
};

void check_disentangled_gradients(problem p) {
  const auto call = p.attend();
  std::vector<double> dq(p.q.size(), 9), dk(p.k.size(), 9), dv(p.v.size(), 9), dof_keys(p.of_keys.size()),
      dof_queries(p.of_queries.size());
  reference::disentangled_attention_back<double>(p.extents, call, {p.dy.data(), p.width},
                                                 {{dq.data(), p.width},
                                                  {dk.data(), p.width},
                                                  {dv.data(), p.width},
                                                  {dof_keys.data(), p.width},
                                                  {dof_queries.data(), p.width}});
  const auto loss = [&] {
    p.attend();
    return dot(p.y, p.dy);
  };
  check_gradient(p.q, dq, loss);
  check_gradient(p.k, dk, loss);
  check_gradient(p.v, dv, loss);
  if (p.has_keys) check_gradient(p.of_keys, dof_keys, loss);
  if (p.has_queries) check_gradient(p.of_queries, dof_queries, loss);
}

TEST_CASE("matches finite differences: gradients of disentangled attention") {
  SECTION("keys and queries of distances") { check_disentangled_gradients({{2, 2, 3, 0.6}, 5, {0, 2}}); }
  SECTION("buckets, and a hidden token") {
    check_disentangled_gradients({{2, 2, 3, 0.6}, 7, {4, 6}, true, true, {1, 0, 1, 1, 1, 1, 0}});
  }
  SECTION("keys of distances only") { check_disentangled_gradients({{1, 1, 4, 0.5}, 4, {0, 9}, true, false}); }
  SECTION("queries of distances only") { check_disentangled_gradients({{1, 1, 4, 0.5}, 4, {0, 9}, false, true}); }
}

TEST_CASE("lets a hidden token see every token alike") {
  problem p{{1, 1, 2, 0.7}, 3, {0, 2}, true, true, {1, 1, 0}};
  p.attend();
  for (std::size_t c = 0; c < 2; ++c) CHECK(p.y[4 + c] == Approx((p.v[c] + p.v[2 + c] + p.v[4 + c]) / 3));
  CHECK(p.log_sum_exp[2] == Approx(std::log(3.0)));
}

TEST_CASE("gives distances their rows, beyond half of the buckets by their logarithm") {
  constexpr distance_rows plain{0, 3}, in_buckets{8, 64};
  CHECK(plain.of(0) == 3);
  CHECK(plain.of(2) == 5);
  CHECK(plain.of(9) == 5);
  CHECK(plain.of(-9) == 0);
  CHECK(in_buckets.of(4) == 12);
  CHECK(in_buckets.of(-4) == 4);
  CHECK(in_buckets.of(5) == 13);   // ceil(ln(5/4) / ln(63/4) · 3) = 1
  CHECK(in_buckets.of(11) == 14);  // ceil(ln(11/4) / ln(63/4) · 3) = 2
  CHECK(in_buckets.of(63) == 15);
  CHECK(in_buckets.of(-63) == 1);
  CHECK(in_buckets.of(-1000) == 0);
  CHECK_FALSE(distance_rows{8, 5}.are_possible());
}

}  // namespace
}  // namespace typeformer
