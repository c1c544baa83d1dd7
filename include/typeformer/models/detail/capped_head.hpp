// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/layers/soft_capped_logits.hpp>
#include <typeformer/models/detail/decoder_parts.hpp>

namespace typeformer::detail {

/// A head whose logits are capped softly, if the cap is not 0.
template <auto C>
using capped_head_of = std::conditional_t<(C.logit_cap > 0), soft_capped_logits<head_of<C>, C.logit_cap>, head_of<C>>;

}  // namespace typeformer::detail
