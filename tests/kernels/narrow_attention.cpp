// SPDX-License-Identifier: BSL-1.0
#include <limits>

#include <support/kernel_cases.hpp>
#include <typeformer/kernels/narrow_attention.hpp>
#include <typeformer/kernels/store_narrow.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr auto column_scales = [] {
  std::array<float, 600> scales{};  // of 2 heads of at most 300 numbers
  for (std::size_t i = 0; i < scales.size(); ++i) scales[i] = 0.03f + 0.001f * float(i % 30);
  return scales;
}();

/// A cache for some tokens, of exactly the bytes that it needs, all NaN or -1 at first.
template <class Format> struct cache {
  index_type words;
  std::vector<float> memory;
  cached_heads<Format, std::byte> heads;

  cache(const attention_extents& of, index_type tokens)
      : words{Format::words_of_cache(of.kv_heads * tokens * of.head_width, of.head_width)},
        memory(std::size_t(words), std::numeric_limits<float>::quiet_NaN()),
        heads{cached_heads<Format, std::byte>::of_sequence(
            cache_view<Format, float>{memory.data(), column_scales.data()}, 0, of.kv_heads, tokens, of.head_width)} {}
  cached_heads<Format, const std::byte> read() const {
    return {heads.data, heads.heads, heads.tokens, heads.head_width, heads.fixed_scales};
  }
};

enum class validity { all, from_the_middle, every_third, none };

/// The kernel and the reference read the same cache.
template <class Mask, class Format>
void check_attention(const attention_extents& extents, index_type queries, index_type past, validity valid,
                     score_rule<float> rule = {}) {
  CAPTURE(extents.heads, extents.kv_heads, extents.head_width, queries, past, static_cast<int>(valid));
  const index_type keys = past + queries, width = extents.heads * extents.head_width,
                   kv_width = extents.kv_heads * extents.head_width;
  const auto q = normal_numbers<float>(queries * width, 1), k = normal_numbers<float>(keys * kv_width, 2),
             v = normal_numbers<float>(keys * kv_width, 3),
             bias = normal_numbers<float>(extents.heads * (2 * keys + key_block), 5);
  cache<Format> cached_keys{extents, (keys + key_block - 1) / key_block * key_block}, cached_values{extents, keys};
  std::vector<std::uint8_t> key_valid;
  for (index_type key = 0; key < keys; ++key) {
    key_valid.push_back(valid == validity::all || (valid == validity::from_the_middle && key >= keys / 2) ||
                        (valid == validity::every_third && key % 3 == 0));
    if (key_valid.back())
      kernels::store_narrow(1, rows_of(k, kv_width).from(key), rows_of(v, kv_width).from(key), key, cached_keys.heads,
                            cached_values.heads, reversed_workers{});
  }
  const std::uint8_t* const flags = valid == validity::all ? nullptr : key_valid.data();
  rule.bias_stride = 2 * keys + key_block;
  rule.bias_zero = keys;
  rule.bias = bias.data();

  std::vector<float> y(q.size(), -1), log_sum_exp(std::size_t(queries * extents.heads), -1);
  kernels::narrow_attention<Mask>(extents,
                                  narrow_attention_call<Format, float>{{queries,
                                                                        past,
                                                                        keys,
                                                                        rows_of(q, width),
                                                                        nullptr,
                                                                        0,
                                                                        {},
                                                                        flags,
                                                                        rows_of(y, width),
                                                                        rows_of(log_sum_exp, extents.heads),
                                                                        &rule},
                                                                       cached_keys.read(),
                                                                       cached_values.read()},
                                  reversed_workers{});

  const auto q_double = in_double(q), bias_double = in_double(bias);
  score_rule<double> rule_double{rule.window,        rule.prefix,      rule.soft_cap,
                                 bias_double.data(), rule.bias_stride, rule.bias_zero};
  std::vector<double> expected(q.size()), expected_log_sum_exp(log_sum_exp.size());
  kernels::narrow_attention<Mask>(extents,
                                  narrow_attention_call<Format, double>{{queries,
                                                                         past,
                                                                         keys,
                                                                         rows_of(q_double, width),
                                                                         nullptr,
                                                                         0,
                                                                         {},
                                                                         flags,
                                                                         rows_of(expected, width),
                                                                         rows_of(expected_log_sum_exp, extents.heads),
                                                                         &rule_double},
                                                                        cached_keys.read(),
                                                                        cached_values.read()},
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

TEMPLATE_TEST_CASE("matches the reference in double: attention over narrow keys and values", "", bf16, int8<>,
                   int8<fixed_scales<column_scales>>) {
  for (const index_type head_width : {1, 6, 8, 20, 64, 136, 300})
    for (const index_type queries : {1, 4, 23})
      for (const index_type past : {0, 1, 130})
        for (const validity valid : {validity::all, validity::from_the_middle, validity::every_third, validity::none}) {
          const double scale = 1 / std::sqrt(static_cast<double>(head_width));
          check_attention<causal_mask, TestType>({4, 2, head_width, scale}, queries, past, valid);
          check_attention<sliding_window_mask<20>, TestType>({2, 1, head_width, scale}, queries, past, valid);
        }
  check_attention<causal_mask, TestType>({2, 1, 64, 0.125}, 150, 40, validity::every_third);
  check_attention<causal_mask, TestType>({2, 2, 8, 0.35}, 1, 1300, validity::all);
  check_attention<causal_mask, TestType>({2, 2, 8, 0.35}, 1, 1300, validity::from_the_middle);
}

TEMPLATE_TEST_CASE("matches the reference under a rule: attention over narrow keys and values", "", bf16, int8<>,
                   int8<fixed_scales<column_scales>>) {
  for (const index_type queries : {1, 23})
    for (const index_type past : {0, 70}) {
      check_attention<with_rule<causal_mask>, TestType>({4, 2, 16, 0.25}, queries, past, validity::all, {30, 0, 2.0f});
      check_attention<with_rule<causal_mask>, TestType>({2, 2, 20, 0.25}, queries, past, validity::every_third, {0, 5});
    }
}

TEST_CASE("a narrow cache rounds to the nearest numbers; the scale of int8 is the largest magnitude / 127") {
  const attention_extents extents{2, 1, 8, 1};
  const auto k = normal_numbers<float>(3 * 8, 2);
  cache<bf16> half_keys{extents, 16}, halves{extents, 3};
  cache<int8<>> byte_keys{extents, 16}, bytes{extents, 3};
  kernels::store_narrow(3, rows_of(k, 8), rows_of(k, 8), 0, half_keys.heads, halves.heads, reversed_workers{});
  kernels::store_narrow(3, rows_of(k, 8), rows_of(k, 8), 0, byte_keys.heads, bytes.heads, reversed_workers{});
  for (index_type token = 0; token < 3; ++token) {
    float largest = 0;
    for (index_type i = 0; i < 8; ++i) largest = std::max(largest, std::abs(k[std::size_t(token * 8 + i)]));
    CHECK(bytes.read().scale(0, token, 0) == largest / 127);
    for (index_type i = token * 8; i < token * 8 + 8; ++i) {
      CHECK(halves.read()(0, i, token, i % 8) == bfloat16(k[std::size_t(i)]));
      CHECK(std::abs(bytes.read()(0, i, token, i % 8) - k[std::size_t(i)]) <= largest / 127 * 0.50001f);
    }
  }
}

TEST_CASE(
    "numbers of a cache with fixed scales are rounded by those of their columns, and cut off beyond 127 of them") {
  using fixed = int8<fixed_scales<column_scales>>;
  const attention_extents extents{2, 1, 8, 1};
  auto numbers = normal_numbers<float>(3 * 8, 2);
  numbers[5] = 100;
  numbers[6] = -100;
  const auto k = numbers;
  cache<fixed> keys{extents, 16}, values{extents, 3};
  kernels::store_narrow(3, rows_of(k, 8), rows_of(k, 8), 0, keys.heads, values.heads, reversed_workers{});
  for (index_type token = 0; token < 3; ++token)
    for (index_type column = 0; column < 8; ++column) {
      const float scale = column_scales[std::size_t(column)], given = k[std::size_t(token * 8 + column)],
                  cut = std::clamp(given, -127 * scale, 127 * scale);
      CHECK(std::abs(values.read()(0, token * 8 + column, token, column) - cut) <= scale * 0.50001f);
      CHECK(keys.read()(0, key_offset(token, 8) + column * key_block, token, column) ==
            values.read()(0, token * 8 + column, token, column));
    }
}

}  // namespace
}  // namespace typeformer
