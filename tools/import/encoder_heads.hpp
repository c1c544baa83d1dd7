// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "readings.hpp"

/// How the architecture of an encoder becomes the last layers of its preset.
namespace importing {

/// The number of classes: as many as id2label has, or else `num_labels`; 2 where a file says neither.
inline std::int64_t classes_of(model_reader& r) {
  const tf::json_tree& tree = r.config.tree();
  const tf::json_node *const labels = tree.find("id2label"), *const given = tree.find("num_labels");
  std::int64_t classes = 2;
  if (given != nullptr && given->kind != tf::json_kind::null) {
    if (!is_count(*given)) r.config.wrong("num_labels", count.expected);
    classes = given->integer;
  }
  if (labels != nullptr && labels->kind == tf::json_kind::object) {
    classes = 0;
    tree.for_each_child(*labels, [&](const tf::json_node&) { ++classes; });
    r.require(classes > 0, "key \"id2label\"", "a name for each class", classes);
  }
  return classes;
}

/// The layers of the heads of a family, each without `typeformer::` before it; none: the architecture has no layers of
/// its own there.
struct head_layers {
  std::vector<std::string> body{};       ///< after the stack alone
  std::string masked_tokens{};           ///< of ForMaskedLM
  std::vector<std::string> pooling{};    ///< before the classifier of sequences
  std::vector<std::string> transform{};  ///< before the classifier of tokens, and before the answers
};

/// Adds the layers of the file's architecture.
inline void add_head(model_reader& r, const head_layers& of) {
  const std::string_view name = r.architecture();
  const auto add = [&](const std::vector<std::string>& layers) {
    for (const std::string& layer : layers) r.set_argument(layer);
  };
  const auto add_classifier = [&] { r.set_argument("classifier<" + std::to_string(classes_of(r)) + ">"); };
  if (name.ends_with("ForMaskedLM")) {
    add({of.masked_tokens});
  } else if (name.ends_with("ForSequenceClassification")) {
    add(of.pooling);
    add_classifier();
  } else if (name.ends_with("ForTokenClassification")) {
    add(of.transform);
    add_classifier();
  } else if (name.ends_with("ForQuestionAnswering")) {
    r.require(classes_of(r) == 2, "key \"id2label\"", "2 classes: where an answer begins, and where it ends",
              classes_of(r));
    add(of.transform);
    add({"answer_span_head"});
  } else if (name.ends_with("Model") && r.asked.head.empty() && r.asked.has_pooler) {
    add(of.body);
  }
}

/// The norm of a head, with the members of the model.
inline std::string norm_of(model_reader& r, const std::string& bias = {}) {
  const std::string epsilon = r.has("epsilon") ? r.text_of("epsilon") : "1e-12";
  return "typeformer::layer_norm<typeformer::epsilon<" + epsilon + ">" + bias + ">";
}
inline std::string masked_tokens_with(model_reader& r, const std::string& function, const std::string& norm,
                                      const std::string& options = {}) {
  const bool is_tied = r.text_of("tied") != "false";
  return "masked_lm_head<typeformer::" + function + ", " + norm +
         ", typeformer::" + (is_tied ? "tied_head" : "untied_head") + options + ">";
}
inline std::string pooler_with(const std::string& function) {
  return "first_token_pooler<typeformer::" + function + ">";
}
/// The function of the stack, which is the preset's first argument.
inline std::string function_of_stack(const model_reader& r) {
  constexpr std::string_view library = "typeformer::";
  return r.model.arguments.empty() ? std::string() : r.model.arguments.front().substr(library.size());
}
inline const std::string pooled_beside_tokens = "with_pooled<typeformer::first_token_pooler<>>";

/// BERT and ALBERT, whose presets are those of pre-training.
inline void head_of_pretrained(model_reader& r, const row&) {
  const std::string_view name = r.architecture();
  if (name.ends_with("ForPreTraining") || name.ends_with("ForMaskedLM"))
    return r.set("classifies_pairs", name.ends_with("ForPreTraining") ? "true" : "false");
  r.model.variant = r.model.preset == "bert" ? "bert_body" : "albert_body";
}
inline void layers_of_pretrained(model_reader& r, const row&) {
  if (!r.model.variant.empty()) add_head(r, {.body = {pooled_beside_tokens}, .pooling = {"first_token_pooler<>"}});
}
/// RoBERTa and XLM-RoBERTa, whose preset is that of masked tokens.
inline void layers_of_roberta(model_reader& r, const row&) {
  if (r.architecture().ends_with("ForMaskedLM")) return;
  r.model.variant = "roberta_body";
  add_head(r, {.body = {pooled_beside_tokens}, .pooling = {"first_token_pooler<>"}});
}
inline void layers_of_distilbert(model_reader& r, const row&) {
  add_head(
      r, {.masked_tokens = masked_tokens_with(r, function_of_stack(r), norm_of(r)), .pooling = {pooler_with("relu")}});
}
inline void layers_of_electra(model_reader& r, const row&) {
  const std::string function = function_of_stack(r);
  if (r.architecture().ends_with("ForPreTraining")) {
    r.set_argument("dense_transform<typeformer::" + function + ">");
    return r.set_argument("classifier<1>");
  }
  add_head(r, {.masked_tokens = masked_tokens_with(r, "gelu_erf", norm_of(r)), .pooling = {pooler_with("gelu_erf")}});
}
/// MPNet and ESM.
inline void layers_of_mpnet(model_reader& r, const row&) {
  add_head(r, {.body = {pooled_beside_tokens},
               .masked_tokens = masked_tokens_with(r, "gelu_erf", norm_of(r)),
               .pooling = {"first_token_pooler<>"}});
}
inline void layers_of_roformer(model_reader& r, const row&) {
  const std::string function = function_of_stack(r);
  add_head(r, {.masked_tokens = masked_tokens_with(r, function, norm_of(r)), .pooling = {pooler_with(function)}});
}
inline void layers_of_deberta(model_reader& r, const row&) {
  const std::string function =
      r.config.function("pooler_hidden_act", r.config.text("pooler_hidden_act", "gelu"), activations);
  add_head(r, {.masked_tokens = masked_tokens_with(r, function_of_stack(r), norm_of(r)),
               .pooling = {pooler_with(function)}});
}
/// ModernBERT's heads begin with a dense layer and a norm.
inline void layers_of_modernbert(model_reader& r, const row&) {
  const std::string function =
      r.config.function("classifier_activation", r.config.text("classifier_activation", "gelu"), activations);
  const bool has_dense_bias = r.flag_of("classifier_bias", false), has_logit_bias = r.flag_of("decoder_bias", true);
  const std::string norm =
      norm_of(r, r.text_of("norm_bias") == "true" ? ", typeformer::with_bias" : ", typeformer::without_bias");
  const std::string transform = "dense_transform<typeformer::" + function + ", " + norm +
                                ", typeformer::" + (has_dense_bias ? "with_bias" : "without_bias") + ">";
  const std::string pooling = r.config.text("classifier_pooling", "cls");
  if (pooling != "cls" && pooling != "mean") r.config.unsupported("classifier_pooling", "\"cls\" or \"mean\"");
  add_head(r,
           {.masked_tokens = masked_tokens_with(r, function, norm,
                                                std::string(has_dense_bias ? "" : ", typeformer::without_dense_bias") +
                                                    (has_logit_bias ? "" : ", typeformer::without_logit_bias")),
            .pooling = {pooling == "mean" ? "mean_pooling" : "first_token", transform},
            .transform = {transform}});
}

}  // namespace importing
