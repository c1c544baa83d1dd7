// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/text/detail/template_tokens.hpp>

namespace typeformer::detail {

/// Walks through the tokens of a template. The first problem is kept.
class template_cursor {
 public:
  explicit template_cursor(std::vector<template_token> tokens) : tokens_{std::move(tokens)} {}

  bool ok() const { return problem_.empty(); }
  const std::string& problem() const { return problem_; }

 protected:
  using kinds = template_token_kind;
  static constexpr int deepest = 64;

  const template_token& now() const { return tokens_[at_]; }
  bool sees(kinds kind, std::string_view text) const { return now().kind == kind && now().text == text; }
  bool sees_sign(std::string_view text) const { return sees(kinds::sign, text); }
  bool sees_word(std::string_view text) const { return sees(kinds::name, text); }
  bool takes(kinds kind, std::string_view text) {
    if (!ok() || !sees(kind, text)) return false;
    ++at_;
    return true;
  }
  bool takes_sign(std::string_view text) { return takes(kinds::sign, text); }
  bool takes_word(std::string_view text) { return takes(kinds::name, text); }
  void expect_sign(std::string_view text) {
    if (!takes_sign(text)) fail("expected \"" + std::string(text) + "\"");
  }
  std::string take_name() {
    if (now().kind != kinds::name) return fail("expected a name"), std::string{};
    return tokens_[at_++].text;
  }
  template_token take() {
    if (now().kind == kinds::end_of_template) return now();
    return tokens_[at_++];
  }
  void fail(const std::string& what) {
    if (!ok()) return;
    const std::string found = now().kind == kinds::end_of_template ? "the end" : "\"" + now().text.substr(0, 40) + "\"";
    problem_ = what + ", found " + found;
  }
  void reject(const std::string& what) {
    if (ok()) problem_ = what;
  }

  /// What nests is counted, because it is parsed and evaluated by recursion.
  template <class Parse> auto nested(Parse parse) {
    if (++depth_ > deepest) reject("it is nested too deeply");
    auto made = ok() ? parse() : decltype(parse()){};
    --depth_;
    return made;
  }

  /// The token after the present one, which is not the last.
  const template_token& next() const { return tokens_[at_ + 1]; }
  void go_back() { --at_; }

 private:
  std::vector<template_token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::string problem_;
};

}  // namespace typeformer::detail
