// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/layers/logits.hpp>

namespace typeformer {

/// logits = x Wᵀ + b: a head with its own number of classes, for rows of any kind. After a pooler it classifies
/// sequences (next sentence, sentence order, sentiment), otherwise tokens (part of speech, entities).
///
/// x [rows][width], W [classes][width], b [classes], logits [rows][classes]. Cost: 2 · width · classes FLOPs per row.
template <index_type Classes> struct classifier {
  static constexpr const char* name = "classifier";
  template <class Embedding, class In> using infer_logits = rows<In::rows_are, Classes>;

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    c.enter(name);
    const auto weight = c.template param<parameter_kind::matrix, Classes, X::width>(named_rows{"weight", Classes});
    const auto bias = c.template param<parameter_kind::vector, Classes, 1>(named_rows{"bias", Classes});
    c.leave();
    return detail::walk_logits(c, x, weight, bias);
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Walk& c, Trace t, DY dy, Scope) {
    return detail::walk_back_logits(c, t.product, dy);
  }
};

}  // namespace typeformer
