// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/formats/json_events.hpp>
#include <typeformer/hosted/formats/json_tree.hpp>

namespace typeformer {

/// The large lists of a `tokenizer.json`: the tokens with their ids or scores, and the merges.
struct tokenizer_lists {
  struct entry {
    std::size_t begin, size;  ///< of the text
    std::int64_t id;
    double score;
  };
  std::string texts;
  std::vector<entry> vocabulary;
  bool is_scored = false;  ///< a list of tokens and scores
  bool has_pairs = false;  ///< merges are pairs of texts, otherwise one text with a space
  /// The texts of merges, one after the other.
  std::vector<std::pair<std::size_t, std::size_t>> merges;

  std::string_view text(std::size_t begin, std::size_t size) const {
    return std::string_view{texts}.substr(begin, size);
  }
};

/// Receives a `tokenizer.json`: the lists by themselves, because they have up to a million values, and everything else
/// as a tree.
class tokenizer_json_events final : public json_events {
 public:
  tokenizer_lists lists;
  json_tree take_tree() { return std::move(tree_.tree); }

  bool null() override { return is_in_list() ? unexpected() : forward(tree_.null()); }
  bool boolean(bool value) override { return is_in_list() ? unexpected() : forward(tree_.boolean(value)); }
  bool integer(std::int64_t value) override {
    return is_in_list() ? number(value, double(value)) : forward(tree_.integer(value));
  }
  bool unsigned_integer(std::uint64_t value) override {
    if (!is_in_list()) return forward(tree_.unsigned_integer(value));
    return number(value >> 63 != 0 ? -1 : static_cast<std::int64_t>(value), double(value));
  }
  bool real(double value) override { return is_in_list() ? number(-1, value) : forward(tree_.real(value)); }
  bool text(std::string_view value) override {
    if (!is_in_list()) return forward(tree_.text(value));
    const std::pair<std::size_t, std::size_t> place{lists.texts.size(), value.size()};
    lists.texts += value;
    if (list_ == list::merges) {
      if (lists.merges.empty()) lists.has_pairs = depth_ == 4;
      lists.merges.push_back(place);
      return depth_ == (lists.has_pairs ? 4 : 3) || unexpected();
    }
    if (!lists.is_scored || depth_ != 4) return unexpected();
    lists.vocabulary.push_back({place.first, place.second, -1, 0});
    is_complete_ = false;
    return true;
  }
  bool key(std::string_view name) override {
    if (is_in_list()) {
      if (list_ == list::merges || lists.is_scored) return unexpected();
      lists.vocabulary.push_back({lists.texts.size(), name.size(), -1, 0});
      lists.texts += name;
      return true;
    }
    if (depth_ == 1) is_in_model_ = name == "model";
    if (depth_ == 2 && is_in_model_)
      next_ = name == "vocab" ? list::vocabulary : name == "merges" ? list::merges : list::none;
    return next_ != list::none || forward(tree_.key(name));
  }
  bool begin_object() override { return begin(true); }
  bool end_object() override { return end(true); }
  bool begin_array() override { return begin(false); }
  bool end_array() override { return end(false); }

 private:
  enum class list { none, vocabulary, merges };

  bool is_in_list() const { return list_ != list::none || next_ != list::none; }
  bool unexpected() {
    return reject(list_ == list::merges || next_ == list::merges ? "merges: expected a list of pairs of tokens"
                                                                 : "vocab: expected tokens with ids or scores");
  }
  bool forward(bool goes_on) { return goes_on || reject(tree_.rejection()); }

  bool number(std::int64_t id, double score) {
    if (list_ != list::vocabulary || lists.vocabulary.empty()) return unexpected();
    if (lists.is_scored ? depth_ != 4 : depth_ != 3) return unexpected();
    lists.vocabulary.back().id = id;
    lists.vocabulary.back().score = score;
    is_complete_ = true;
    return true;
  }
  bool begin(bool is_object) {
    ++depth_;
    if (next_ != list::none) {
      list_ = std::exchange(next_, list::none);
      if (list_ == list::merges) lists.merges.clear();
      else lists.vocabulary.clear(), lists.is_scored = !is_object;
      return list_ == list::vocabulary || !is_object || unexpected();
    }
    if (list_ == list::none) return forward(is_object ? tree_.begin_object() : tree_.begin_array());
    return (!is_object && depth_ == 4 && (list_ == list::merges || lists.is_scored)) || unexpected();
  }
  bool end(bool is_object) {
    --depth_;
    if (list_ == list::none) return forward(is_object ? tree_.end_object() : tree_.end_array());
    if (depth_ == 2) list_ = list::none;
    return is_complete_ || unexpected();
  }

  detail::json_tree_builder tree_;
  int depth_ = 0;
  bool is_in_model_ = false, is_complete_ = true;  ///< the token that was read last has its score
  list list_ = list::none, next_ = list::none;     ///< the list that is read, and the one that begins now
};

}  // namespace typeformer
