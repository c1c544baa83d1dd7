// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>
#include <iterator>

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/checkpoint.hpp>
#include <typeformer/composition/encoder_only.hpp>
#include <typeformer/composition/repeat.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/dropout.hpp>
#include <typeformer/layers/final_norm.hpp>
#include <typeformer/layers/token_embedding.hpp>
#include <typeformer/models/encoder_names.hpp>
#include <typeformer/models/t5.hpp>
#include <typeformer/parameters/file_names.hpp>
#include <typeformer/parameters/initialize.hpp>

namespace typeformer {

using t5_encoder_config = t5_config;

inline constexpr file_tensor_rule t5_encoder_tensors[] = {
    {.file = "shared.", .leaves = {"token_embedding."}},
    {.file = "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.", .leaves = {"position_bias."}},
    {.file = "encoder.block.*.layer.0.SelfAttention.q.", .leaves = {"blocks.*.attention.query."}},
    {.file = "encoder.block.*.layer.0.SelfAttention.k.", .leaves = {"blocks.*.attention.key."}},
    {.file = "encoder.block.*.layer.0.SelfAttention.v.", .leaves = {"blocks.*.attention.value."}},
    {.file = "encoder.block.*.layer.0.SelfAttention.o.", .leaves = {"blocks.*.attention.output."}},
    {.file = "encoder.block.*.layer.0.layer_norm.", .leaves = {"blocks.*.attention_norm."}},
    where_present({.file = "encoder.block.*.layer.1.DenseReluDense.wi_0.", .leaves = {"blocks.*.feed_forward.gate."}}),
    {.file = "encoder.block.*.layer.1.DenseReluDense.wo.", .leaves = {"blocks.*.feed_forward.down."}},
    {.file = "encoder.block.*.layer.1.layer_norm.", .leaves = {"blocks.*.feed_forward_norm."}},
    {.file = "encoder.final_layer_norm.", .leaves = {"final_norm."}},
};
inline constexpr file_tensor_rule t5_encoder_up_tensors[] = {
    {.file = "encoder.block.*.layer.1.DenseReluDense.wi.", .leaves = {"blocks.*.feed_forward.up."}}};
inline constexpr file_tensor_rule t5_encoder_gated_up_tensors[] = {
    {.file = "encoder.block.*.layer.1.DenseReluDense.wi_1.", .leaves = {"blocks.*.feed_forward.up."}}};

/// The encoder of a T5 alone (Raffel et al. 2020, arXiv:1910.10683, §2.1), and the layers after it, if there are any.
/// The decoder's numbers of the configuration mean nothing. Tensor names are those of Hugging Face's T5EncoderModel.
template <t5_config C, class Function = relu, class... Heads>
struct t5_encoder
    : encoder_only<
          token_embedding<vocabulary<C.vocabulary>, width<C.width>>,
          typename detail::t5_parts<C, Function>::template bias<bidirectional>, dropout<C.dropout>,
          repeat<C.layers,
                 checkpoint_if<C.recomputes_blocks,
                               pre_norm_block<typename detail::t5_parts<C, Function>::template attention<bidirectional>,
                                              typename detail::t5_parts<C, Function>::feed_forward,
                                              typename detail::t5_parts<C, Function>::norm, C.dropout>>>,
          final_norm<typename detail::t5_parts<C, Function>::norm>, dropout<C.dropout>, Heads...> {
  static constexpr t5_config config = C;

 private:
  static constexpr auto rules =
      joined_rules(t5_encoder_tensors, C.gated ? t5_encoder_gated_up_tensors : t5_encoder_up_tensors);

 public:
  static constexpr file_names huggingface{rules.data(), int(rules.size()),
                                          "",           {"encoder.embed_tokens.weight"},
                                          {},           {{{"shared.weight", "encoder.embed_tokens.weight"}}}};
  static constexpr initialization initial = t5<C, Function>::initial;
};

}  // namespace typeformer
