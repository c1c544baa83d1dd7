// SPDX-License-Identifier: BSL-1.0
#include <cmath>

#include <support/gradient_cases.hpp>
#include <typeformer/kernels/attention_back.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr bool at_compile_time() {
  const attention_extents extents{1, 1, 1, 1};
  const float q[] = {1, 1}, panels[16] = {5, 5}, v[] = {2, 4}, dy[] = {1, 1};
  float y[2] = {}, log_sum_exp[2] = {}, dq[2] = {}, dk[2] = {}, dv[2] = {};
  const attention_call<float> call{2, 0, 2, {q, 1}, panels, 16, {v, 1}, nullptr, {y, 1}, {log_sum_exp, 1}};
  kernels::attention<causal_mask, float>(extents, call, inline_workers{});
  kernels::attention_back<causal_mask, float>(extents, call, {dy, 1}, {dq, 1}, {dk, 1}, {dv, 1}, inline_workers{});
  return dv[0] > 1.49f && dv[1] < 0.51f;
}
static_assert(at_compile_time());

enum class validity { all, from_the_middle, every_third, none };

/// Every operand lies in rows that are further apart than wide; whatever is not to be read is NaN.
template <class Mask>
void check_attention_back(const attention_extents& extents, index_type queries, index_type past, index_type keys,
                          validity valid) {
  CAPTURE(extents.heads, extents.kv_heads, extents.head_width, queries, past, keys, static_cast<int>(valid));
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  const index_type width = extents.heads * extents.head_width, kv_width = extents.kv_heads * extents.head_width;
  const index_type key_head_stride = key_panels_size(keys, extents.head_width);
  const auto q = normal_numbers<float>(queries * width, 1), dy = normal_numbers<float>(queries * width, 4);
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

  const auto q_double = in_double(q), k_double = in_double(k), v_double = in_double(v), dy_double = in_double(dy);
  std::vector<double> panels_double(static_cast<std::size_t>(extents.kv_heads * key_head_stride)), y_double(q.size()),
      log_sum_exp_double(static_cast<std::size_t>(queries * extents.heads)), dq_double(q.size()), dk_double(k.size()),
      dv_double(v.size());
  reference::store_keys<double>(keys, extents, rows_of(k_double, kv_width), 0, panels_double.data(), key_head_stride);
  const attention_call<double> exact{queries,
                                     past,
                                     keys,
                                     rows_of(q_double, width),
                                     panels_double.data(),
                                     key_head_stride,
                                     rows_of(v_double, kv_width),
                                     flags,
                                     rows_of(y_double, width),
                                     rows_of(log_sum_exp_double, extents.heads)};
  reference::attention<Mask, double>(extents, exact);
  reference::attention_back<Mask, double>(extents, exact, rows_of(dy_double, width), rows_of(dq_double, width),
                                          rows_of(dk_double, kv_width), rows_of(dv_double, kv_width));

  std::vector<float> panels(panels_double.size(), nan);
  kernels::store_keys<float>(keys, extents, rows_of(k, kv_width), 0, panels.data(), key_head_stride, inline_workers{});
  std::vector<float> y(y_double.begin(), y_double.end()),
      log_sum_exp(log_sum_exp_double.begin(), log_sum_exp_double.end());
  const auto q_apart = apart(queries, width, 3, q), v_apart = apart(keys, kv_width, 5, v),
             dy_apart = apart(queries, width, 7, dy);
  spaced_rows dq{queries, width, 2}, dk{keys, kv_width, 4}, dv{keys, kv_width, 6};
  const attention_call<float> call{
      queries,         past,           keys,  q_apart.view(),    panels.data(),
      key_head_stride, v_apart.view(), flags, rows_of(y, width), rows_of(log_sum_exp, extents.heads)};
  kernels::attention_back<Mask, float>(extents, call, dy_apart.view(), dq.view(), dk.view(), dv.view(),
                                       reversed_workers{});
  check_agrees(dq, dq_double);
  check_agrees(dk, dk_double);
  check_agrees(dv, dv_double);
  CHECK((dq.gaps_are_untouched() && dk.gaps_are_untouched() && dv.gaps_are_untouched()));
}

TEST_CASE("matches the reference in double: gradients of attention") {
  for (const index_type head_width : {1, 6, 8, 16, 20, 32, 64, 80})
    for (const index_type queries : {1, 3, 8, 23, 41})
      for (const index_type past : {0, 1, 60, 130})
        for (const validity valid : {validity::all, validity::from_the_middle, validity::every_third, validity::none}) {
          const double scale = 1 / std::sqrt(static_cast<double>(head_width));
          const index_type keys = past + queries;
          check_attention_back<causal_mask>({4, 2, head_width, scale}, queries, past, keys, valid);
          check_attention_back<full_mask>({2, 2, head_width, scale}, queries, 0, keys, valid);
          check_attention_back<sliding_window_mask<20>>({2, 1, head_width, scale}, queries, past, keys, valid);
        }
}

TEST_CASE("computes gradients of keys that end before the queries, or continue after them") {
  for (const index_type head_width : {1, 6, 16})
    for (const index_type queries : {1, 8, 23})
      for (const index_type past : {0, 1, 60})
        for (const index_type keys : {index_type{1}, (past + queries + 1) / 2, past + queries + 1, past + queries + 50})
          for (const validity valid :
               {validity::all, validity::from_the_middle, validity::every_third, validity::none}) {
            check_attention_back<causal_mask>({4, 2, head_width, 0.4}, queries, past, keys, valid);
            check_attention_back<full_mask>({2, 2, head_width, 0.4}, queries, past, keys, valid);
          }
}

TEST_CASE("computes gradients of wide heads, long sequences and scores of order 100") {
  for (const index_type head_width : {112, 128, 130, 272})
    check_attention_back<causal_mask>({2, 1, head_width, 0.1}, 37, 5, 42, validity::every_third);
  check_attention_back<causal_mask>({2, 2, 32, 0.2}, 300, 0, 300, validity::all);
  check_attention_back<causal_mask>({2, 2, 16, 1}, 30, 200, 230, validity::all);
  check_attention_back<sliding_window_mask<70>>({3, 3, 64, 0.125}, 200, 0, 200, validity::from_the_middle);
}

}  // namespace
}  // namespace typeformer
