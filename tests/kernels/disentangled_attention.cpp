// SPDX-License-Identifier: BSL-1.0
#include <support/gradient_cases.hpp>
#include <typeformer/kernels/disentangled_attention.hpp>

namespace typeformer {
namespace {

using namespace testing;

/// Operands of one sequence, and outputs.
template <class S> struct disentangled_case {
  attention_extents extents;
  index_type tokens, span, width = extents.heads * extents.head_width;
  bool has_keys, has_queries;
  std::vector<std::uint8_t> valid = {};
  std::vector<std::int32_t> row_of = {};
  std::vector<S> q = numbers(tokens * width, 1), k = numbers(tokens * width, 2), v = numbers(tokens * width, 3),
                 of_keys = numbers(2 * span * width, 4), of_queries = numbers(2 * span * width, 5),
                 y = std::vector<S>(q.size()), log_sum_exp = std::vector<S>(std::size_t(tokens * extents.heads));

  disentangled_case(attention_extents e, index_type tokens_, index_type span_, bool keys, bool queries, bool padded)
      : extents{e}, tokens{tokens_}, span{span_}, has_keys{keys}, has_queries{queries} {
    for (index_type token = 0; padded && token < tokens; ++token) valid.push_back(token % 3 != 0);
    for (index_type d = 1 - tokens; d < tokens; ++d) row_of.push_back(std::int32_t(distance_rows{0, span}.of(d)));
  }
  template <class Workers> void run(const Workers& workers) {
    const rows_view<const S> none{};
    kernels::disentangled_attention<S>(
        extents,
        {tokens, row_of.data() + tokens - 1, rows_of(std::as_const(q), width), rows_of(std::as_const(k), width),
         rows_of(std::as_const(v), width), has_keys ? rows_of(std::as_const(of_keys), width) : none,
         has_queries ? rows_of(std::as_const(of_queries), width) : none, valid.empty() ? nullptr : valid.data(),
         rows_of(y, width), rows_of(log_sum_exp, extents.heads)},
        workers);
  }

 private:
  static std::vector<S> numbers(index_type count, unsigned seed) {
    const auto single = normal_numbers<float>(count, seed);
    return {single.begin(), single.end()};
  }
};

void check_kernel(attention_extents extents, index_type tokens, index_type span, bool keys, bool queries, bool padded) {
  INFO(extents.head_width << " wide, " << tokens << " tokens, distances up to " << span << (padded ? ", padded" : ""));
  disentangled_case<double> exact{extents, tokens, span, keys, queries, padded};
  disentangled_case<float> single{extents, tokens, span, keys, queries, padded};
  exact.run(inline_workers{});
  single.run(reversed_workers{});
  check_agrees(single.y, exact.y);
  check_agrees(single.log_sum_exp, exact.log_sum_exp);
}

}  // namespace

TEST_CASE("agrees with the reference: disentangled attention") {
  for (const index_type width : {1, 4, 8, 13, 32})
    for (const bool padded : {false, true}) {
      check_kernel({2, 2, width, 0.3}, 5, 3, true, true, padded);
      check_kernel({3, 3, width, 0.2}, 70, 9, true, true, padded);  // more than one chunk of keys
      check_kernel({1, 1, width, 0.4}, 9, 20, true, false, padded);
      check_kernel({1, 1, width, 0.4}, 9, 2, false, true, padded);
      check_kernel({2, 2, width, 0.4}, 130, 2, false, false, padded);
    }
}

}  // namespace typeformer
