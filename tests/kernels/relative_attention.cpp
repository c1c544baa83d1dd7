// SPDX-License-Identifier: BSL-1.0
#include <cmath>

#include <support/gradient_cases.hpp>
#include <typeformer/kernels/relative_attention_back.hpp>

namespace typeformer {
namespace {

using namespace testing;

/// Operands of one sequence, outputs and gradients.
template <class S> struct relative_case {
  attention_extents extents;
  index_type queries, past, width, keys;
  bool bidirectional;
  std::vector<std::uint8_t> valid;
  std::vector<S> q, k, v, r, content, position, dy, y, log_sum_exp, dq, dk, dv, dr, dcontent, dposition, scratch;

  relative_case(attention_extents e, index_type queries_, index_type past_, bool padded, bool both)
      : extents{e},
        queries{queries_},
        past{past_},
        width{e.heads * e.head_width},
        keys{past + queries},
        bidirectional{both} {
    if (padded)
      for (index_type key = 0; key < keys; ++key) valid.push_back(key % 3 != 0);
    q = numbers(queries * width, 1);
    k = numbers(keys * width, 2);
    v = numbers(keys * width, 3);
    r = numbers((keys + (both ? queries - 1 : 0)) * width, 4);
    content = numbers(width, 5);
    position = numbers(width, 6);
    dy = numbers(queries * width, 7);
    y.resize(q.size());
    log_sum_exp.resize(static_cast<std::size_t>(queries * e.heads));
    dq.resize(q.size(), 9);
    dk.resize(k.size(), 9);
    dv.resize(v.size(), 9);
    dr.resize(r.size());
    dcontent.resize(content.size());
    dposition.resize(content.size());
    scratch.resize(static_cast<std::size_t>(relative_attention_scratch(e.heads, e.head_width, keys, both)),
                   std::numeric_limits<S>::quiet_NaN());
  }
  template <class Workers> void run(const Workers& workers) {
    const relative_attention_call<S> call{queries,
                                          past,
                                          rows_of(q, width),
                                          rows_of(k, width),
                                          rows_of(v, width),
                                          rows_of(r, width),
                                          content.data(),
                                          position.data(),
                                          valid.empty() ? nullptr : valid.data(),
                                          rows_of(y, width),
                                          rows_of(log_sum_exp, extents.heads),
                                          bidirectional};
    kernels::relative_attention<S>(extents, call, scratch.data(), workers);
    kernels::relative_attention_back<S>(extents, call, rows_of(std::as_const(dy), width),
                                        {rows_of(dq, width), rows_of(dk, width), rows_of(dv, width), rows_of(dr, width),
                                         dcontent.data(), dposition.data()},
                                        scratch.data(), workers);
  }

 private:
  static std::vector<S> numbers(index_type count, unsigned seed) {
    const auto single = normal_numbers<float>(count, seed);
    return {single.begin(), single.end()};
  }
};

void check_kernels(attention_extents extents, index_type queries, index_type past, bool padded, bool both) {
  INFO(extents.head_width << " wide, " << queries << " queries after " << past << (padded ? ", padded" : "")
                          << (both ? ", in both directions" : ""));
  relative_case<double> exact{extents, queries, past, padded, both};
  relative_case<float> single{extents, queries, past, padded, both};
  exact.run(inline_workers{});
  single.run(reversed_workers{});
  check_agrees(single.y, exact.y);
  for (std::size_t i = 0; i < exact.log_sum_exp.size(); ++i)
    if (std::isinf(exact.log_sum_exp[i])) CHECK(double(single.log_sum_exp[i]) == exact.log_sum_exp[i]);
    else CHECK(single.log_sum_exp[i] == Approx(exact.log_sum_exp[i]).epsilon(1e-5).margin(1e-5));
  check_agrees(single.dq, exact.dq);
  check_agrees(single.dk, exact.dk);
  check_agrees(single.dv, exact.dv);
  check_agrees(single.dr, exact.dr);
  check_agrees(single.dcontent, exact.dcontent);
  check_agrees(single.dposition, exact.dposition);
}

TEST_CASE("matches the reference in double: relative attention") {
  for (const index_type head_width : {1, 6, 16, 80})
    for (const index_type queries : {1, 8, 41, 70})
      for (const index_type past : {0, 37})
        for (const bool padded : {false, true})
          for (const bool both : {false, true})
            check_kernels({3, 3, head_width, 1 / std::sqrt(double(head_width))}, queries, past, padded, both);
}

}  // namespace
}  // namespace typeformer
