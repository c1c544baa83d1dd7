// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <type_traits>

#include <typeformer/activations/activations.hpp>
#include <typeformer/layers/language_model_head.hpp>
#include <typeformer/models/t5.hpp>

namespace typeformer {

/// The numbers of an mT5 are those of a T5.
using mt5_config = t5_config;

inline constexpr mt5_config mt5_small{
    .layers = 8, .heads = 6, .hidden = 1024, .vocabulary = 250112, .gated = true, .tied = false},
    mt5_base{.layers = 12, .width = 768, .heads = 12, .vocabulary = 250112, .gated = true, .tied = false};

namespace detail {
template <mt5_config C, class Function> struct mt5_parts : t5_parts<C, Function> {
  using head = std::conditional_t<C.tied, tied_head, untied_head>;
};
}  // namespace detail

/// mT5 (Xue et al. 2021, arXiv:2010.11934, §3.2): the architecture of T5 1.1 with a vocabulary of 250,000 pieces of 101
/// languages. Logits are never scaled, whatever `scales_logits` says, as in Hugging Face's code.
///
/// Tensor names are those of Hugging Face's MT5ForConditionalGeneration.
template <mt5_config C, class Function = gelu_tanh> struct mt5 : t5<C, Function, detail::mt5_parts<C, Function>> {};

}  // namespace typeformer
