// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include <typeformer/hosted/data/masking.hpp>

namespace typeformer {

/// A sequence of an encoder's pre-training, before tokens are hidden.
struct pretraining_instance {
  std::vector<std::int32_t> tokens;    ///< of the text, with `[CLS]` and `[SEP]`
  std::vector<std::int32_t> segments;  ///< 0 or 1 for each token
  std::vector<token_role> roles;       ///< for each token
  std::int32_t label = no_label;       ///< of the sequence, for `next_sentence` or `sentence_order`
  bool label_was_free = false;         ///< whether the label was drawn, instead of being the only possible one
};

/// The input of a model, and its labels.
struct masked_instance : pretraining_instance {
  std::vector<std::int32_t> ids;     ///< the tokens, some of them hidden
  std::vector<std::int32_t> labels;  ///< the token for each that was chosen; -100 for the others
};

inline masked_instance masked(pretraining_instance instance, const masking& how, philox& generator) {
  masked_instance hidden{std::move(instance), {}, {}};
  hidden.ids = hidden.tokens;
  hidden.labels.resize(hidden.ids.size());
  std::vector<std::int32_t> workspace(hidden.ids.size());
  how.hide(hidden.ids, hidden.labels, hidden.roles, workspace, generator);
  return hidden;
}

}  // namespace typeformer
