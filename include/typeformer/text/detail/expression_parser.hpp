// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/text/detail/class_parser.hpp>
#include <typeformer/text/detail/expression_program.hpp>

namespace typeformer::detail {

/// Translates a regular expression into a program. A repeated group is translated as often as it must occur.
class expression_parser {
 public:
  explicit expression_parser(std::string_view pattern) : reader_{pattern} {}

  bool parse() {
    alternatives(0);
    if (reader_.ok() && !reader_.at_end()) reader_.fail("a ')' without '('");
    emit({.what = expression_operation::match});
    return reader_.ok();
  }
  std::string problem() const { return reader_.problem(); }
  expression_program take_program() { return std::move(program_); }

 private:
  static constexpr int deepest = 32;
  static constexpr std::size_t longest_program = 20'000;
  struct quantifier {
    std::uint32_t least = 1, most = 1;
    repetition how = repetition::greedy;
  };

  std::size_t emit(expression_instruction instruction) {
    if (program_.instructions.size() >= longest_program) reader_.fail("it is too complex");
    else program_.instructions.push_back(instruction);
    return program_.instructions.size() - 1;
  }
  std::size_t here() const { return program_.instructions.size(); }
  expression_instruction& at(std::size_t place) { return program_.instructions[place]; }

  /// The parts return whether they can match without a character.
  bool alternatives(int depth) {
    if (depth > deepest) return reader_.fail("it is nested too deeply");
    bool is_empty = false;
    std::vector<std::size_t> exits;
    while (reader_.ok()) {
      // A split is needed only before an alternative that is not the last one, which is known at its end.
      const std::size_t split = emit({.what = expression_operation::split});
      is_empty = sequence(depth) || is_empty;
      if (!reader_.ok()) return false;
      at(split).first = split + 1;
      if (!reader_.take('|')) {
        at(split).what = expression_operation::jump;
        break;
      }
      exits.push_back(emit({.what = expression_operation::jump}));
      at(split).second = here();
    }
    for (const std::size_t each : exits) at(each).first = here();
    return is_empty;
  }

  bool sequence(int depth) {
    bool is_empty = true;
    while (reader_.ok() && !reader_.at_end() && !reader_.sees('|') && !reader_.sees(')'))
      is_empty = quantified(depth) && is_empty;
    return is_empty;
  }

  bool quantified(int depth) {
    const std::size_t begin = reader_.position();
    if (reader_.begins_group()) return group(depth, begin);
    expression_instruction assertion;
    if (is_assertion(assertion)) {
      emit(assertion);
      if (reader_.sees('*') || reader_.sees('+') || reader_.sees('?') || reader_.sees('{'))
        reader_.fail("a quantifier of an assertion");
      return true;
    }
    character_class set = reader_.character_set();
    if (!reader_.ok()) return false;
    if (reader_.ignores_case) set.ignore_case();
    set.finish();
    program_.classes.push_back(std::move(set));
    const std::size_t number = program_.classes.size() - 1;
    const quantifier times = read_quantifier();
    if (times.least == 1 && times.most == 1) emit({.what = expression_operation::character, .first = number});
    else
      emit({.what = expression_operation::run,
            .how = times.how,
            .first = number,
            .least = times.least,
            .most = times.most});
    return times.least == 0;
  }

  bool is_assertion(expression_instruction& assertion) {
    if (reader_.take('^')) assertion.what = expression_operation::line_begin;
    else if (reader_.take('$')) assertion.what = expression_operation::line_end;
    else if (reader_.take("\\A")) assertion.what = expression_operation::text_begin;
    else if (reader_.take("\\z")) assertion.what = expression_operation::text_end;
    else return false;
    return true;
  }

  bool group(int depth, std::size_t begin) {
    bool is_empty = group_once(depth);
    const quantifier times = read_quantifier();
    if (!reader_.ok() || (times.least == 1 && times.most == 1)) return is_empty;
    const std::size_t end = reader_.position();
    if (is_empty && times.most == without_end) return reader_.fail("a repeated group that can be empty");
    if (times.how != repetition::greedy) return reader_.fail("a lazy or possessive quantifier of a group");
    program_.instructions.resize(group_begin_);
    const std::size_t start = group_begin_;
    const auto again = [&] {
      reader_.go_to(begin);
      group_once(depth);
      group_begin_ = start;
    };
    for (std::uint32_t i = 0; i < times.least && reader_.ok(); ++i) again();
    if (times.most == without_end) {
      const std::size_t split = emit({.what = expression_operation::split});
      again();
      emit({.what = expression_operation::jump, .first = split});
      at(split).first = split + 1, at(split).second = here();
    } else {
      std::vector<std::size_t> splits;
      for (std::uint32_t i = times.least; i < times.most && reader_.ok(); ++i) {
        splits.push_back(emit({.what = expression_operation::split}));
        at(splits.back()).first = here();
        again();
      }
      for (const std::size_t each : splits) at(each).second = here();
    }
    if (reader_.ok()) reader_.go_to(end);
    return is_empty || times.least == 0;
  }

  bool group_once(int depth) {
    const std::size_t begin = here();
    const bool ignored_case = reader_.ignores_case;
    const auto kind = reader_.open_group();
    if (!reader_.ok()) return false;
    const bool is_separate = kind == class_parser::group::lookahead ||
                             kind == class_parser::group::negative_lookahead || kind == class_parser::group::atomic;
    std::size_t first = 0;
    if (is_separate)
      first = emit(
          {.what = kind == class_parser::group::atomic ? expression_operation::atomic : expression_operation::lookahead,
           .is_negated = kind == class_parser::group::negative_lookahead});
    bool is_empty = alternatives(depth + 1);
    if (reader_.ok() && !reader_.take(')')) reader_.fail("a '(' without ')'");
    if (is_separate && reader_.ok()) {
      emit({.what = expression_operation::match});
      at(first).first = here();
      is_empty = is_empty || kind != class_parser::group::atomic;
    }
    reader_.ignores_case = ignored_case;
    group_begin_ = begin;
    return is_empty;
  }

  quantifier read_quantifier() {
    quantifier times;
    if (reader_.take('*')) times.least = 0, times.most = without_end;
    else if (reader_.take('+')) times.most = without_end;
    else if (reader_.take('?')) times.least = 0;
    else if (!reader_.take_counts(times.least, times.most)) return times;
    if (reader_.take('?')) times.how = repetition::lazy;
    else if (reader_.take('+')) times.how = repetition::possessive;
    if (reader_.sees('*') || reader_.sees('+') || reader_.sees('?')) reader_.fail("a quantifier of a quantifier");
    return times;
  }

  class_parser reader_;
  expression_program program_;
  std::size_t group_begin_ = 0;  ///< of the group that was translated last
};

}  // namespace typeformer::detail
