// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>
#include <string_view>

#include "window_readings.hpp"

/// How rows of single families of decoders are read.
namespace importing {

/// A key that changes nothing that the family computes, by its name or by any spelling of its meaning.
inline void ignored(model_reader& r, const row& of) {
  for (const std::string_view key : keys_of(of.name)) r.config.ignore(key);
}
/// What every object that transformers writes has.
inline void ignored_in_object(model_reader& r, const row& of) {
  const tf::json_node* const node = r.config.tree().find(of.name);
  if (node == nullptr) return;
  r.config.tree().for_each_child(*node, [&](const tf::json_node& one) {
    const std::string_view key = r.config.tree().texts.view(one.key);
    if (key == "model_type" || key == "is_encoder_decoder" || is_without_effect(key, false))
      r.config.ignore(std::string(of.name) + "." + std::string(key));
  });
}

/// The width of a head, unless it is the model's divided by the number of heads.
inline void own_head_width(model_reader& r, const row& of) {
  const std::string given = r.config.value(of.name, of.otherwise);
  const std::int64_t width = r.value_of("width"), heads = r.value_of("heads");
  if (!given.empty() && (heads == 0 || width % heads != 0 || whole(given) != width / heads)) r.set(of.name, given);
}

/// Heads of keys and values. Null means as many as of queries; without a default, so does absence.
inline void key_value_heads(model_reader& r, const row& of) {
  const bool are_all = r.is_null(of.name) || of.otherwise.empty();
  r.set(of.name, r.config.value(of.name, are_all ? r.text_of("heads") : std::string(of.otherwise)));
}
/// One head of keys and values, or as many as of queries.
inline void multi_query(model_reader& r, const row& of) {
  const bool has_one = r.flag_of("multi_query", true);
  r.set(of.name, has_one ? "1" : r.text_of("heads"));
  if (!r.is_null(of.name) && r.config.value(of.name, r.text_of(of.name)) != r.text_of(of.name))
    r.config.unsupported(of.name, r.text_of(of.name) + ", as multi_query says");
}

/// A number that null turns off, as 0.
inline void number_or_none(model_reader& r, const row& of) {
  r.set(of.name, r.is_null(of.name) ? "0.0" : r.config.value(of.name, of.otherwise));
}

/// In published files of Gemma "gelu" is the one by tanh.
inline void function_of_gemma(model_reader& r, const row& of) {
  const auto named = [&](std::string_view key, const std::string& otherwise) {
    const std::string name = r.config.text(key, otherwise);
    return name == "gelu" ? "gelu_pytorch_tanh" : name;
  };
  const std::string name = named("hidden_activation", named(of.name, std::string(of.otherwise)));
  if (named(of.name, name) != name) r.config.unsupported(of.name, "what hidden_activation says");
  r.set_argument(r.config.function(of.name, name, activations));
}

/// The width of the token table, if it is not the stream's.
inline void table_width(model_reader& r, const row& of) {
  const std::string given = r.config.value("word_embed_proj_dim", r.text_of("width"));
  if (given != r.text_of("width")) r.set(of.name, given);
}
inline void unless(model_reader& r, const row& of) {
  r.set(of.name, r.flag_of(of.otherwise, false) ? "false" : "true");
}

/// Falcon's newer models have groups of queries; the older ones one head of keys and values, or as many as of queries.
inline void falcon_key_value_heads(model_reader& r, const row& of) {
  const bool is_new = r.flag_of("new_decoder_architecture", false), has_one = r.flag_of("multi_query", true);
  const std::string all = r.text_of("heads"), given = r.config.value(of.name, all);
  if (!is_new && !has_one && given != all) r.config.unsupported(of.name, all + ", without multi_query");
  r.set(of.name, is_new ? given : has_one ? "1" : all);
}
/// Norms before parallel branches; 0: the branches are in sequence.
inline void falcon_norms(model_reader& r, const row& of) {
  const bool is_new = r.flag_of("new_decoder_architecture", false), is_parallel = r.flag_of("parallel_attn", true);
  if (is_new && !is_parallel) r.config.unsupported("parallel_attn", "true, with new_decoder_architecture");
  const std::string norms = r.config.text("num_ln_in_parallel_attn", is_new ? "2" : "1");
  if (is_parallel && norms != "1" && (norms != "2" || !is_new))
    r.config.unsupported("num_ln_in_parallel_attn", is_new ? "1 or 2" : "1");
  r.set(of.name, is_parallel ? norms : "0");
}

/// MPT's norms are LayerNorms, whatever precision they are computed in.
inline void layer_norms(model_reader& r, const row& of) {
  const std::string type = r.config.text(of.name, of.otherwise);
  if (type != "layernorm" && type != "low_precision_layernorm")
    r.config.unsupported(of.name, "\"layernorm\" or \"low_precision_layernorm\"");
}

}  // namespace importing
