// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/formats/json_tree.hpp>

#include "spellings.hpp"

/// What typeformer-import is made of: a config.json becomes the text of a C++ header.
namespace importing {
namespace tf = typeformer;

/// Keys of config.json that change no number that a trained model computes.
inline constexpr std::string_view keys_without_effect[] = {
    "architectures", "model_type", "torch_dtype", "dtype", "transformers_version", "_name_or_path", "name_or_path",
    "use_cache", "initializer_range", "bos_token_id", "eos_token_id", "pad_token_id", "sep_token_id", "unk_token_id",
    "task_specific_params", "gradient_checkpointing", "output_past", "output_attentions", "output_hidden_states",
    "return_dict", "attn_pdrop", "embd_pdrop", "resid_pdrop", "attention_dropout", "dropout", "summary_type",
    "summary_use_proj", "summary_activation", "summary_proj_to_labels", "summary_first_dropout", "n_ctx",
    "_attn_implementation", "attn_implementation", "hidden_dropout_prob", "attention_probs_dropout_prob",
    "resid_dropout", "embed_dropout", "predict_special_tokens", "classifier_dropout", "classifier_dropout_prob",
    "chunk_size_feed_forward", "tokenizer_class", "_attn_implementation_autoset", "_commit_hash", "torchscript",
    "tf_legacy_loss", "cross_attention_hidden_size", "cls_token_id", "mask_token_id",
    // of classifiers, which no supported architecture is
    "id2label", "label2id", "num_labels", "_num_labels", "problem_type", "finetuning_task",
    // of generation, which is told its own
    "max_length", "min_length", "max_new_tokens", "min_new_tokens", "do_sample", "early_stopping", "num_beams",
    "num_beam_groups", "diversity_penalty", "temperature", "top_k", "top_p", "typical_p", "repetition_penalty",
    "length_penalty", "no_repeat_ngram_size", "encoder_no_repeat_ngram_size", "bad_words_ids", "num_return_sequences",
    "output_scores", "return_dict_in_generate", "forced_bos_token_id", "forced_eos_token_id", "remove_invalid_values",
    "exponential_decay_length_penalty", "suppress_tokens", "begin_suppress_tokens", "prefix"};

/// Keys that older programs wrote for every model, and the value that changes nothing.
inline constexpr std::pair<std::string_view, std::string_view> values_without_effect[] = {
    {"use_bfloat16", "false"}, {"layers_to_keep", "[]"}, {"n_special", "0"}, {"rope_interleaved", "false"}};

/// The library's functions by the names that config.json has for them.
inline constexpr std::pair<std::string_view, std::string_view> activations[] = {{"gelu_new", "gelu_tanh"},
                                                                                {"gelu_pytorch_tanh", "gelu_tanh"},
                                                                                {"gelu_fast", "gelu_tanh"},
                                                                                {"gelu", "gelu_erf"},
                                                                                {"relu", "relu"},
                                                                                {"silu", "silu"},
                                                                                {"swish", "silu"},
                                                                                {"quick_gelu", "quick_gelu"},
                                                                                {"tanh", "tanh_activation"},
                                                                                {"sigmoid", "sigmoid"}};
/// The function of a name; the name itself where it has none.
inline std::string_view activation_of(std::string_view name) {
  for (const auto& [known, function] : activations)
    if (known == name) return function;
  return name;
}

/// Larger ones are mistakes; and the product of two, three times, is a number of 63 bits.
inline constexpr std::int64_t largest_count = std::int64_t{1} << 26;

/// The shortest text that reads back as the same number.
inline std::string text_of(double number) {
  char digits[32];
  return {digits, std::to_chars(digits, digits + sizeof digits, number).ptr};
}
/// The same as a literal of type double.
inline std::string literal_of(double number) {
  const std::string text = text_of(number);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

/// One JSON object whose every key must be asked for: one that changes the result is never ignored.
///
/// The first thing that is wrong is kept, later ones are consequences: read everything, then look at `error`. A key
/// whose value is `null` counts as absent.
class published_config {
 public:
  published_config(const tf::json_tree& tree, const tf::json_node& object, std::string file, std::string path = {})
      : tree_{&tree}, object_{&object}, file_{std::move(file)}, path_{std::move(path)} {}

  bool failed() const { return !error_.problem.empty(); }
  const tf::file_error& error() const { return error_; }
  void fail(std::string_view problem, std::string_view expected = {}, std::string_view found = {}) {
    if (!failed()) error_ = {file_, {}, problem, expected, found};
  }

  /// The node of a key under any of its spellings, or null where it is absent.
  const tf::json_node* find(std::string_view key) {
    for (const std::string_view spelling : spellings_of(key)) asked_.emplace_back(spelling);
    return present(spelling_in_file(key));
  }
  bool is_null(std::string_view key) const {
    const tf::json_node* const node = written(key);
    return node != nullptr && node->kind == tf::json_kind::null;
  }
  const tf::json_tree& tree() const { return *tree_; }

  /// A whole number from 1 on; 1 after an error.
  std::int64_t count(std::string_view key) { return required_count(key, find(key)); }
  std::int64_t count(std::string_view key, std::int64_t otherwise) {
    const tf::json_node* const node = find(key);
    return node == nullptr ? otherwise : required_count(key, node);
  }
  /// A number from 0 on.
  double number(std::string_view key, double otherwise) {
    const tf::json_node* const node = find(key);
    if (node == nullptr) return otherwise;
    const bool whole = node->kind == tf::json_kind::integer;
    if (!whole && node->kind != tf::json_kind::number) return wrong(key, node, "a number"), otherwise;
    const double value = whole ? double(node->integer) : node->number;
    if (!(value >= 0) || !typeformer::is_finite(value)) return wrong(key, node, "a number from 0 on"), otherwise;
    return value;
  }
  bool boolean(std::string_view key, bool otherwise) {
    const tf::json_node* const node = find(key);
    if (node == nullptr) return otherwise;
    if (node->kind != tf::json_kind::boolean) return wrong(key, node, "true or false"), otherwise;
    return node->integer != 0;
  }
  /// The type that an activation's name stands for.
  using named_types = std::span<const std::pair<std::string_view, std::string_view>>;
  std::string_view choice(std::string_view key, std::string_view otherwise, named_types choices) {
    const tf::json_node* const node = find(key);
    const std::string_view name = node == nullptr                     ? otherwise
                                  : node->kind == tf::json_kind::text ? tree_->texts.view(node->text)
                                                                      : std::string_view{};
    std::string names;
    for (const auto& [known, type] : choices) {
      if (known == name) return type;
      names += (names.empty() ? "\"" : ", \"") + std::string(known) + "\"";
    }
    wrong(key, node, "one of " + names);
    return choices.front().second;
  }
  std::string_view choice(std::string_view key, std::string_view otherwise,
                          std::initializer_list<named_types::value_type> choices) {
    return choice(key, otherwise, named_types(choices.begin(), choices.size()));
  }

  /// Keys with a single supported value, which is also what their absence means.
  void only(std::string_view key, bool supported) {
    if (boolean(key, supported) != supported) unsupported(key, supported ? "true" : "false");
  }
  void only(std::string_view key, std::int64_t supported) {
    if (count(key, supported) != supported) unsupported(key, std::to_string(supported));
  }
  void only_text(std::string_view key, std::string_view supported) {
    const tf::json_node* const node = find(key);
    if (node != nullptr && (node->kind != tf::json_kind::text || tree_->texts.view(node->text) != supported))
      unsupported(key, "\"" + std::string(supported) + "\"");
  }
  void only_empty(std::string_view key) {
    const tf::json_node* const node = find(key);
    if (node != nullptr && (node->kind != tf::json_kind::object || node->end != index_of(*node) + 1))
      unsupported(key, "{}");
  }
  void ignore(std::initializer_list<std::string_view> keys) { asked_.insert(asked_.end(), keys.begin(), keys.end()); }

  /// Which of the architectures is named in `architectures`; the first where none is.
  std::string_view architecture(std::initializer_list<std::string_view> supported) {
    const tf::json_node* const node = find("architectures");
    if (node == nullptr) return *supported.begin();
    std::string names;
    for (const std::string_view name : supported) {
      if (text_of(*node) == "[\"" + std::string(name) + "\"]") return name;
      names += (names.empty() ? "[\"" : " or [\"") + std::string(name) + "\"]";
    }
    unsupported("architectures", names);
    return *supported.begin();
  }

  bool was_asked(std::string_view key) const { return std::ranges::find(asked_, key) != asked_.end(); }
  /// Whether this was asked for all that an object of the file holds.
  bool all_asked_in(std::string_view key) const {
    bool all = true;
    if (const tf::json_node* const object = written(key))
      tree_->for_each_child(*object, [&](const tf::json_node& node) {
        const bool is_asked = was_asked(std::string(key) + "." + std::string(tree_->texts.view(node.key)));
        all = all && (is_asked || node.kind == tf::json_kind::null);
      });
    return all;
  }

  /// Says which two spellings of one thing have different values.
  void require_one_value_of_each() {
    for (const std::string_view line : spellings) {
      std::string_view first;
      for (const std::string_view key : words_of(line)) {
        if (present(key) == nullptr) continue;
        if (first.empty()) first = key;
        else if (!is_same(*present(first), *present(key)))
          fail(named(first) + " = " + shown(*present(first)) + " and " + named(key) + " = " + shown(*present(key)) +
                   " mean the same thing",
               "one value", "two");
      }
    }
  }

  /// Says which key would have changed the result, had it been read.
  void require_all_asked() {
    tree_->for_each_child(*object_, [&](const tf::json_node& node) {
      const std::string_view key = tree_->texts.view(node.key);
      const auto is_key = [&](std::string_view other) { return key == other; };
      if (node.kind == tf::json_kind::null || std::ranges::any_of(asked_, is_key)) return;
      if (path_.empty() && std::ranges::any_of(keys_without_effect, is_key)) return;
      const auto is_written = [&](const auto& value) { return key == value.first && text_of(node) == value.second; };
      if (path_.empty() && std::ranges::any_of(values_without_effect, is_written)) return;
      fail(named(key) + " = " + shown(node) + " is not supported: what it changes would be lost");
    });
  }

  /// The reason is a sentence about the value that the file has.
  void wrong(std::string_view key, const tf::json_node* found, std::string_view expected) {
    if (found == nullptr) fail(named(key) + " is missing");
    else fail(named(key), expected, shown(*found));
  }
  void unsupported(std::string_view key, std::string_view supported) {
    const tf::json_node* const node = written(spelling_in_file(key));
    fail(named(key) + " = " + (node == nullptr ? "null" : shown(*node)) + " is not supported", supported);
  }
  std::string named(std::string_view key) const {
    return "key \"" + path_ + on_one_line(std::string(spelling_in_file(key))) + "\"";
  }

  /// A value as JSON, for sentences.
  std::string text_of(const tf::json_node& node) const {
    switch (node.kind) {
      case tf::json_kind::null: return "null";
      case tf::json_kind::boolean: return node.integer != 0 ? "true" : "false";
      case tf::json_kind::integer: return std::to_string(node.integer);
      case tf::json_kind::number: return importing::text_of(node.number);
      case tf::json_kind::text: return "\"" + std::string(tree_->texts.view(node.text)) + "\"";
      case tf::json_kind::array: break;
      case tf::json_kind::object: break;
    }
    const bool is_array = node.kind == tf::json_kind::array;
    std::string text;
    tree_->for_each_child(node, [&](const tf::json_node& child) {
      if (text.size() > longest_shown) return;
      if (!text.empty()) text += ", ";
      if (!is_array) text += "\"" + std::string(tree_->texts.view(child.key)) + "\": ";
      text += text_of(child);
    });
    return (is_array ? "[" : "{") + text + (is_array ? "]" : "}");
  }

 private:
  static constexpr std::size_t longest_shown = 60;

  std::string shown(const tf::json_node& node) const {
    std::string text = text_of(node);
    if (text.size() > longest_shown) text = text.substr(0, longest_shown) + "...";
    return on_one_line(std::move(text));
  }
  static std::string on_one_line(std::string text) {
    for (char& c : text) c = c >= 0 && c < ' ' ? ' ' : c;
    return text;
  }
  std::size_t index_of(const tf::json_node& node) const { return std::size_t(&node - tree_->nodes.data()); }
  /// Of a repeated key the last counts; a dot leads into an object.
  const tf::json_node* written(std::string_view key) const { return written(key, *object_); }
  const tf::json_node* written(std::string_view key, const tf::json_node& object) const {
    const std::size_t dot = key.find('.');
    const tf::json_node *found = nullptr, *inner = nullptr;
    tree_->for_each_child(object, [&](const tf::json_node& node) {
      if (tree_->texts.view(node.key) == key) found = &node;
      if (tree_->texts.view(node.key) == key.substr(0, dot)) inner = &node;
    });
    if (found != nullptr || dot == std::string_view::npos || inner == nullptr) return found;
    return inner->kind == tf::json_kind::object ? written(key.substr(dot + 1), *inner) : nullptr;
  }
  const tf::json_node* present(std::string_view key) const {
    const tf::json_node* const node = written(key);
    return node == nullptr || node->kind == tf::json_kind::null ? nullptr : node;
  }
  /// The one that the file has, else the key itself.
  std::string_view spelling_in_file(std::string_view key) const {
    for (const std::string_view spelling : spellings_of(key))
      if (present(spelling) != nullptr) return spelling;
    return key;
  }
  /// Numbers are compared as numbers, `swish` is `silu`, and `torch.float16` is `float16`.
  bool is_same(const tf::json_node& a, const tf::json_node& b) const {
    const auto is_number = [](const tf::json_node& node) {
      return node.kind == tf::json_kind::integer || node.kind == tf::json_kind::number;
    };
    const auto number_of = [](const tf::json_node& node) {
      return node.kind == tf::json_kind::integer ? double(node.integer) : node.number;
    };
    if (is_number(a) && is_number(b)) return number_of(a) == number_of(b);
    const auto meaning_of = [&](const tf::json_node& node) {
      if (node.kind != tf::json_kind::text) return text_of(node);
      const std::string_view text = tree_->texts.view(node.text), torch = "torch.";
      return std::string(activation_of(text.starts_with(torch) ? text.substr(torch.size()) : text));
    };
    return a.kind == b.kind && meaning_of(a) == meaning_of(b);
  }
  std::int64_t required_count(std::string_view key, const tf::json_node* node) {
    if (node != nullptr && node->kind == tf::json_kind::integer && node->integer > 0 && node->integer <= largest_count)
      return node->integer;
    wrong(key, node, "a whole number from 1 to " + std::to_string(largest_count));
    return 1;
  }

  const tf::json_tree* tree_;
  const tf::json_node* object_;
  std::string file_, path_;
  std::vector<std::string> asked_;
  tf::file_error error_;
};

}  // namespace importing
