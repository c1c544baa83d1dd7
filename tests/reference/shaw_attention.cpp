// SPDX-License-Identifier: BSL-1.0
#include <support/finite_differences.hpp>
#include <typeformer/reference/attention.hpp>
#include <typeformer/reference/shaw_attention.hpp>

namespace typeformer {
namespace {

using namespace testing;

struct problem {
  attention_extents extents;
  index_type queries, past, reach;
  std::vector<std::uint8_t> key_valid = {};
  index_type width = extents.heads * extents.head_width, keys = past + queries, distances = 2 * reach + 1;
  std::vector<double> q = normal_numbers(queries * width, 1), k = normal_numbers(keys * width, 2),
                      v = normal_numbers(keys * width, 3), of_keys = normal_numbers(distances * extents.head_width, 4),
                      of_values = normal_numbers(distances * extents.head_width, 5),
                      dy = normal_numbers(queries * width, 6), y = std::vector<double>(q.size()),
                      log_sum_exp = std::vector<double>(static_cast<std::size_t>(queries * extents.heads));

  template <class Mask> shaw_attention_call<double> attend() {
    const shaw_attention_call<double> call{queries,
                                           past,
                                           reach,
                                           rows_of(q, width),
                                           rows_of(k, width),
                                           rows_of(v, width),
                                           rows_of(of_keys, extents.head_width),
                                           rows_of(of_values, extents.head_width),
                                           key_valid.empty() ? nullptr : key_valid.data(),
                                           rows_of(y, width),
                                           rows_of(log_sum_exp, extents.heads)};
    reference::shaw_attention<Mask>(extents, call);
    return call;
  }
};

template <class Mask> void check_shaw_gradients(problem p) {
  const auto call = p.attend<Mask>();
  std::vector<double> dq(p.q.size(), 9), dk(p.k.size(), 9), dv(p.v.size(), 9), dof_keys(p.of_keys.size()),
      dof_values(p.of_values.size());
  reference::shaw_attention_back<Mask, double>(
      p.extents, call, rows_of(p.dy, p.width),
      {rows_of(dq, p.width), rows_of(dk, p.width), rows_of(dv, p.width), rows_of(dof_keys, p.extents.head_width),
       rows_of(dof_values, p.extents.head_width)});
  const auto loss = [&] {
    p.attend<Mask>();
    return dot(p.y, p.dy);
  };
  check_gradient(p.q, dq, loss);
  check_gradient(p.k, dk, loss);
  check_gradient(p.v, dv, loss);
  check_gradient(p.of_keys, dof_keys, loss);
  check_gradient(p.of_values, dof_values, loss);
}

TEST_CASE("matches finite differences: gradients of attention with vectors of distances") {
  SECTION("full") { check_shaw_gradients<full_mask>({{2, 2, 3, 0.6}, 5, 0, 2}); }
  SECTION("causal after a past") { check_shaw_gradients<causal_mask>({{2, 2, 3, 0.6}, 3, 4, 2}); }
  SECTION("left padding: the first query sees no key") {
    check_shaw_gradients<causal_mask>({{1, 1, 4, 0.5}, 4, 0, 9, {0, 1, 0, 1}});
  }
}

TEST_CASE("equals plain attention if the vectors of distances are zero") {
  problem p{{2, 2, 3, 0.6}, 4, 2, 2};
  p.of_keys.assign(p.of_keys.size(), 0);
  p.of_values.assign(p.of_values.size(), 0);
  p.attend<causal_mask>();
  const index_type stride = key_panels_size(p.keys, 3);
  std::vector<double> panels(static_cast<std::size_t>(2 * stride)), y(p.y.size());
  reference::store_keys<double>(p.keys, p.extents, rows_of(std::as_const(p.k), p.width), 0, panels.data(), stride);
  reference::attention<causal_mask, double>(p.extents, {p.queries,
                                                        p.past,
                                                        p.keys,
                                                        rows_of(p.q, p.width),
                                                        panels.data(),
                                                        stride,
                                                        rows_of(p.v, p.width),
                                                        nullptr,
                                                        rows_of(y, p.width),
                                                        {}});
  for (std::size_t i = 0; i < y.size(); ++i) CHECK(p.y[i] == Approx(y[i]).epsilon(1e-13));
}

TEST_CASE("clips distances") {
  shaw_attention_call<double> call{};
  call.reach = 2;
  const index_type rows[] = {call.row_of(-9), call.row_of(-2), call.row_of(-1),
                             call.row_of(0),  call.row_of(2),  call.row_of(9)};
  const index_type expected[] = {0, 0, 1, 2, 4, 4};
  for (int i = 0; i < 6; ++i) CHECK(rows[i] == expected[i]);
}

}  // namespace
}  // namespace typeformer
