// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/contract/observations.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/interpretability/changed_values.hpp>
#include <typeformer/hosted/interpretability/recorded_values.hpp>

namespace typeformer {

/// The logits that the layers behind the last block make of the stack's input and of each block's output (nostalgebraist
/// 2020, "interpreting GPT: the logit lens"): blocks + 1 tables [tokens][vocabulary], of which the last is the model's
/// logits.
///
/// `Pass` is a `forward_pass<M, observing>`. A block inside of another counts, too. Errors as for `Pass::run`. Cost: a
/// pass for each table.
template <class Pass>
result<std::vector<value_table>, inference_error> logit_lens(Pass& pass, std::span<const std::int32_t> ids) {
  recorded_values values{observation::stack_input, observation::block_output};
  if (const auto run = pass.run(ids, values.observer()); !run) return failure{run.error()};
  const index_type blocks = values.count(observation::block_output);
  const shown_value last{observation::block_output, blocks - 1};
  std::vector<value_table> lens;
  for (index_type block = -1; block < blocks; ++block) {
    changed_values change;
    change.copy({.value = last}, values.at(block < 0 ? shown_value{observation::stack_input, 0}
                                                     : shown_value{observation::block_output, block}));
    const auto logits = pass.run(ids, change.observer());
    if (!logits) return failure{logits.error()};
    value_table& table = lens.emplace_back(index_type(ids.size()), Pass::vocabulary);
    for (index_type row = 0; row < table.rows; ++row)
      for (index_type i = 0; i < table.width; ++i) table.row(row)[std::size_t(i)] = (*logits)[row][i];
  }
  return lens;
}

}  // namespace typeformer
