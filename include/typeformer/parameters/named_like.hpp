// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string_view>

#include <typeformer/foundation/fixed_string.hpp>
#include <typeformer/parameters/layout.hpp>
#include <typeformer/parameters/name_pattern.hpp>

namespace typeformer {

/// Whether the name of a tensor matches one of the patterns, in which `*` stands for any text.
template <fixed_string... Patterns> struct named_like {
  constexpr bool operator()(std::string_view name) const { return (matches(Patterns.view(), name) || ...); }
  constexpr bool operator()(const parameter_tensor& tensor) const { return (*this)(tensor.name().view()); }
};

/// The tensors of the library's heads.
using head_parameters = named_like<"head.*", "masked_lm.*", "classifier.*", "qa_outputs.*">;
/// The matrices of low-rank adaptation.
using adapter_parameters = named_like<"*lora_A.weight", "*lora_B.weight">;
/// The tensors that a pre-trained body does not have: heads and adapters.
using head_and_adapter_parameters =
    named_like<"head.*", "masked_lm.*", "classifier.*", "qa_outputs.*", "*lora_A.weight", "*lora_B.weight">;

/// The negation of a predicate on tensors.
template <class Predicate> struct none_of_those {
  constexpr bool operator()(const parameter_tensor& tensor) const { return !Predicate{}(tensor); }
};

}  // namespace typeformer
