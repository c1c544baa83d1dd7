// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/layers/logits.hpp>

namespace typeformer {

/// logits = x Wᵀ + b, two per token: that an answer begins there, and that it ends there (Devlin et al. 2019,
/// arXiv:1810.04805, §4.2). Its parameters have the names of Hugging Face's models for question answering.
///
/// x [rows][width], W [2][width], b [2], logits [rows][2]. Cost: 4 · width FLOPs per row.
struct answer_span_head {
  static constexpr const char* name = "qa_outputs";
  template <class Embedding, class In> using infer_logits = rows<In::rows_are, 2>;

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    c.enter(name);
    const auto weight = c.template param<parameter_kind::matrix, 2, X::width>(named_rows{"weight", 2});
    const auto bias = c.template param<parameter_kind::vector, 2, 1>(named_rows{"bias", 2});
    c.leave();
    return detail::walk_logits(c, x, weight, bias);
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Walk& c, Trace t, DY dy, Scope) {
    return detail::walk_back_logits(c, t.product, dy);
  }
};

}  // namespace typeformer
