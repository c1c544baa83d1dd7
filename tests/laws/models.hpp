// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/composition/checkpoint.hpp>
#include <typeformer/composition/encoder_decoder.hpp>
#include <typeformer/layers/cross_attention.hpp>
#include <typeformer/layers/relative_position_bias.hpp>
#include <typeformer/layers/rms_norm.hpp>
#include <typeformer/models/albert.hpp>
#include <typeformer/models/bert.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/models/roberta.hpp>

/// Small models, one for each way to compose.
namespace typeformer::laws {

using small_block = pre_norm_block<self_attention<heads<2>, causal>, feed_forward<12, gelu_tanh>>;

template <class... Layers>
using small_stack = decoder_only<token_embedding<vocabulary<11>, width<8>>, learned_positions<context<8>>, Layers...,
                                 named<"final_norm", layer_norm<>>, tied_head>;
/// The rotary table is a buffer of the whole stack, read in every iteration of its loops.
template <class... Layers>
using rotary_stack = decoder_only<token_embedding<vocabulary<11>, width<8>>,
                                  rotary_positions<context<8>, rotary_width<4>, half_split_pairs, theta<100.0>>,
                                  Layers..., named<"final_norm", layer_norm<>>, tied_head>;

struct small_gpt2
    : gpt2<gpt2_config{.layers = 3, .width = 8, .heads = 2, .hidden = 12, .vocabulary = 11, .context = 8}> {};

inline constexpr llama_config small_llama_config{.layers = 3,
                                                 .width = 8,
                                                 .heads = 4,
                                                 .key_value_heads = 2,
                                                 .hidden = 12,
                                                 .vocabulary = 11,
                                                 .context = 8,
                                                 .theta = 100};
constexpr llama_config tied(llama_config c) { return c.tied = true, c; }
constexpr llama_config turning_adjacent_pairs(llama_config c) { return c.turns_adjacent_pairs = true, c; }
struct small_llama : llama<small_llama_config> {};
struct small_tied_llama : llama<turning_adjacent_pairs(tied(small_llama_config))> {};

/// A lookup of padding adds no gradient, which is not a derivative: so no id of a batch is padding.
inline constexpr index_type no_id = -1;
inline constexpr bert_config small_bert_config{
    .layers = 2, .width = 8, .heads = 2, .hidden = 12, .vocabulary = 11, .context = 8, .padding_id = no_id};
struct small_bert : bert<small_bert_config> {};
struct small_roberta : roberta<roberta_config{.layers = 2,
                                              .width = 8,
                                              .heads = 2,
                                              .hidden = 12,
                                              .vocabulary = 11,
                                              .segments = 2,
                                              .context = 8,
                                              .padding_id = no_id}> {};
struct small_albert : albert<albert_config{.layers = 4,
                                           .width = 8,
                                           .heads = 2,
                                           .embedding_width = 6,
                                           .groups = 2,
                                           .layers_in_group = 2,
                                           .hidden = 12,
                                           .vocabulary = 11,
                                           .context = 8,
                                           .padding_id = no_id}> {};
/// Classifies sequences only.
struct small_classifier : bert_body<small_bert_config, gelu_erf, first_token_pooler<>, classifier<3>> {};

/// Two stacks, each with its own bias.
struct small_encoder_decoder
    : encoder_decoder<
          token_embedding<vocabulary<11>, width<8>>,
          encoder<relative_position_bias<context<8>, heads<2>, buckets<4>, maximum_distance<6>, bidirectional>,
                  repeat<2, pre_norm_block<self_attention<heads<2>, bidirectional>, feed_forward<12, gelu_tanh>,
                                           rms_norm<>>>,
                  named<"final_norm", rms_norm<>>>,
          decoder<relative_position_bias<context<8>, heads<2>, buckets<4>, maximum_distance<6>>,
                  repeat<2, pre_norm_decoder_block<self_attention<heads<2>, causal>,
                                                   cross_attention<heads<2>, head_width<3>>,
                                                   feed_forward<12, gelu_tanh>, rms_norm<>>>,
                  named<"final_norm", rms_norm<>>, tied_head>> {};

/// Target tokens see the source up to their own position. Scores have their own scale, and there is no final norm.
struct small_transducer
    : encoder_decoder<
          token_embedding<vocabulary<11>, width<8>>,
          encoder<learned_positions<context<8>>,
                  repeat<2, pre_norm_block<self_attention<heads<2>, causal>, feed_forward<12, gelu_tanh>>>>,
          decoder<
              learned_positions<context<8>>,
              repeat<2, pre_norm_decoder_block<self_attention<heads<2>, causal, score_scale<0.3>>,
                                               cross_attention<heads<4>, key_value_heads<2>, causal, score_scale<0.8>>,
                                               feed_forward<12, gelu_tanh>>>,
              untied_head>> {};

struct post_norm_model
    : small_stack<repeat<3, post_norm_block<self_attention<heads<2>, causal>, feed_forward<12, gelu_tanh>>>> {};

struct sharing_model : rotary_stack<repeat<3, small_block, shared_block>> {};

constexpr index_type skipping_block_0(index_type iteration) { return 1 + iteration % 2; }
struct skipping_model : rotary_stack<repeat<3, small_block, skipping_block_0>> {};

struct nested_model : rotary_stack<repeat<2, sequential<repeat<2, small_block>, linear<8>>>> {};
struct checkpoint_in_repeat_model : rotary_stack<repeat<3, checkpoint<small_block>>> {};
struct repeat_in_checkpoint_model : rotary_stack<checkpoint<repeat<3, small_block>>> {};
struct nested_checkpoint_model
    : rotary_stack<repeat<2, checkpoint<repeat<2, small_block>>>, repeat<2, activation<gelu_tanh>>> {};
struct single_repeat_model : rotary_stack<repeat<1, small_block>> {};

}  // namespace typeformer::laws
