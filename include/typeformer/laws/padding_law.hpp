// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include <typeformer/laws/detail/padded_call.hpp>
#include <typeformer/laws/token_runner.hpp>
#include <typeformer/laws/verdict.hpp>

namespace typeformer::laws {

namespace detail {

/// Calls f(where, a call, the padded call that must deliver the same, its texts' random numbers). Padding to the left
/// and to the right has no effect. Holes in between may count as distance, as they do in T5, but their contents have no
/// effect.
template <class F> void for_each_padding(index_type vocabulary, index_type source_length, pseudo_random random, F&& f) {
  for (const padding& p : paddings) {
    const std::vector<law_text> texts = texts_for(p, random, vocabulary, source_length);
    token_call padded = padded_call_of(texts, p, random, vocabulary, source_length);
    token_call other = p.keeps_distances ? call_of(texts) : padded_call_of(texts, p, random, vocabulary, source_length);
    f(p.where, other, padded);
  }
}
/// The rows of valid tokens, or of sequences.
inline std::vector<std::span<const double>> rows_that_count(const delivered_rows& all, const token_call& call) {
  std::vector<std::span<const double>> rows;
  for (index_type row = 0; row < all.count(); ++row)
    if (all.rows_are != axis::token || call.tokens.is_valid(row)) rows.push_back(all[row]);
  return rows;
}

}  // namespace detail

/// Law: the output for valid tokens and for sequences does not depend on padding.
template <class Walk, class Use> finding check_padding(index_type vocabulary) {
  token_runner<Walk, Use> runner{vocabulary};
  finding f{.applies = true, .at_most = 1e-10};
  detail::for_each_padding(
      vocabulary, Use::reserved.source, pseudo_random{17}, [&](auto where, token_call& plain, token_call& padded) {
        const std::vector<delivered_rows> expected = runner.run(plain.view()), found = runner.run(padded.view());
        for (std::size_t part = 0; part < found.size(); ++part) {
          const auto right = detail::rows_that_count(expected[part], plain),
                     rows = detail::rows_that_count(found[part], padded);
          for (std::size_t i = 0; i < rows.size(); ++i)
            f.found(row_error(rows[i], right[i]), where, ", in valid row ", i);
        }
      });
  return f;
}

/// Law: a loss and its gradients do not depend on padding, either. `Walk` delivers losses.
template <class Walk, class Use> finding check_padded_gradients(index_type vocabulary) {
  token_runner<Walk, Use> runner{vocabulary};
  finding f{.applies = true, .at_most = 1e-10};
  detail::for_each_padding(vocabulary, Use::reserved.source, pseudo_random{19},
                           [&](auto where, token_call& plain, token_call& padded) {
                             const delivered_rows expected = runner.run(plain.view())[0];
                             const std::vector<double> gradients = runner.gradients(plain.view());
                             const delivered_rows found = runner.run(padded.view())[0];
                             for (index_type part = 0; part < found.count(); ++part)
                               f.found(row_error(found[part], expected[part]), where, ", the loss");
                             f.found(row_error(runner.gradients(padded.view()), gradients), where, ", the gradients");
                           });
  return f;
}

}  // namespace typeformer::laws
