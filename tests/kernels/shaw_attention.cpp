// SPDX-License-Identifier: BSL-1.0
#include <cmath>

#include <support/gradient_cases.hpp>
#include <typeformer/kernels/shaw_attention_back.hpp>

namespace typeformer {
namespace {

using namespace testing;

/// Operands of one sequence, outputs and gradients.
template <class Mask, class S> struct shaw_case {
  attention_extents extents;
  index_type queries, past, reach, width = extents.heads * extents.head_width, keys = past + queries;
  std::vector<std::uint8_t> valid;
  std::vector<S> q = numbers(queries * width, 1), k = numbers(keys * width, 2), v = numbers(keys * width, 3),
                 of_keys = numbers((2 * reach + 1) * extents.head_width, 4),
                 of_values = numbers((2 * reach + 1) * extents.head_width, 5), dy = numbers(queries * width, 6),
                 y = std::vector<S>(q.size()), dq = std::vector<S>(q.size(), 9), dk = std::vector<S>(k.size(), 9),
                 dv = std::vector<S>(v.size(), 9), dof_keys = std::vector<S>(of_keys.size(), S(0.5)),
                 dof_values = std::vector<S>(of_values.size(), S(0.25)),
                 log_sum_exp = std::vector<S>(std::size_t(queries * extents.heads)),
                 scratch =
                     std::vector<S>(std::size_t(shaw_attention_scratch(extents.heads, extents.head_width, reach, keys)),
                                    std::numeric_limits<S>::quiet_NaN());

  shaw_case(attention_extents e, index_type queries_, index_type past_, index_type reach_, bool padded)
      : extents{e}, queries{queries_}, past{past_}, reach{reach_} {
    if (padded)
      for (index_type key = 0; key < keys; ++key) valid.push_back(key % 3 != 0);
  }
  template <class Workers> void run(const Workers& workers) {
    const shaw_attention_call<S> call{queries,
                                      past,
                                      reach,
                                      rows_of(std::as_const(q), width),
                                      rows_of(std::as_const(k), width),
                                      rows_of(std::as_const(v), width),
                                      rows_of(std::as_const(of_keys), extents.head_width),
                                      rows_of(std::as_const(of_values), extents.head_width),
                                      valid.empty() ? nullptr : valid.data(),
                                      rows_of(y, width),
                                      rows_of(log_sum_exp, extents.heads)};
    kernels::shaw_attention<Mask, S>(extents, call, scratch.data(), workers);
    kernels::shaw_attention_back<Mask, S>(
        extents, call, rows_of(std::as_const(dy), width),
        {rows_of(dq, width), rows_of(dk, width), rows_of(dv, width), rows_of(dof_keys, extents.head_width),
         rows_of(dof_values, extents.head_width)},
        scratch.data(), workers);
  }

 private:
  static std::vector<S> numbers(index_type count, unsigned seed) {
    const auto single = normal_numbers<float>(count, seed);
    return {single.begin(), single.end()};
  }
};

template <class Mask>
void check_kernels(attention_extents extents, index_type queries, index_type past, index_type reach, bool padded) {
  INFO(extents.head_width << " wide, " << queries << " queries after " << past << ", distances up to " << reach
                          << (padded ? ", padded" : ""));
  shaw_case<Mask, double> exact{extents, queries, past, reach, padded};
  shaw_case<Mask, float> single{extents, queries, past, reach, padded};
  exact.run(inline_workers{});
  single.run(reversed_workers{});
  check_agrees(single.y, exact.y);
  for (std::size_t i = 0; i < exact.log_sum_exp.size(); ++i)
    if (std::isinf(exact.log_sum_exp[i])) CHECK(double(single.log_sum_exp[i]) == exact.log_sum_exp[i]);
    else CHECK(single.log_sum_exp[i] == Approx(exact.log_sum_exp[i]).epsilon(1e-5).margin(1e-5));
  check_agrees(single.dq, exact.dq);
  check_agrees(single.dk, exact.dk);
  check_agrees(single.dv, exact.dv);
  check_agrees(single.dof_keys, exact.dof_keys);
  check_agrees(single.dof_values, exact.dof_values);
}

TEST_CASE("matches the reference in double: attention with vectors of distances") {
  for (const index_type head_width : {1, 6, 16, 80})
    for (const index_type queries : {1, 8, 41, 70})
      for (const index_type past : {0, 37})
        for (const index_type reach : {0, 1, 5, 40, 200}) {
          const attention_extents extents{3, 3, head_width, 1 / std::sqrt(double(head_width))};
          const bool padded = (queries + reach) % 2 != 0;
          check_kernels<causal_mask>(extents, queries, past, reach, padded);
          check_kernels<full_mask>(extents, queries, past, reach, !padded);
        }
}

}  // namespace
}  // namespace typeformer
