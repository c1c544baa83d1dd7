// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/composition/checkpoint.hpp>
#include <typeformer/composition/decoder_only.hpp>
#include <typeformer/composition/named.hpp>
#include <typeformer/composition/repeat.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/language_model_head.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/layers/self_attention.hpp>
#include <typeformer/layers/token_embedding.hpp>

/// What presets of decoders have in common. `C` is the configuration of any of them.
namespace typeformer::detail {

template <auto C> constexpr index_type key_value_heads_of() {
  if constexpr (requires { C.key_value_heads; }) {
    if (C.key_value_heads > 0) return C.key_value_heads;
  }
  return C.heads;
}
/// 0: the model's width divided by the heads, which the attention checks.
template <auto C> constexpr index_type given_head_width_of() {
  if constexpr (requires { C.head_width; }) return C.head_width;
  else return 0;
}
template <auto C> constexpr index_type head_width_of() {
  if (given_head_width_of<C>() > 0) return given_head_width_of<C>();
  return C.heads > 0 ? C.width / C.heads : 0;
}

/// Columns of a head that are rotated: all of them, unless the configuration has a number.
template <auto C> constexpr index_type rotary_width_of() {
  if constexpr (requires { C.rotary_width; }) {
    if (C.rotary_width > 0) return C.rotary_width;
  }
  return head_width_of<C>();
}

template <auto C, class Scaling = position_divisor<1.0>, class Pairs = half_split_pairs, number Theta = C.theta>
using rotation = rotary_positions<context<C.context>, rotary_width<rotary_width_of<C>()>, Pairs, theta<Theta>, Scaling>;

/// Causal attention with grouped queries.
template <auto C, class... Options>
using grouped_attention = self_attention<heads<C.heads>, key_value_heads<key_value_heads_of<C>()>,
                                         head_width<given_head_width_of<C>()>, causal, Options...>;

template <bool HasBias> using bias_if = std::conditional_t<HasBias, with_bias, without_bias>;
/// Biases of queries, keys and values.
template <bool HasBias> using input_bias_if = std::conditional_t<HasBias, without_output_bias, without_bias>;

template <auto C> using head_of = std::conditional_t<C.tied, tied_head, untied_head>;

/// A decoder: a table of tokens, layers of its own before the positions, blocks, a last norm and a head.
template <auto C, class Positions, class Block, class Norm, class Head = head_of<C>, class... AfterTable>
using decoder_stack =
    decoder_only<token_embedding<vocabulary<C.vocabulary>, width<C.width>>, AfterTable..., Positions,
                 repeat<C.layers, checkpoint_if<C.recomputes_blocks, Block>>, named<"final_norm", Norm>, Head>;

}  // namespace typeformer::detail
