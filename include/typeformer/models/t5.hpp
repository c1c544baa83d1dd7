// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>
#include <type_traits>

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/checkpoint.hpp>
#include <typeformer/composition/encoder_decoder.hpp>
#include <typeformer/composition/repeat.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/cross_attention.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/relative_position_bias.hpp>
#include <typeformer/layers/rms_norm.hpp>
#include <typeformer/layers/scaled_logits.hpp>
#include <typeformer/layers/self_attention.hpp>
#include <typeformer/layers/token_embedding.hpp>
#include <typeformer/models/t5_files.hpp>
#include <typeformer/parameters/initialize.hpp>

namespace typeformer {

/// The numbers of a T5; the defaults are the original small one (Raffel et al. 2020, arXiv:1910.10683, §3.7).
struct t5_config {
  index_type layers = 6, decoder_layers = 0;  ///< 0: as many as `layers`
  index_type width = 512, heads = 8, head_width = 64, hidden = 2048;
  index_type vocabulary = 32128;
  index_type context = 512;  ///< tokens of source and target; the architecture itself has no limit
  index_type buckets = 32, maximum_distance = 128;  ///< of the position bias (§2.1)
  double epsilon = 1e-6;
  bool gated = false;         ///< v1.1: two up projections, one through the function (Shazeer 2020, arXiv:2002.05202)
  bool tied = true;           ///< v1.0: the head is the token table
  bool scales_logits = true;  ///< v1.0: logits are scaled by 1/√width; a head that is not tied never is
  double dropout = 0;         ///< after the embeddings, at the end of each branch and after the last norms, in training
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

inline constexpr t5_config t5_small{}, t5_base{.layers = 12, .width = 768, .heads = 12, .hidden = 3072},
    t5_large{.layers = 24, .width = 1024, .heads = 16, .hidden = 4096},
    t5_3b{.layers = 24, .width = 1024, .heads = 32, .head_width = 128, .hidden = 16384},
    t5_11b{.layers = 24, .width = 1024, .heads = 128, .head_width = 128, .hidden = 65536};
/// Version 1.1 is for `gelu_tanh` (the published configurations' `gated-gelu`).
inline constexpr t5_config t5_v1_1_small{.layers = 8, .heads = 6, .hidden = 1024, .gated = true, .tied = false},
    t5_v1_1_base{.layers = 12, .width = 768, .heads = 12, .hidden = 2048, .gated = true, .tied = false},
    t5_v1_1_large{.layers = 24, .width = 1024, .heads = 16, .hidden = 2816, .gated = true, .tied = false},
    t5_v1_1_xl{.layers = 24, .width = 2048, .heads = 32, .hidden = 5120, .gated = true, .tied = false},
    t5_v1_1_xxl{.layers = 24, .width = 4096, .heads = 64, .hidden = 10240, .gated = true, .tied = false};

namespace detail {

/// The parts of a T5; `Bias` is `bidirectional` in the encoder.
template <t5_config C, class Function> struct t5_parts {
  using norm = rms_norm<epsilon<C.epsilon>>;
  using feed_forward = std::conditional_t<C.gated, gated_feed_forward<C.hidden, Function>,
                                          typeformer::feed_forward<C.hidden, Function, without_bias>>;
  template <class Direction>
  using bias = relative_position_bias<context<C.context>, heads<C.heads>, buckets<C.buckets>,
                                      maximum_distance<C.maximum_distance>, Direction>;
  template <class Direction>
  using attention = self_attention<heads<C.heads>, head_width<C.head_width>, Direction, without_bias, score_scale<1.0>>;
  using cross = cross_attention<heads<C.heads>, head_width<C.head_width>, without_bias, score_scale<1.0>>;
  using tied =
      std::conditional_t<C.scales_logits, scaled_logits<tied_head, 1 / math::sqrt(double(C.width))>, tied_head>;
  using head = std::conditional_t<C.tied, tied, untied_head>;
  static constexpr index_type decoder_layers = C.decoder_layers ? C.decoder_layers : C.layers;
  using encoder_block = pre_norm_block<attention<bidirectional>, feed_forward, norm, C.dropout>;
  using decoder_block = pre_norm_decoder_block<attention<causal>, cross, feed_forward, norm, C.dropout>;
};

/// How a T5's weights are initialized.
template <t5_config C> struct t5_start {
  static constexpr double from(index_type inputs) { return 1 / math::sqrt(double(inputs)); }
  static constexpr initial_values values[] = {{"token_embedding.weight", 1.0},
                                              {"decoder.head.weight", 1.0},
                                              {"*norm.weight", 0, 1},
                                              {"*.query.weight", from(C.width* C.head_width)},
                                              {"*attention.output.weight", from(C.heads* C.head_width)},
                                              {"*.down.weight", from(C.hidden)},
                                              {"*", from(C.width)}};
  static constexpr initialization rules{values, int(std::size(values))};
};

}  // namespace detail

/// T5 (Raffel et al. 2020, arXiv:1910.10683, §2.1): an encoder-decoder with norms before the branches that only rescale
/// (RMSNorm), and a learned bias of distances, 32 of them up to 128, which all layers of a stack share (all §2.1). Of
/// the dropouts there, those at the ends of branches and at both ends of a stack are here. The feed-forward with ReLU
/// is from §3.1.1.
///
/// `Function` is `relu` in version 1.0 and `gelu_tanh` in the gated 1.1 (Shazeer 2020, arXiv:2002.05202). From the
/// published code: no biases, scores that are not scaled, ε, and version 1.0's tied head with logits scaled by
/// 1/√width. Weights are initialized normally with 1/√inputs, queries with 1/√(inputs · head width), the table and an
/// untied head with 1. Tensor names are those of Hugging Face's T5ForConditionalGeneration.
template <t5_config C, class Function = relu, class Parts = detail::t5_parts<C, Function>>
struct t5
    : encoder_decoder<
          token_embedding<vocabulary<C.vocabulary>, width<C.width>>,
          encoder<typename Parts::template bias<bidirectional>, dropout<C.dropout>,
                  repeat<C.layers, checkpoint_if<C.recomputes_blocks, typename Parts::encoder_block>>,
                  named<"final_norm", typename Parts::norm>, dropout<C.dropout>>,
          decoder<typename Parts::template bias<causal>, dropout<C.dropout>,
                  repeat<Parts::decoder_layers, checkpoint_if<C.recomputes_blocks, typename Parts::decoder_block>>,
                  named<"final_norm", typename Parts::norm>, dropout<C.dropout>, typename Parts::head>> {
  static constexpr t5_config config = C;
  static constexpr file_names huggingface =
      detail::t5_file_names(C.gated ? gated_t5_tensors.data() : t5_tensors,
                            C.gated ? gated_t5_tensors.size() : std::size(t5_tensors), C.tied);
  static constexpr initialization initial = detail::t5_start<C>::rules;
};

}  // namespace typeformer
