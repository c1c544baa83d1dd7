// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <cstddef>
#include <type_traits>

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/checkpoint.hpp>
#include <typeformer/composition/encoder_decoder.hpp>
#include <typeformer/composition/named.hpp>
#include <typeformer/composition/repeat.hpp>
#include <typeformer/composition/sequential.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/dropout.hpp>
#include <typeformer/layers/token_embedding.hpp>
#include <typeformer/models/t5.hpp>
#include <typeformer/models/t5_files.hpp>
#include <typeformer/parameters/file_names.hpp>
#include <typeformer/parameters/initialize.hpp>

namespace typeformer {

/// The numbers of a umT5 are those of a T5.
using umt5_config = t5_config;

inline constexpr umt5_config umt5_small{
    .layers = 8, .heads = 6, .hidden = 1024, .vocabulary = 256384, .gated = true, .tied = false},
    umt5_base{.layers = 12, .width = 768, .heads = 12, .vocabulary = 256384, .gated = true, .tied = false};

namespace detail {

/// Each block has a bias of its own; a checkpoint keeps the block's input and makes the bias again.
template <t5_config C, class Bias, class Block>
using umt5_block = checkpoint_if<C.recomputes_blocks, sequential<Bias, Block>>;

}  // namespace detail

/// umT5 (Chung et al. 2023, arXiv:2304.09151): an mT5 whose attentions have a bias of distances in every layer, not one
/// that the layers of a stack share (Hugging Face's published code).
///
/// Tensor names are those of Hugging Face's UMT5ForConditionalGeneration.
template <umt5_config C, class Function = gelu_tanh, class Parts = detail::t5_parts<C, Function>>
struct umt5
    : encoder_decoder<token_embedding<vocabulary<C.vocabulary>, width<C.width>>,
                      encoder<dropout<C.dropout>,
                              repeat<C.layers, detail::umt5_block<C, typename Parts::template bias<bidirectional>,
                                                                  typename Parts::encoder_block>>,
                              named<"final_norm", typename Parts::norm>, dropout<C.dropout>>,
                      decoder<dropout<C.dropout>,
                              repeat<Parts::decoder_layers, detail::umt5_block<C, typename Parts::template bias<causal>,
                                                                               typename Parts::decoder_block>>,
                              named<"final_norm", typename Parts::norm>, dropout<C.dropout>, typename Parts::head>> {
  static constexpr umt5_config config = C;
  static constexpr file_names huggingface =
      detail::t5_file_names(C.gated ? gated_umt5_tensors.data() : umt5_tensors.data(),
                            C.gated ? gated_umt5_tensors.size() : umt5_tensors.size(), C.tied);
  static constexpr initialization initial = detail::t5_start<C>::rules;
};

}  // namespace typeformer
