// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string_view>

#include <typeformer/composition/decoder_only.hpp>
#include <typeformer/composition/repeat.hpp>
#include <typeformer/layers/alibi_positions.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/final_norm.hpp>
#include <typeformer/layers/language_model_head.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/layers/learned_positions.hpp>
#include <typeformer/layers/relative_position_bias.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/layers/self_attention.hpp>
#include <typeformer/layers/sinusoidal_positions.hpp>
#include <typeformer/layers/token_embedding.hpp>

/// Decoders that differ only in how they know where a token is.
namespace toy {

namespace tf = typeformer;

inline constexpr tf::index_type scheme_width = 48, scheme_heads = 4, head_columns = scheme_width / scheme_heads;

template <tf::index_type Vocabulary, class Positions, class... Attention>
using positioned_decoder = tf::decoder_only<
    tf::token_embedding<tf::vocabulary<Vocabulary>, tf::width<scheme_width>>, Positions,
    tf::repeat<2, tf::pre_norm_block<tf::self_attention<tf::heads<scheme_heads>, tf::causal, Attention...>,
                                     tf::feed_forward<4 * scheme_width, tf::gelu_erf>>>,
    tf::final_norm<tf::layer_norm<>>, tf::untied_head>;

/// Only the causal mask tells the order (Kazemnejad et al. 2023, arXiv:2305.19466): ALiBi whose slopes are 0.
template <tf::index_type Vocabulary, tf::index_type Context>
struct no_positions
    : positioned_decoder<Vocabulary,
                         tf::alibi_positions<tf::context<Context>, tf::heads<scheme_heads>, tf::slope_factor<0.0>>> {
  static constexpr std::string_view name = "none";
};
template <tf::index_type Vocabulary, tf::index_type Context>
struct learned : positioned_decoder<Vocabulary, tf::learned_positions<tf::context<Context>>> {
  static constexpr std::string_view name = "learned";
};
template <tf::index_type Vocabulary, tf::index_type Context>
struct sinusoidal : positioned_decoder<Vocabulary, tf::sinusoidal_positions<tf::context<Context>>> {
  static constexpr std::string_view name = "sinusoidal";
};
template <tf::index_type Context, class... Options>
using rotation =
    tf::rotary_positions<tf::context<Context>, tf::rotary_width<head_columns>, tf::half_split_pairs, Options...>;
template <tf::index_type Vocabulary, tf::index_type Context>
struct rotary : positioned_decoder<Vocabulary, rotation<Context>> {
  static constexpr std::string_view name = "rotary";
};
template <tf::index_type Vocabulary, tf::index_type Context>
struct rotary_in_a_window : positioned_decoder<Vocabulary, rotation<Context>, tf::sliding_window<32>> {
  static constexpr std::string_view name = "rotary, window of 32";
};
template <tf::index_type Vocabulary, tf::index_type Context>
struct alibi : positioned_decoder<Vocabulary, tf::alibi_positions<tf::context<Context>, tf::heads<scheme_heads>>> {
  static constexpr std::string_view name = "ALiBi";
};
template <tf::index_type Vocabulary, tf::index_type Context>
struct bias_of_distances
    : positioned_decoder<Vocabulary, tf::relative_position_bias<tf::context<Context>, tf::heads<scheme_heads>>> {
  static constexpr std::string_view name = "T5 bias";
};

}  // namespace toy
