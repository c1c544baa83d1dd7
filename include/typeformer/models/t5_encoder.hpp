// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>
#include <cstddef>
#include <string_view>

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
#include <typeformer/models/umt5.hpp>
#include <typeformer/parameters/file_names.hpp>
#include <typeformer/parameters/initialize.hpp>

namespace typeformer {

using t5_encoder_config = t5_config;
using umt5_encoder_config = umt5_config;

namespace detail {

constexpr bool is_of_t5_encoder(const file_tensor_rule& rule) {
  const std::string_view file = rule.file;
  return file.starts_with("encoder.") || file.starts_with("shared.");
}
template <const auto& Rules>
inline constexpr std::size_t t5_encoder_rule_count = [] {
  std::size_t count = 0;
  for (const file_tensor_rule& rule : Rules) count += is_of_t5_encoder(rule);
  return count;
}();
/// The rules of a model's encoder, which is no part of another model here: its leaves have no "encoder." before them.
template <const auto& Rules>
inline constexpr auto t5_encoder_rules = [] {
  constexpr std::string_view part = "encoder.";
  std::array<file_tensor_rule, t5_encoder_rule_count<Rules>> rules{};
  std::size_t count = 0;
  for (file_tensor_rule rule : Rules) {
    if (!is_of_t5_encoder(rule)) continue;
    if (std::string_view(rule.leaves[0]).starts_with(part)) rule.leaves[0] += part.size();
    rules[count++] = rule;
  }
  return rules;
}();
template <const auto& Rules> constexpr file_names t5_encoder_file_names() {
  return {t5_encoder_rules<Rules>.data(),
          int(t5_encoder_rules<Rules>.size()),
          "",
          {"encoder.embed_tokens.weight"},
          {},
          {{{"shared.weight", "encoder.embed_tokens.weight"}}}};
}

}  // namespace detail

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
