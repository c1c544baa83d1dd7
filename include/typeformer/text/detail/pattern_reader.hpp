// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <typeformer/text/detail/expression_program.hpp>
#include <typeformer/text/number_text.hpp>
#include <typeformer/text/printable.hpp>
#include <typeformer/text/unicode.hpp>

namespace typeformer::detail {

/// Reads the signs of a regular expression. The first problem is kept.
class pattern_reader {
 public:
  enum class group { plain, lookahead, negative_lookahead, atomic };

  explicit pattern_reader(std::string_view pattern) : pattern_{pattern} {}

  bool ignores_case = false;

  bool ok() const { return problem_.empty(); }
  const std::string& problem() const { return problem_; }
  bool fail(std::string_view what) {
    if (ok()) problem_ = std::string(what) + " is not supported or not valid (byte " + std::to_string(at_) + ")";
    return false;
  }
  bool at_end() const { return at_ >= pattern_.size(); }
  std::size_t position() const { return at_; }
  void go_to(std::size_t position) { at_ = position; }
  bool sees(std::string_view sign) const { return pattern_.substr(at_).starts_with(sign); }
  bool sees(char sign) const { return !at_end() && pattern_[at_] == sign; }
  bool take(std::string_view sign) { return sees(sign) && (at_ += sign.size(), true); }
  bool take(char sign) { return sees(sign) && (++at_, true); }
  bool begins_group() const { return sees('('); }

  group open_group() {
    take('(');
    if (!take('?')) return group::plain;
    if (take(':')) return group::plain;
    if (take("i:")) return ignores_case = true, group::plain;
    if (take("-i:")) return ignores_case = false, group::plain;
    if (take('=')) return group::lookahead;
    if (take('!')) return group::negative_lookahead;
    if (take('>')) return group::atomic;
    fail("the group (?" + printable(pattern_.substr(at_, 2)));
    return group::plain;
  }

  /// `{least,most}`, `{count}`, `{least,}` or `{,most}`, at most 1000 times.
  bool take_counts(std::uint32_t& least, std::uint32_t& most) {
    if (!sees('{')) return false;
    const std::size_t close = pattern_.find('}', at_);
    if (close == pattern_.npos) return fail("a '{' without '}'");
    const std::string_view counts = pattern_.substr(at_ + 1, close - at_ - 1);
    const std::size_t comma = counts.find(',');
    const auto low = comma == 0 ? std::uint32_t{0} : number_in<std::uint32_t>(counts.substr(0, comma));
    const auto high = comma == counts.npos         ? low
                      : comma + 1 == counts.size() ? without_end
                                                   : number_in<std::uint32_t>(counts.substr(comma + 1));
    constexpr std::uint32_t most_times = 1000;
    if (!low || !high || *low > *high || *low > most_times || (*high > most_times && *high != without_end))
      return fail("the quantifier " + printable(pattern_.substr(at_, close + 1 - at_)));
    least = *low, most = *high, at_ = close + 1;
    return true;
  }

  /// The next character.
  char32_t next() {
    if (at_end()) return fail("the end of the expression"), 0;
    const utf8_step step = character_at(pattern_, at_);
    at_ += step.size;
    return step.code_point;
  }
  /// The bytes up to a sign, which is passed, too.
  std::string_view up_to(char sign) {
    const std::size_t end = pattern_.find(sign, at_);
    if (end == pattern_.npos) return fail("a '{' without '}'"), std::string_view{};
    const std::string_view between = pattern_.substr(at_, end - at_);
    at_ = end + 1;
    return between;
  }

 private:
  std::string_view pattern_;
  std::size_t at_ = 0;
  std::string problem_;
};

}  // namespace typeformer::detail
