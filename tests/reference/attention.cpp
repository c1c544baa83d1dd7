// SPDX-License-Identifier: BSL-1.0
#include <support/finite_differences.hpp>
#include <typeformer/reference/attention.hpp>

namespace typeformer {
namespace {

using namespace testing;

struct problem {
  attention_extents extents;
  index_type queries, past, keys;
  std::vector<std::uint8_t> key_valid = {};
  index_type width = extents.heads * extents.head_width, kv_width = extents.kv_heads * extents.head_width,
             key_head_stride = key_panels_size(keys, extents.head_width);
  std::vector<double> q = normal_numbers(queries * width, 1), k = normal_numbers(keys * kv_width, 2),
                      v = normal_numbers(keys * kv_width, 3), dy = normal_numbers(queries * width, 4),
                      panels = std::vector<double>(static_cast<std::size_t>(extents.kv_heads * key_head_stride)),
                      y = std::vector<double>(q.size()),
                      log_sum_exp = std::vector<double>(static_cast<std::size_t>(queries * extents.heads));

  template <class Mask> attention_call<double> attend() {
    reference::store_keys<double>(keys, extents, rows_of(k, kv_width), 0, panels.data(), key_head_stride);
    const attention_call<double> call{queries,
                                      past,
                                      keys,
                                      rows_of(q, width),
                                      panels.data(),
                                      key_head_stride,
                                      rows_of(v, kv_width),
                                      key_valid.empty() ? nullptr : key_valid.data(),
                                      rows_of(y, width),
                                      rows_of(log_sum_exp, extents.heads)};
    reference::attention<Mask, double>(extents, call);
    return call;
  }
};

template <class Mask> void check_attention_gradient(problem p) {
  const auto call = p.attend<Mask>();
  std::vector<double> dq(p.q.size(), 9), dk(p.k.size(), 9), dv(p.v.size(), 9);
  reference::attention_back<Mask, double>(p.extents, call, rows_of(p.dy, p.width), rows_of(dq, p.width),
                                          rows_of(dk, p.kv_width), rows_of(dv, p.kv_width));
  const auto loss = [&] {
    p.attend<Mask>();
    return dot(p.y, p.dy);
  };
  check_gradient(p.q, dq, loss);
  check_gradient(p.k, dk, loss);
  check_gradient(p.v, dv, loss);
}

TEST_CASE("matches finite differences: gradients of attention") {
  SECTION("full, cross") { check_attention_gradient<full_mask>({{2, 2, 3, 0.6}, 2, 0, 5}); }
  SECTION("causal") { check_attention_gradient<causal_mask>({{2, 2, 3, 0.6}, 4, 0, 4}); }
  SECTION("causal after a past, grouped heads") { check_attention_gradient<causal_mask>({{4, 2, 3, 0.6}, 3, 15, 18}); }
  SECTION("sliding window") { check_attention_gradient<sliding_window_mask<2>>({{2, 1, 3, 0.6}, 4, 1, 5}); }
  SECTION("left padding: the first query sees no key") {
    check_attention_gradient<causal_mask>({{2, 2, 3, 0.6}, 4, 0, 4, {0, 1, 0, 1}});
  }
}

TEST_CASE("gives the probabilities of attention by which y is a weighted sum") {
  problem p{{4, 2, 3, 0.6}, 3, 2, 5, {1, 0, 1, 1, 1}};
  const auto call = p.attend<causal_mask>();
  std::vector<double> probabilities(4 * 3 * 5);
  reference::attention_probabilities<causal_mask>(p.extents, call, probabilities.data());
  for (index_type head = 0; head < 4; ++head)
    for (index_type query = 0; query < 3; ++query) {
      const double* const row = probabilities.data() + (head * 3 + query) * 5;
      double total = 0;
      for (index_type key = 0; key < 5; ++key) {
        CHECK((row[key] > 0) == (key != 1 && key <= 2 + query));
        total += row[key];
      }
      CHECK(total == Approx(1).epsilon(1e-14));
      for (index_type c = 0; c < 3; ++c) {
        double sum = 0;
        for (index_type key = 0; key < 5; ++key) sum += row[key] * call.v[key][head / 2 * 3 + c];
        CHECK(sum == Approx(call.y[query][head * 3 + c]).epsilon(1e-13));
      }
    }
}

TEST_CASE("gives zero for a row of attention that sees no key") {
  problem p{{1, 1, 2, 1}, 2, 0, 2, {0, 1}};
  p.attend<causal_mask>();
  CHECK(p.y[0] == 0);
  CHECK(p.y[1] == 0);
  CHECK(p.log_sum_exp[0] == -INFINITY);
  CHECK(p.y[2] == p.v[2]);
}

TEST_CASE("limits the keys that each mask shows") {
  CHECK(causal_mask::first_key(3, 9) == 0);
  CHECK(causal_mask::end_key(3, 9) == 4);
  CHECK(causal_mask::end_key(9, 9) == 9);
  CHECK(full_mask::end_key(3, 9) == 9);
  CHECK(sliding_window_mask<3>::first_key(1, 9) == 0);
  CHECK(sliding_window_mask<3>::first_key(5, 9) == 3);
  CHECK(sliding_window_mask<3>::end_key(5, 9) == 6);
}

constexpr bool at_compile_time() {
  const attention_extents extents{1, 1, 1, 1};
  const float q[] = {1, 1}, k[] = {5, 5}, v[] = {2, 4};
  float panels[16] = {}, y[2] = {}, log_sum_exp[2] = {}, probabilities[4] = {}, dq[2] = {}, dk[2] = {}, dv[2] = {};
  reference::store_keys<float>(2, extents, {k, 1}, 0, panels, 16);
  const attention_call<float> call{2, 0, 2, {q, 1}, panels, 16, {v, 1}, nullptr, {y, 1}, {log_sum_exp, 1}};
  reference::attention<causal_mask, float>(extents, call);
  reference::attention_probabilities<causal_mask>(extents, call, probabilities);
  reference::attention_back<causal_mask, float>(extents, call, {q, 1}, {dq, 1}, {dk, 1}, {dv, 1});
  return y[0] == 2 && y[1] == 3 && probabilities[1] == 0 && dv[0] > 1.4999F && dv[1] < 0.5001F;
}
static_assert(at_compile_time());

}  // namespace
}  // namespace typeformer
