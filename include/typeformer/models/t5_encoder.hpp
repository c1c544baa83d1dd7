// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/checkpoint.hpp>
#include <typeformer/composition/encoder_only.hpp>
#include <typeformer/composition/repeat.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/dropout.hpp>
#include <typeformer/layers/final_norm.hpp>
#include <typeformer/layers/token_embedding.hpp>
#include <typeformer/models/t5.hpp>
#include <typeformer/models/t5_files.hpp>
#include <typeformer/parameters/file_names.hpp>
#include <typeformer/parameters/initialize.hpp>

namespace typeformer {

using t5_encoder_config = t5_config;

/// The encoder of a T5 alone (Raffel et al. 2020, arXiv:1910.10683, §2.1), and the layers after it, if there are any.
/// The decoder's numbers of the configuration mean nothing. Tensor names are those of Hugging Face's T5EncoderModel.
template <t5_config C, class Function = relu, class... Heads>
struct t5_encoder
    : encoder_only<
          token_embedding<vocabulary<C.vocabulary>, width<C.width>>,
          typename detail::t5_parts<C, Function>::template bias<bidirectional>, dropout<C.dropout>,
          repeat<C.layers, checkpoint_if<C.recomputes_blocks, typename detail::t5_parts<C, Function>::encoder_block>>,
          final_norm<typename detail::t5_parts<C, Function>::norm>, dropout<C.dropout>, Heads...> {
  static constexpr t5_config config = C;
  static constexpr file_names huggingface =
      C.gated ? detail::t5_encoder_file_names<gated_t5_tensors>() : detail::t5_encoder_file_names<t5_tensors>();
  static constexpr initialization initial = detail::t5_start<C>::rules;
};

}  // namespace typeformer
