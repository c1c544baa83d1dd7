// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/foundation/result.hpp>

#include "decoder_families.hpp"
#include "encoder_families.hpp"

namespace importing {

inline constexpr family families[] = {
    {"openai-gpt", "GPT", "gpt", model_kind::decoder, {"OpenAIGPTLMHeadModel"}, gpt_keys},
    {"gpt2", "GPT-2", "gpt2", model_kind::decoder, {"GPT2LMHeadModel"}, gpt2_keys},
    {"gpt_neo", "GPT-Neo", "gpt_neo", model_kind::decoder, {"GPTNeoForCausalLM"}, gpt_neo_keys},
    {"llama", "Llama", "llama", model_kind::decoder, {"LlamaForCausalLM"}, llama_keys},
    {"palm", "PaLM", "palm", model_kind::decoder, {"palm"}, palm_keys},
    {"gopher", "Gopher", "gopher", model_kind::decoder, {"gopher"}, gopher_keys},
    {"bert", "BERT", "bert", model_kind::encoder, {"BertForPreTraining", "BertForMaskedLM"}, bert_keys},
    {"roberta", "RoBERTa", "roberta", model_kind::encoder, {"RobertaForMaskedLM"}, roberta_keys},
    {"albert", "ALBERT", "albert", model_kind::encoder, {"AlbertForPreTraining", "AlbertForMaskedLM"}, albert_keys},
    {"t5", "T5", "t5", model_kind::encoder_decoder, {"T5ForConditionalGeneration", "T5WithLMHeadModel"}, t5_keys}};

/// The family that `model_type` names; null, and an error, if there is none.
inline const family* family_of(published_config& config) {
  const tf::json_node* const type = config.find("model_type");
  std::string known;
  for (const family& one : families) {
    if (config.text("model_type", "") == one.model_type) return &one;
    known.append(known.empty() ? "one of \"" : ", \"").append(one.model_type).append("\"");
  }
  config.wrong("model_type", type, known);
  return nullptr;
}

/// Whether some count of the model, which is a product of a few of its numbers, may need more than 63 bits, so that no
/// compiler could finish it.
inline bool is_beyond_counting(const model_reader& read) {
  std::vector<double> numbers(3, 1.0);
  for (const auto& [member, value] : read.model.members) numbers.push_back(double(read.value_of(member)));
  std::ranges::partial_sort(numbers, numbers.begin() + 3, std::greater<>{});
  return 16 * numbers[0] * numbers[1] * numbers[2] >= 0x1p63;
}

/// The model that a config.json describes. Errors give `file` as its name.
///
/// Errors: not a JSON object of limited size, an unknown family, a key that is missing, of a wrong type or value, or
/// not supported, two spellings with different values, more context than the model has, counts beyond 63 bits.
inline tf::result<imported_model, tf::file_error> read_model(std::string_view json, const std::string& file,
                                                             const import_request& request) {
  const auto tree = tf::parse_json_tree(json, file);
  if (!tree) return tf::failure{tree.error()};
  const tf::json_node& root = tree->nodes.front();
  if (root.kind != tf::json_kind::object)
    return tf::failure{tf::file_error{file, {}, "invalid JSON", "an object", name_of(root.kind)}};

  published_config config(*tree, file);
  const family* const found = family_of(config);
  if (found == nullptr) return tf::failure{config.error()};
  config.require_one_value_of_each();
  model_reader reader(*found, config, request);
  const imported_model model = reader.read();
  for (const auto& [key, value] : values_of_every_family)
    if (!config.was_asked(key)) config.only(key, value);
  config.require_all_asked({}, request.searches_are_published);
  if (request.context > model.context)
    config.fail("a context of " + std::to_string(request.context) + " tokens is asked for",
                "no more than the model's " + std::to_string(model.context));
  if (is_beyond_counting(reader)) config.fail("the model is too large: its bytes or operations need more than 63 bits");
  if (config.failed()) return tf::failure{config.error()};
  return model;
}

}  // namespace importing
