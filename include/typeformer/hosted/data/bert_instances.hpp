// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/data/pretraining_instance.hpp>
#include <typeformer/hosted/data/pretraining_vocabulary.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/formats/json_tree.hpp>
#include <typeformer/text/regular_file.hpp>

namespace typeformer {

namespace detail {

/// Reads one object of the list. Returns what is wrong, or nothing.
class bert_instance_reader {
 public:
  bert_instance_reader(const json_tree& tree, const json_node& object, const wordpiece& pieces)
      : tree_{tree}, object_{object}, pieces_{pieces} {}

  std::string read(masked_instance& instance) {
    std::vector<std::int32_t> positions, tokens_there;
    read_integers("ids", pieces_.size(), instance.ids);
    read_integers("segment_ids", 2, instance.segments);
    read_integers("masked_lm_positions", static_cast<std::int32_t>(instance.ids.size()), positions);
    read_integers("masked_lm_ids", pieces_.size(), tokens_there);
    compare_texts("tokens", instance.ids);
    compare_texts("masked_lm_labels", tokens_there);
    if (const json_node* const node = member("is_random_next", json_kind::boolean))
      instance.label = node->integer != 0 ? 1 : 0;
    if (instance.segments.size() != instance.ids.size()) wrong("segment_ids", "as many numbers as in \"ids\"");
    if (tokens_there.size() != positions.size())
      wrong("masked_lm_ids", "as many numbers as in \"masked_lm_positions\"");
    if (!problem_.empty()) return problem_;
    instance.tokens = instance.ids;
    instance.labels.assign(instance.ids.size(), no_label);
    for (std::size_t i = 0; i < positions.size(); ++i) {
      const auto place = static_cast<std::size_t>(positions[i]);
      if (i > 0 && positions[i] <= positions[i - 1]) wrong("masked_lm_positions", "ascending numbers");
      instance.tokens[place] = instance.labels[place] = tokens_there[i];
    }
    return problem_;
  }

 private:
  void wrong(std::string_view key, std::string_view expected) {
    if (problem_.empty()) problem_ = joined({"\"", key, "\": expected ", expected});
  }

  const json_node* member(std::string_view key, json_kind kind) {
    const json_node* found = nullptr;
    tree_.for_each_child(object_, [&](const json_node& node) {
      if (tree_.texts.view(node.key) == key) found = &node;
    });
    if (found != nullptr && found->kind == kind) return found;
    wrong(key, name_of(kind));
    return nullptr;
  }

  void read_integers(std::string_view key, std::int32_t end, std::vector<std::int32_t>& numbers) {
    const json_node* const list = member(key, json_kind::array);
    if (list == nullptr) return;
    tree_.for_each_child(*list, [&](const json_node& node) {
      if (node.kind != json_kind::integer || node.integer < 0 || node.integer >= end)
        wrong(key, joined({"integers from 0 to below ", digits_of(static_cast<std::uint64_t>(end))}));
      else numbers.push_back(static_cast<std::int32_t>(node.integer));
    });
  }

  void compare_texts(std::string_view key, const std::vector<std::int32_t>& ids) {
    const json_node* const list = member(key, json_kind::array);
    if (list == nullptr) return;
    std::size_t count = 0;
    bool same = true;
    tree_.for_each_child(*list, [&](const json_node& node) {
      same = same && count < ids.size() && node.kind == json_kind::text &&
             tree_.texts.view(node.text) == *pieces_.piece(ids[count]);
      ++count;
    });
    if (!same || count != ids.size()) wrong(key, "the pieces that the ids stand for");
  }

  const json_tree& tree_;
  const json_node& object_;
  const wordpiece& pieces_;
  std::string problem_;
};

}  // namespace detail

/// Instances made by BERT's own program, from a JSON list of objects with `tokens`, `ids`, `segment_ids`,
/// `is_random_next`, `masked_lm_positions`, `masked_lm_labels` and `masked_lm_ids`. Errors give `name` as the file.
///
/// The file does not say whether a label was free. Errors: no such list; a text that does not belong to its id in the
/// vocabulary; a number out of range; lists of different sizes; a vocabulary without `[CLS]`, `[SEP]` or `[MASK]`.
TYPEFORMER_RARE inline result<std::vector<masked_instance>, file_error> parse_bert_instances(std::string_view json,
                                                                                             std::string_view name,
                                                                                             const wordpiece& pieces) {
  const auto vocabulary = pretraining_vocabulary::of(pieces);
  if (!vocabulary) return failure{file_error{name, {}, vocabulary.error().message()}};
  const auto parsed = parse_json_tree(json, name);
  if (!parsed) return failure{parsed.error()};
  const json_tree& tree = *parsed;
  const json_node& list = tree.nodes.front();
  if (list.kind != json_kind::array)
    return failure{file_error{name, {}, "no instances", "a list of objects", name_of(list.kind)}};
  std::vector<masked_instance> instances;
  std::string problem;
  tree.for_each_child(list, [&](const json_node& object) {
    if (!problem.empty()) return;
    masked_instance instance;
    problem = object.kind == json_kind::object ? detail::bert_instance_reader{tree, object, pieces}.read(instance)
                                               : "expected an object";
    for (const std::int32_t id : instance.tokens) instance.roles.push_back(vocabulary->role_of(id));
    if (problem.empty()) instances.push_back(std::move(instance));
  });
  if (problem.empty()) return result<std::vector<masked_instance>, file_error>(std::move(instances));
  return failure{
      file_error{name, {}, detail::joined({"instance ", detail::digits_of(instances.size()), ": ", problem})}};
}

/// The same from a file.
TYPEFORMER_RARE inline result<std::vector<masked_instance>, file_error> read_bert_instances(const std::string& path,
                                                                                            const wordpiece& pieces) {
  const auto json = bytes_of_regular_file(path, largest_json_tree);
  if (!json) return failure{file_error{path, {}, json.error()}};
  return parse_bert_instances(*json, path, pieces);
}

}  // namespace typeformer
