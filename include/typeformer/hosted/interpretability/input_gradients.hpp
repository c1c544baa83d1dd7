// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <typeformer/contract/observations.hpp>
#include <typeformer/contract/uses.hpp>
#include <typeformer/foundation/isa.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/objectives/batch_error.hpp>
#include <typeformer/objectives/training_pass.hpp>
#include <typeformer/parameters/layout.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer::inline TYPEFORMER_ISA {

/// The gradient of an objective by the output of a model's first layer: the embeddings of tokens, patches or features.
///
/// `run(parameters, batch, shift)` gives the objective with `shift` [rows][width] added to the embedding. Then
/// `embedding()` (without the shift) and `gradient()` [rows][width] are those of that run. Options as for
/// `training_pass`. Objectives: the loss for attacks, `token_label_logits` for attributions. Errors as for
/// `training_pass`; a shift of another size is `input_has_other_rows`. Cost: a step of training, whose gradients of
/// parameters are not used. An encoder-decoder has two embeddings, and does not compile.
template <class M, class Objective, class... Options>
  requires(source_channels<M> == 0 && !detail::reads_a_source<M>)
class input_gradients {
 public:
  using pass_type = training_pass<M, Objective, observing, Options...>;
  using scalar_type = typename pass_type::scalar_type;
  using model = M;
  static constexpr index_type width = M::embedding::shape::width;
  static constexpr capacities reserved = pass_type::reserved;

  result<scalar_type, batch_error> run(const scalar_type* parameters, const token_batch& batch,
                                       std::span<const scalar_type> shift = {}) {
    batch_error wrong;
    wrong.what = batch_error::problem::input_has_other_rows;
    wrong.got = std::int64_t(shift.size());
    wrong.lowest = wrong.highest = batch.rows * width;
    if (!shift.empty() && wrong.got != wrong.lowest) return failure{wrong};
    return pass_.run(parameters, unused_.data(), batch,
                     [&](observation what, loop_place, block_view<scalar_type> rows, index_type) {
                       std::vector<scalar_type>* const keeps = what == observation::embedding            ? &embedding_
                                                               : what == observation::embedding_gradient ? &gradient_
                                                                                                         : nullptr;
                       if (keeps) keeps->assign(rows.data, rows.data + rows.rows * width);
                       if (what == observation::embedding)
                         for (std::size_t i = 0; i < shift.size(); ++i) rows.data[i] += shift[i];
                     });
  }
  const std::vector<scalar_type>& embedding() const { return embedding_; }
  const std::vector<scalar_type>& gradient() const { return gradient_; }

 private:
  pass_type pass_;
  std::vector<scalar_type> unused_ = std::vector<scalar_type>(std::size_t(layout_of<M>.parameters));
  std::vector<scalar_type> embedding_, gradient_;
};

}  // namespace typeformer::inline TYPEFORMER_ISA
