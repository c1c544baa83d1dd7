// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/composition/checkpoint.hpp>
#include <typeformer/composition/encoder_decoder.hpp>
#include <typeformer/composition/named.hpp>
#include <typeformer/composition/repeat.hpp>
#include <typeformer/composition/sequential.hpp>
#include <typeformer/layers/attention_dropout.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/cross_attention.hpp>
#include <typeformer/layers/dropout.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/language_model_head.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/layers/scaled_embedding.hpp>
#include <typeformer/layers/self_attention.hpp>
#include <typeformer/layers/token_embedding.hpp>

namespace typeformer {

/// The numbers of a BART, an mBART, a PEGASUS or a Marian; the defaults are the large BART (Lewis et al. 2020,
/// arXiv:1910.13461, §4).
struct bart_config {
  index_type layers = 12, decoder_layers = 0;  ///< 0: as many as `layers`; the same of the numbers below
  index_type width = 1024;
  index_type heads = 16, decoder_heads = 0;
  index_type hidden = 4096, decoder_hidden = 0;
  index_type vocabulary = 50265, decoder_vocabulary = 0;  ///< the second one where the stacks share no token table
  index_type context = 1024;                              ///< tokens of source and target
  index_type padding_id = 1;       ///< its row of a token table gets no gradient from a lookup; -1: there is none
  bool scales_embedding = false;   ///< rows of the token table are multiplied by √width
  bool shares_embeddings = true;   ///< the stacks share the token table, if the head is tied to it
  bool tied = true;                ///< the head multiplies by the target's token table
  double dropout = 0;              ///< after the embeddings and at the end of each branch, in training
  double attention_dropout = 0;    ///< of the probabilities of self-attention, in training
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

namespace detail {

/// The parts of these families. `C` has the members of `bart_config` that the parts read.
template <auto C, class Function> struct bart_stacks {
  using norm = layer_norm<>;
  static constexpr index_type decoder_layers = C.decoder_layers ? C.decoder_layers : C.layers,
                              decoder_heads = C.decoder_heads ? C.decoder_heads : C.heads,
                              decoder_hidden = C.decoder_hidden ? C.decoder_hidden : C.hidden;
  using encoder_attention = self_attention_with_dropout<C.attention_dropout, heads<C.heads>, bidirectional>;
  using decoder_attention = self_attention_with_dropout<C.attention_dropout, heads<decoder_heads>, causal>;
  using cross = cross_attention<heads<decoder_heads>>;
  using encoder_feed_forward = feed_forward<C.hidden, Function>;
  using decoder_feed_forward = feed_forward<decoder_hidden, Function>;

  template <class Block> using encoder_blocks = repeat<C.layers, checkpoint_if<C.recomputes_blocks, Block>>;
  template <class Block> using decoder_blocks = repeat<decoder_layers, checkpoint_if<C.recomputes_blocks, Block>>;
  using post_norm_encoder = encoder_blocks<post_norm_block<encoder_attention, encoder_feed_forward, norm, C.dropout>>;
  using post_norm_decoder =
      decoder_blocks<post_norm_decoder_block<decoder_attention, cross, decoder_feed_forward, norm, C.dropout>>;
  using pre_norm_encoder = encoder_blocks<pre_norm_block<encoder_attention, encoder_feed_forward, norm, C.dropout>>;
  using pre_norm_decoder =
      decoder_blocks<pre_norm_decoder_block<decoder_attention, cross, decoder_feed_forward, norm, C.dropout>>;
  using head = std::conditional_t<C.tied, tied_head, untied_head>;
};

template <bart_config C, class Function> struct bart_parts : bart_stacks<C, Function> {
  static constexpr bool shares_table = C.tied && C.shares_embeddings;
  static constexpr index_type target_vocabulary =
      C.decoder_vocabulary && !C.shares_embeddings ? C.decoder_vocabulary : C.vocabulary;
  template <index_type Vocabulary>
  using table = token_embedding<vocabulary<Vocabulary>, width<C.width>, padding<C.padding_id>>;
  using embeddings = std::conditional_t<shares_table, table<C.vocabulary>,
                                        source_and_target<table<C.vocabulary>, table<target_vocabulary>>>;
  using scale = std::conditional_t<C.scales_embedding, scaled_embedding<>, sequential<>>;
  using head = head_with_bias<typename bart_stacks<C, Function>::head>;
};

}  // namespace detail

}  // namespace typeformer
