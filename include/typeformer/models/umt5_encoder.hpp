// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/encoder_only.hpp>
#include <typeformer/composition/repeat.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/dropout.hpp>
#include <typeformer/layers/final_norm.hpp>
#include <typeformer/layers/token_embedding.hpp>
#include <typeformer/models/t5.hpp>
#include <typeformer/models/t5_files.hpp>
#include <typeformer/models/umt5.hpp>
#include <typeformer/parameters/file_names.hpp>
#include <typeformer/parameters/initialize.hpp>

namespace typeformer {

using umt5_encoder_config = umt5_config;

/// The encoder of a `umt5` alone, as `t5_encoder`. Tensor names are those of Hugging Face's UMT5EncoderModel.
template <umt5_config C, class Function = gelu_tanh, class... Heads>
struct umt5_encoder
    : encoder_only<
          token_embedding<vocabulary<C.vocabulary>, width<C.width>>, dropout<C.dropout>,
          repeat<C.layers, detail::umt5_block<C, typename detail::t5_parts<C, Function>::template bias<bidirectional>,
                                              typename detail::t5_parts<C, Function>::encoder_block>>,
          final_norm<typename detail::t5_parts<C, Function>::norm>, dropout<C.dropout>, Heads...> {
  static constexpr umt5_config config = C;
  static constexpr file_names huggingface =
      C.gated ? detail::t5_encoder_file_names<gated_umt5_tensors>() : detail::t5_encoder_file_names<umt5_tensors>();
  static constexpr initialization initial = detail::t5_start<C>::rules;
};

}  // namespace typeformer
