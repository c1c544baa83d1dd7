// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/philox.hpp>
#include <typeformer/hosted/data/shuffle.hpp>

#include "commands.hpp"

/// The language of SCAN (Lake, Baroni 2018, arXiv:1711.00350, appendix) and its splits.
namespace scan {
namespace tf = typeformer;

struct command {
  std::string words, actions;
  friend bool operator==(const command&, const command&) = default;
};

namespace detail {

inline std::string times(int number, const std::string& text) {
  std::string all = text;
  for (int i = 1; i < number; ++i) all += " " + text;
  return all;
}

/// `walk`, `walk left`, `walk opposite left`, `walk around left` and so on; `turn` has no action of its own.
inline std::vector<command> phrases() {
  struct verb {
    std::string word, action;
  };
  const verb verbs[] = {{"turn", ""}, {"walk", "I_WALK"}, {"look", "I_LOOK"}, {"run", "I_RUN"}, {"jump", "I_JUMP"}};
  const verb directions[] = {{"left", "I_TURN_LEFT"}, {"right", "I_TURN_RIGHT"}};
  std::vector<command> all;
  for (const auto& [word, action] : verbs) {
    const std::string then = action.empty() ? "" : " " + action;
    if (!action.empty()) all.push_back({word, action});
    for (const auto& [direction, turn] : directions) {
      all.push_back({word + " " + direction, turn + then});
      all.push_back({word + " opposite " + direction, times(2, turn) + then});
      all.push_back({word + " around " + direction, times(4, turn + then)});
    }
  }
  return all;
}

}  // namespace detail

/// All 20,910 commands with their actions.
inline std::vector<command> all_commands() {
  std::vector<command> sentences;
  for (const command& phrase : detail::phrases()) {
    sentences.push_back(phrase);
    sentences.push_back({phrase.words + " twice", detail::times(2, phrase.actions)});
    sentences.push_back({phrase.words + " thrice", detail::times(3, phrase.actions)});
  }
  std::vector<command> all = sentences;
  for (const command& left : sentences)
    for (const command& right : sentences) {
      all.push_back({left.words + " and " + right.words, left.actions + " " + right.actions});
      all.push_back({left.words + " after " + right.words, right.actions + " " + left.actions});
    }
  return all;
}

inline std::vector<command> in_random_order(std::vector<command> commands, tf::philox& random) {
  std::vector<command> ordered;
  for (const std::size_t i : tf::shuffled(commands.size(), random)) ordered.push_back(std::move(commands[i]));
  return ordered;
}

/// Errors, as texts: those of `pair_of`.
inline tf::result<std::vector<tf::sequence_pair>, std::string> pairs_of(const std::vector<command>& commands,
                                                                        longest room, word_list& words) {
  std::vector<tf::sequence_pair> pairs;
  for (const command& c : commands) {
    auto pair = pair_of(c.words, c.actions, room, words);
    if (!pair) return tf::failure{pair.error()};
    pairs.push_back(std::move(*pair));
  }
  return tf::result<std::vector<tf::sequence_pair>, std::string>(std::move(pairs));
}

struct command_split {
  std::vector<command> training, test;
};

/// The splits of the paper: `simple` tests a random fifth (experiment 1), `length` all commands with more than 22 actions
/// (experiment 2), and `jump` all with this word but the word alone, which is a tenth of what is trained (experiment 3).
inline std::optional<command_split> split_called(std::string_view name) {
  tf::philox random{2018};
  std::vector<command> all = in_random_order(all_commands(), random);
  command_split split;
  if (name == "simple") {
    const auto tested = std::ptrdiff_t(all.size() / 5);
    split.test.assign(all.begin(), all.begin() + tested);
    split.training.assign(all.begin() + tested, all.end());
    return split;
  }
  if (name != "length" && name != "jump") return {};
  const auto number_of_actions = [](const command& c) {
    return 1 + std::count(c.actions.begin(), c.actions.end(), ' ');
  };
  for (command& c : all) {
    const bool is_tested =
        name == "length" ? number_of_actions(c) > 22 : c.words.find("jump") != std::string::npos && c.words != "jump";
    (is_tested ? split.test : split.training).push_back(std::move(c));
  }
  if (name == "jump") {
    for (std::size_t i = 0, others = split.training.size() - 1; i < others / 9 - 1; ++i)
      split.training.push_back({"jump", "I_JUMP"});
    split.training = in_random_order(std::move(split.training), random);
  }
  return split;
}

}  // namespace scan
