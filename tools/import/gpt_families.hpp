// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "decoder_parts.hpp"

/// GPT, GPT-2, GPT-3 and GPT-Neo.
namespace importing {

/// The kinds of attention in layers: how many tokens each sees, 0 standing for all.
using windows = std::vector<std::int64_t>;

/// The kinds that an array of texts names, appended.
inline void read_kinds(published_config& config, std::string_view key, const tf::json_node& array, std::int64_t size,
                       windows& kinds) {
  config.tree().for_each_child(array, [&](const tf::json_node& node) {
    const std::string text = config.text_of(node);
    if (text != "\"global\"" && text != "\"local\"")
      config.wrong(key, &array, "texts that are \"global\" or \"local\"");
    kinds.push_back(text == "\"local\"" ? size : 0);
  });
}

inline void check_kinds(published_config& config, std::string_view key, const windows& kinds, std::int64_t layers) {
  if (std::int64_t(kinds.size()) != layers)
    config.fail(config.named(key), "a kind of attention for each of " + std::to_string(layers) + " layers",
                std::to_string(kinds.size()));
}

/// The option of the attention, and the function it may need.
inline layer_text windows_option(const windows& kinds, const std::string& name, std::string& functions) {
  bool alternating = kinds.size() > 1;
  for (std::size_t i = 0; alternating && i < kinds.size(); ++i) alternating = kinds[i] == (i % 2 == 0 ? 0 : kinds[1]);
  if (alternating && kinds[1] > 0)
    return of_library("sliding_windows", of_library("alternating_windows", literal(kinds[1])));
  if (std::ranges::all_of(kinds, [](std::int64_t kind) { return kind == 0; })) return of_library("no_window");
  std::string numbers;
  for (const std::int64_t kind : kinds) numbers += (numbers.empty() ? "" : ", ") + std::to_string(kind);
  functions = "/// How many tokens each layer of " + name + " sees; 0: all.\nconstexpr typeformer::index " + name +
              "_window(typeformer::index layer) {\n  constexpr typeformer::index windows[] = {" + numbers +
              "};\n  return windows[layer];\n}\n\n";
  return of_library("sliding_windows", literal(name + "_window"));
}

inline gpt_numbers gpt2_numbers(published_config& config, std::int64_t context, std::int64_t vocabulary) {
  gpt_numbers n;
  n.width = config.count("n_embd", 768);
  n.heads = config.count("n_head", 12);
  n.layers = config.count("n_layer", 12);
  n.context = config.count("n_positions", context);
  n.vocabulary = config.count("vocab_size", vocabulary);
  n.epsilon = config.number("layer_norm_epsilon", 1e-5);
  n.tied = config.boolean("tie_word_embeddings", true);
  n.hidden = 4 * n.width;
  head_width_of(config, "n_embd", n.width, "n_head", n.heads);
  return n;
}

inline imported_model read_openai_gpt(published_config& config, const import_request& request) {
  config.architecture({"OpenAIGPTLMHeadModel"});
  gpt_numbers n = gpt2_numbers(config, 512, 40478);
  n.function = "typeformer::" +
               std::string(config.choice(
                   "afn", "gelu", {{"gelu", "gelu_tanh"}, {"relu", "relu"}, {"silu", "silu"}, {"swish", "silu"}}));
  imported_model model = gpt_of(n, request, "post_norm_block", {}, true);
  model.family = "GPT";
  model.header = "gpt";
  model.preset = n.fields().with_flag("tied", n.tied).preset("gpt", n.function);
  return model;
}

/// GPT-2; with `gpt3_attention` GPT-3, whose layers see windows.
inline imported_model read_gpt2(published_config& config, const import_request& request) {
  config.architecture({"GPT2LMHeadModel"});
  config.ignore({"reorder_and_upcast_attn"});  // another order of the same products
  gpt_numbers n = gpt2_numbers(config, 1024, 50257);
  n.hidden = config.count("n_inner", n.hidden);
  n.function = function_of(config, "activation_function", "gelu_new");
  const bool scales = config.boolean("scale_attn_weights", true);
  preset_fields fields = n.fields();
  const bool divides = config.boolean("scale_attn_by_inverse_layer_idx", false);
  fields.with_flag("scales_scores", scales).with_flag("scores_over_layer_number", divides).with_flag("tied", n.tied);

  const tf::json_node* const banded = config.find("gpt3_attention");
  std::vector<layer_text> options;
  std::string functions, family = "gpt2", arguments = n.function;
  if (banded != nullptr) {
    if (banded->kind != tf::json_kind::object) config.wrong("gpt3_attention", banded, "an object");
    published_config attention(config.tree(), *banded, "", "gpt3_attention.");
    const std::int64_t size = attention.count("window_size", 256);
    windows kinds;
    const tf::json_node* const layers = attention.find("layers");
    if (layers == nullptr || layers->kind != tf::json_kind::array) attention.wrong("layers", layers, "an array");
    else read_kinds(attention, "layers", *layers, size, kinds);
    check_kinds(attention, "layers", kinds, n.layers);
    attention.require_all_asked();
    if (attention.failed()) config.fail(attention.error().problem, attention.error().expected, attention.error().found);
    options.push_back(windows_option(kinds, request.name, functions));
    options.push_back(of_library(
        "score_scale",
        literal(scales ? "1 / typeformer::math::sqrt(" + std::to_string(n.width / n.heads) + ".0)" : "1.0")));
    family = "gpt3";
    arguments += ", " + options[0].on_one_line();
  } else if (!scales) {
    options.push_back(of_library("score_scale", literal("1.0")));
  }
  if (divides) options.push_back(of_library("scores_over_layer_number"));
  imported_model model = gpt_of(n, request, "pre_norm_block", std::move(options), true);
  model.family = banded != nullptr ? "GPT-3" : "GPT-2";
  model.header = banded != nullptr ? "gpt3" : "gpt2";
  model.functions = std::move(functions);
  model.preset = fields.preset(family, arguments);
  model.has_initial_values = true;
  return model;
}

/// GPT-Neo's kinds come as groups that repeat: [[["global", "local"], 12]].
inline windows read_attention_types(published_config& config, std::int64_t size, std::int64_t layers) {
  constexpr std::string_view key = "attention_types";
  windows kinds;
  const tf::json_node* const types = config.find(key);
  if (types == nullptr) {
    for (std::int64_t i = 0; i < 24; ++i) kinds.push_back(i % 2 == 0 ? 0 : size);
    return kinds;
  }
  const auto malformed = [&] { config.wrong(key, types, "an array of [array of kinds, how often]"); };
  if (types->kind != tf::json_kind::array) return malformed(), kinds;
  config.tree().for_each_child(*types, [&](const tf::json_node& pair) {
    const tf::json_node *group = nullptr, *times = nullptr, *more = nullptr;
    if (pair.kind == tf::json_kind::array)
      config.tree().for_each_child(pair, [&](const tf::json_node& part) {
        (group == nullptr ? group : times == nullptr ? times : more) = &part;
      });
    if (times == nullptr || more != nullptr || group->kind != tf::json_kind::array ||
        times->kind != tf::json_kind::integer || times->integer < 0)
      return malformed();
    windows once;
    read_kinds(config, key, *group, size, once);
    for (std::int64_t i = 0; i < times->integer && !once.empty() && std::int64_t(kinds.size()) <= layers; ++i)
      kinds.insert(kinds.end(), once.begin(), once.end());
  });
  return kinds;
}

inline imported_model read_gpt_neo(published_config& config, const import_request& request) {
  config.architecture({"GPTNeoForCausalLM"});
  gpt_numbers n;
  n.width = config.count("hidden_size", 2048);
  n.heads = config.count("num_heads", 16);
  n.layers = config.count("num_layers", 24);
  n.hidden = config.count("intermediate_size", 4 * n.width);
  n.vocabulary = config.count("vocab_size", 50257);
  n.context = config.count("max_position_embeddings", 2048);
  n.epsilon = config.number("layer_norm_epsilon", 1e-5);
  n.tied = config.boolean("tie_word_embeddings", true);
  n.function = function_of(config, "activation_function", "gelu_new");
  head_width_of(config, "hidden_size", n.width, "num_heads", n.heads);

  const std::int64_t size = config.count("window_size", 256);
  const windows kinds = read_attention_types(config, size, n.layers);
  check_kinds(config, "attention_types", kinds, n.layers);
  if (const tf::json_node* const layers = config.find("attention_layers")) {  // the same once more, written out
    windows repeated;
    if (layers->kind == tf::json_kind::array) read_kinds(config, "attention_layers", *layers, size, repeated);
    if (repeated != kinds) config.unsupported("attention_layers", "what attention_types says");
  }
  std::string functions;
  const layer_text option = windows_option(kinds, request.name, functions);
  imported_model model =
      gpt_of(n, request, "pre_norm_block",
             {option, of_library("score_scale", literal("1.0")), of_library("without_query_key_value_bias")}, false);
  model.family = "GPT-Neo";
  model.header = "gpt_neo";
  model.functions = std::move(functions);
  model.preset = n.fields().with_flag("tied", n.tied).preset("gpt_neo", n.function + ", " + option.on_one_line());
  return model;
}

}  // namespace importing
