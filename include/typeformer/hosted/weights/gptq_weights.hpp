// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/weights/error_compensation.hpp>
#include <typeformer/hosted/weights/recorded_weights.hpp>
#include <typeformer/parameters/narrow_weights.hpp>
#include <typeformer/session/forward_pass.hpp>

namespace typeformer {

/// Weights in a format with groups, rounded with compensated errors: for each matrix, in the order of the layers, texts
/// are run through the model with all earlier matrices rounded, and the matrix is rounded so that its outputs for these
/// texts change least (GPTQ: Frantar et al. 2022, arXiv:2210.17323). Tables and vectors are rounded as ever.
///
///     const auto narrow = tf::gptq_weights<my_model, tf::int4<>>(parameters, texts);
///     tf::session<my_model, tf::reads<tf::weights<my_model, tf::int4<>>>> run{*narrow};
///
/// Each text has at most `M::context` tokens; some thousand in all are enough. Errors: those of `forward_pass::run`; no
/// memory. Cost: a run of the texts for each matrix, and outputs · inputs² multiply-adds; 8 · inputs² bytes and a copy of
/// the parameters.
template <class M, class Format>
  requires GroupedFormat<typename Format::matrices>
result<weights<M, Format>, inference_error> gptq_weights(const parameters<M>& canonical,
                                                         std::span<const std::span<const std::int32_t>> texts) {
  parameters<M> rounded;
  weights<M, Format> narrow{canonical};
  if (!rounded.available() || !narrow.available()) return rejected(inference_error::problem::no_memory, 0, 0, 0);
  std::copy_n(canonical.data(), canonical.size(), rounded.data());
  for_each_tensor(layout_of<M>, [&](const parameter_tensor& t) {
    if (is_first_of_operand(layout_of<M>, t) && t.of->kind != parameter_kind::matrix) narrow.widen(t, rounded.of(t));
  });
  std::optional<inference_error> wrong;
  for_each_tensor(layout_of<M>, [&](const parameter_tensor& t) {
    if (wrong || !is_first_of_operand(layout_of<M>, t) || t.of->kind != parameter_kind::matrix) return;
    input_moments moments{t.of->columns};
    const recorded_weights<M> recorded{{rounded.data(), t.offset, &moments}};
    forward_pass<M, reads<recorded_weights<M>>> run{recorded};
    for (const std::span<const std::int32_t>& text : texts)
      if (const auto y = run.run(text); !y) return void(wrong = y.error());
    const compensation_factors factors{std::move(moments)};
    narrow.narrow(t, canonical.of(t), compensated_rounding{factors});
    narrow.widen(t, rounded.of(t));
  });
  if (wrong) return failure{*wrong};
  return narrow;
}

}  // namespace typeformer
