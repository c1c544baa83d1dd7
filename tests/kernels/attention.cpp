// SPDX-License-Identifier: BSL-1.0
#include <limits>

#include <support/kernel_cases.hpp>
#include <typeformer/kernels/attention.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr bool at_compile_time() {
  const attention_extents extents{1, 1, 1, 1};
  const float q[] = {1, 1}, k[] = {5, 5}, v[] = {2, 4};
  float panels[16] = {}, y[2] = {};
  kernels::store_keys<float>(2, extents, {k, 1}, 0, panels, 16, inline_workers{});
  kernels::attention<causal_mask, float>(extents, {2, 0, 2, {q, 1}, panels, 16, {v, 1}, nullptr, {y, 1}, {}},
                                         inline_workers{});
  return y[0] == 2 && y[1] == 3;
}
static_assert(at_compile_time());

enum class validity { all, from_the_middle, every_third, none };

/// Exact allocations, so that a sanitizer sees every access beyond them; everything not to be read is NaN.
template <class Mask>
void check_attention(const attention_extents& extents, index_type queries, index_type past, index_type keys,
                     validity valid) {
  CAPTURE(extents.heads, extents.kv_heads, extents.head_width, queries, past, keys, static_cast<int>(valid));
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  const index_type width = extents.heads * extents.head_width, kv_width = extents.kv_heads * extents.head_width;
  const index_type key_head_stride = key_panels_size(keys, extents.head_width);
  const auto q = normal_numbers<float>(queries * width, 1);
  auto k = normal_numbers<float>(keys * kv_width, 2), v = normal_numbers<float>(keys * kv_width, 3);
  std::vector<std::uint8_t> key_valid;
  for (index_type key = 0; key < keys; ++key) {
    key_valid.push_back(valid == validity::all || (valid == validity::from_the_middle && key >= keys / 2) ||
                        (valid == validity::every_third && key % 3 == 0));
    if (!key_valid.back())
      for (index_type c = 0; c < kv_width; ++c)
        k[static_cast<std::size_t>(key * kv_width + c)] = v[static_cast<std::size_t>(key * kv_width + c)] = nan;
  }
  const std::uint8_t* const flags = valid == validity::all ? nullptr : key_valid.data();

  const auto q_double = in_double(q), k_double = in_double(k), v_double = in_double(v);
  std::vector<double> panels_double(static_cast<std::size_t>(extents.kv_heads * key_head_stride)), expected(q.size()),
      expected_log_sum_exp(static_cast<std::size_t>(queries * extents.heads));
  reference::store_keys<double>(keys, extents, rows_of(k_double, kv_width), 0, panels_double.data(), key_head_stride);
  reference::attention<Mask, double>(extents, {queries, past, keys, rows_of(q_double, width), panels_double.data(),
                                               key_head_stride, rows_of(v_double, kv_width), flags,
                                               rows_of(expected, width), rows_of(expected_log_sum_exp, extents.heads)});

  std::vector<float> panels(panels_double.size(), nan), y(q.size(), nan), log_sum_exp(expected_log_sum_exp.size(), nan);
  kernels::store_keys<float>(keys - keys / 3, extents, rows_of(k, kv_width).from(keys / 3), keys / 3, panels.data(),
                             key_head_stride, reversed_workers{});
  kernels::store_keys<float>(keys / 3, extents, rows_of(k, kv_width), 0, panels.data(), key_head_stride,
                             reversed_workers{});
  kernels::attention<Mask, float>(extents,
                                  {queries, past, keys, rows_of(q, width), panels.data(), key_head_stride,
                                   rows_of(v, kv_width), flags, rows_of(y, width), rows_of(log_sum_exp, extents.heads)},
                                  reversed_workers{});

  double worst = 0;
  const auto compare = [&](float got, double wanted) {
    if (static_cast<double>(got) == wanted) return;  // -infinity included
    worst = std::isfinite(got) ? std::max(worst, std::abs(got - wanted)) : INFINITY;
  };
  for (std::size_t i = 0; i < y.size() && std::isfinite(worst); ++i) compare(y[i], expected[i]);
  for (std::size_t i = 0; i < log_sum_exp.size() && std::isfinite(worst); ++i)
    compare(log_sum_exp[i], expected_log_sum_exp[i]);
  CHECK(worst < 5e-6);
}

TEST_CASE("matches the reference in double: attention") {
  for (const index_type head_width : {1, 6, 8, 12, 16, 20, 64, 80})
    for (const index_type queries : {1, 3, 4, 8, 23})
      for (const index_type past : {0, 1, 60, 130})
        for (const validity valid : {validity::all, validity::from_the_middle, validity::every_third, validity::none}) {
          const double scale = 1 / std::sqrt(static_cast<double>(head_width));
          const index_type keys = past + queries;
          check_attention<causal_mask>({4, 2, head_width, scale}, queries, past, keys, valid);
          check_attention<full_mask>({2, 2, head_width, scale}, queries, 0, keys, valid);
          check_attention<sliding_window_mask<20>>({2, 1, head_width, scale}, queries, past, keys, valid);
        }
}

TEST_CASE("computes attention to keys that end before the queries, or continue after them") {
  for (const index_type head_width : {1, 6, 16})
    for (const index_type queries : {1, 8, 23})
      for (const index_type past : {0, 1, 60})
        for (const index_type keys : {index_type{1}, (past + queries + 1) / 2, past + queries + 1, past + queries + 50})
          for (const validity valid :
               {validity::all, validity::from_the_middle, validity::every_third, validity::none}) {
            check_attention<causal_mask>({4, 2, head_width, 0.4}, queries, past, keys, valid);
            check_attention<full_mask>({2, 2, head_width, 0.4}, queries, past, keys, valid);
          }
}

TEST_CASE("computes attention of one query over many blocks, and of scores of order 100") {
  check_attention<causal_mask>({2, 2, 8, 0.35}, 1, 1300, 1301, validity::all);
  check_attention<causal_mask>({2, 2, 8, 0.35}, 1, 1300, 1301, validity::from_the_middle);
  check_attention<causal_mask>({2, 2, 16, 1}, 30, 200, 230, validity::all);
}

TEST_CASE("computes attention of several groups of queries, which share blocks of keys") {
  for (const index_type head_width : {16, 64, 80, 136})
    for (const validity valid : {validity::all, validity::from_the_middle, validity::every_third, validity::none}) {
      const double scale = 1 / std::sqrt(static_cast<double>(head_width));
      check_attention<causal_mask>({2, 1, head_width, scale}, 301, 40, 341, valid);
      check_attention<full_mask>({2, 2, head_width, scale}, 150, 0, 290, valid);
      check_attention<sliding_window_mask<50>>({2, 1, head_width, scale}, 301, 7, 308, valid);
    }
}

TEST_CASE("rescales attention where scores rise from block to block") {
  // Two keys a block have scores; the largest one rises by 6, 12, ... 90, beyond what the softmax accepts unrescaled.
  constexpr index_type keys = 2000, queries = 3;
  const attention_extents extents{1, 1, 1, 1};
  std::vector<float> k(keys), q{1, 2, 0.5f}, v = testing::normal_numbers<float>(keys, 3);
  for (std::size_t key = 0; key < k.size(); ++key) k[key] = key % 37 == 0 ? 3 * static_cast<float>(key / 64) : -20;
  std::vector<float> panels(static_cast<std::size_t>(key_panels_size(keys, 1))), y(queries), sums(queries);
  kernels::store_keys<float>(keys, extents, rows_of(k, 1), 0, panels.data(), 0, inline_workers{});
  kernels::attention<full_mask, float>(
      extents,
      {queries, 0, keys, rows_of(q, 1), panels.data(), 0, rows_of(v, 1), nullptr, rows_of(y, 1), rows_of(sums, 1)},
      inline_workers{});
  for (std::size_t query = 0; query < q.size(); ++query) {
    double largest = -1e9, denominator = 0, weighted = 0;
    for (const float key : k) largest = std::max(largest, static_cast<double>(q[query]) * key);
    for (std::size_t key = 0; key < k.size(); ++key) {
      const double weight = std::exp(static_cast<double>(q[query]) * k[key] - largest);
      denominator += weight;
      weighted += weight * v[key];
    }
    CHECK(std::abs(y[query] - weighted / denominator) < 5e-6);
    CHECK(sums[query] == Approx(largest + std::log(denominator)).epsilon(1e-6));
  }
}

TEST_CASE("writes only the columns of attention, and reads rows with gaps") {
  const attention_extents extents{1, 1, 10, 0.3};
  const index_type keys = 9;
  const auto k = normal_numbers<float>(keys * 10, 1);
  spaced_rows q{keys, 10, 7}, v{keys, 10, 9}, y{keys, 10, 3};
  q.fill(normal_numbers<float>(keys * 10, 2));
  v.fill(normal_numbers<float>(keys * 10, 3));
  std::vector<float> panels(static_cast<std::size_t>(key_panels_size(keys, 10)));
  kernels::store_keys<float>(keys, extents, rows_of(k, 10), 0, panels.data(), 0, inline_workers{});
  const attention_call<float> call{keys, 0, keys, q.view(), panels.data(), 0, v.view(), nullptr, y.view(), {}};
  kernels::attention<causal_mask, float>(extents, call, inline_workers{});
  CHECK(y.gaps_are_untouched());
  std::vector<float> expected(static_cast<std::size_t>(keys * 10));
  attention_call<float> reference_call = call;
  reference_call.y = rows_of(expected, 10);
  reference::attention<causal_mask, float>(extents, reference_call);
  CHECK(y.distance_to(in_double(expected)) < 1e-6);
}

}  // namespace
}  // namespace typeformer
