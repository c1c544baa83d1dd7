// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>
#include <string_view>

#include <typeformer/foundation/result.hpp>

#include "encoder_families.hpp"
#include "gopher_family.hpp"
#include "gpt_families.hpp"
#include "rotary_families.hpp"
#include "t5_family.hpp"

namespace importing {

/// The model that a config.json describes; `file` stands for it in errors.
///
/// Errors: no JSON object of limited size, an unknown family, a key that is missing, of a wrong type or value, or not
/// supported, two spellings with different values, more context than the model has, counts beyond 63 bits.
inline tf::result<imported_model, tf::file_error> read_model(std::string_view json, const std::string& file,
                                                             const import_request& request) {
  const auto tree = tf::parse_json_tree(json, file);
  if (!tree) return tf::failure{tree.error()};
  const tf::json_node& root = tree->nodes.front();
  if (root.kind != tf::json_kind::object)
    return tf::failure{tf::file_error{file, {}, "invalid JSON", "an object", name_of(root.kind)}};

  struct family {
    std::string_view model_type;
    imported_model (*read)(published_config&, const import_request&);
  };
  constexpr family families[] = {{"openai-gpt", read_openai_gpt},
                                 {"gpt2", read_gpt2},
                                 {"gpt_neo", read_gpt_neo},
                                 {"llama", read_llama},
                                 {"palm", read_palm},
                                 {"gopher", read_gopher},
                                 {"bert", read_bert},
                                 {"roberta", read_roberta},
                                 {"albert", read_albert},
                                 {"t5", read_t5}};
  published_config config(*tree, root, file);
  const tf::json_node* const type = config.find("model_type");
  const std::string name = type == nullptr ? "" : config.text_of(*type);
  const family* found = nullptr;
  std::string known;
  for (const family& one : families) {
    const std::string quoted = "\"" + std::string(one.model_type) + "\"";
    if (quoted == name) found = &one;
    known += (known.empty() ? "one of " : ", ") + quoted;
  }
  if (found == nullptr) {
    config.wrong("model_type", type, known);
    return tf::failure{config.error()};
  }
  config.require_one_value_of_each();
  imported_model model = found->read(config, request);
  for (const std::string_view key : {"is_decoder", "is_encoder_decoder", "add_cross_attention", "tie_encoder_decoder"})
    if (!config.was_asked(key)) config.only(key, false);
  if (!config.was_asked("pruned_heads")) config.only_empty("pruned_heads");
  config.require_all_asked();
  if (request.context > model.context)
    config.fail("a context of " + std::to_string(request.context) + " tokens is asked for",
                "no more than the model's " + std::to_string(model.context));
  tally floats;
  floats.add(model.state, 4 * request.batch);
  floats.add(model.costs.parameters, 4);
  if (model.costs.overflowed() || floats.overflowed())
    config.fail("the model is too large: its bytes or operations need more than 63 bits");
  if (config.failed()) return tf::failure{config.error()};
  return model;
}

}  // namespace importing
