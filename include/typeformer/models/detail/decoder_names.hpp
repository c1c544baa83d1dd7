// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>

#include <typeformer/parameters/file_names.hpp>

/// Tables of names that several families of decoders share: those of Llama in Hugging Face's files, part by part.
namespace typeformer::detail {

inline constexpr std::array llama_stack_names{
    file_tensor_rule{"model.embed_tokens.weight", file_layout::as_is, {"token_embedding.weight"}},
    where_present({"model.norm.", file_layout::as_is, {"final_norm."}}),
    where_present({"lm_head.", file_layout::as_is, {"head."}}),
};
inline constexpr std::array llama_attention_names{
    file_tensor_rule{"model.layers.*.self_attn.q_proj.", file_layout::as_is, {"blocks.*.attention.query."}},
    file_tensor_rule{"model.layers.*.self_attn.k_proj.", file_layout::as_is, {"blocks.*.attention.key."}},
    file_tensor_rule{"model.layers.*.self_attn.v_proj.", file_layout::as_is, {"blocks.*.attention.value."}},
    file_tensor_rule{"model.layers.*.self_attn.o_proj.", file_layout::as_is, {"blocks.*.attention.output."}},
};
inline constexpr std::array llama_query_key_norm_names{
    where_present({"model.layers.*.self_attn.q_norm.", file_layout::as_is, {"blocks.*.attention.query_norm."}}),
    where_present({"model.layers.*.self_attn.k_norm.", file_layout::as_is, {"blocks.*.attention.key_norm."}}),
};
/// Norms before the branches. Parallel branches read the first one.
inline constexpr std::array llama_norm_names{
    where_present({"model.layers.*.input_layernorm.", file_layout::as_is, {"blocks.*.attention_norm."}}),
    where_present({"model.layers.*.input_layernorm.", file_layout::as_is, {"blocks.*.norm."}}),
    where_present({"model.layers.*.post_attention_layernorm.", file_layout::as_is, {"blocks.*.feed_forward_norm."}}),
};
/// Norms after the branches, and those before them.
inline constexpr std::array output_norm_names{
    where_present({"model.layers.*.input_layernorm.", file_layout::as_is, {"blocks.*.attention_norm."}}),
    file_tensor_rule{
        "model.layers.*.post_attention_layernorm.", file_layout::as_is, {"blocks.*.attention_output_norm."}},
    where_present({"model.layers.*.pre_feedforward_layernorm.", file_layout::as_is, {"blocks.*.feed_forward_norm."}}),
    file_tensor_rule{
        "model.layers.*.post_feedforward_layernorm.", file_layout::as_is, {"blocks.*.feed_forward_output_norm."}},
};
inline constexpr std::array llama_feed_forward_names{
    where_present({"model.layers.*.mlp.gate_proj.", file_layout::as_is, {"blocks.*.feed_forward.gate."}}),
    file_tensor_rule{"model.layers.*.mlp.up_proj.", file_layout::as_is, {"blocks.*.feed_forward.up."}},
    file_tensor_rule{"model.layers.*.mlp.down_proj.", file_layout::as_is, {"blocks.*.feed_forward.down."}},
};
/// Gate and value in one tensor.
inline constexpr std::array fused_gate_names{
    file_tensor_rule{"model.layers.*.mlp.gate_up_proj.",
                     file_layout::as_is,
                     {"blocks.*.feed_forward.gate.", "blocks.*.feed_forward.up."}},
    file_tensor_rule{"model.layers.*.mlp.down_proj.", file_layout::as_is, {"blocks.*.feed_forward.down."}},
};

template <std::size_t... N>
constexpr std::array<file_tensor_rule, (N + ...)> joined_tables(const std::array<file_tensor_rule, N>&... tables) {
  std::array<file_tensor_rule, (N + ...)> all{};
  std::size_t n = 0;
  const auto append = [&](const auto& table) {
    for (const file_tensor_rule& rule : table) all[n++] = rule;
  };
  (append(tables), ...);
  return all;
}

/// All of Llama's, which many families have.
inline constexpr auto llama_names = joined_tables(llama_stack_names, llama_attention_names, llama_query_key_norm_names,
                                                  llama_norm_names, llama_feed_forward_names);
/// Those of families with norms after the branches.
inline constexpr auto output_norm_stack_names = joined_tables(
    llama_stack_names, llama_attention_names, llama_query_key_norm_names, output_norm_names, llama_feed_forward_names);

/// Those of a decoder whose files may omit `prefix`, and may hold a tied head again.
template <std::size_t N>
constexpr file_names names_of_decoder(const std::array<file_tensor_rule, N>& rules, bool is_tied,
                                      const char* prefix = "model.", const char* head = "lm_head.weight") {
  file_names names{rules.data(), int(N), prefix};
  names.ignored = {"model.layers.*.self_attn.rotary_emb.inv_freq", "model.rotary_emb.inv_freq"};
  if (is_tied) names.copy_of_the_table = {head, "token_embedding.weight"};
  return names;
}

}  // namespace typeformer::detail
