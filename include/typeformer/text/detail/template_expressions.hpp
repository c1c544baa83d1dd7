// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/text/detail/template_operands.hpp>

namespace typeformer::detail {

/// Parses the expressions of a template, with Jinja's order of operators.
class template_expressions : public template_operands {
 public:
  using template_operands::template_operands;

 protected:
  std::size_t expression() final {
    return nested([&] {
      std::size_t made = disjunction();
      while (takes_word("if")) {
        const std::size_t condition = disjunction();
        made = add(does::conditional, {}, {condition, made, takes_word("else") ? expression() : absent});
      }
      return made;
    });
  }
  /// Several of them are a list: `for key, value in a, b`.
  std::size_t expressions() {
    std::vector<std::size_t> all{expression()};
    if (!sees_sign(",")) return all[0];
    while (takes_sign(",") && now().kind != kinds::end) all.push_back(expression());
    return add(does::list, {}, std::move(all));
  }
  std::size_t disjunction() {
    std::size_t made = conjunction();
    while (takes_word("or")) made = add(does::disjunction, {}, {made, conjunction()});
    return made;
  }

 private:
  std::size_t conjunction() {
    std::size_t made = negation();
    while (takes_word("and")) made = add(does::conjunction, {}, {made, negation()});
    return made;
  }
  std::size_t negation() {
    if (!takes_word("not")) return comparison();
    return add(does::negation, {}, {nested([&] { return negation(); })});
  }
  std::size_t comparison() {
    std::size_t made = sum();
    bool is_chained = false;
    while (ok()) {
      std::string sign;
      for (const std::string_view each : {"==", "!=", "<=", ">=", "<", ">"})
        if (sign.empty() && takes_sign(each)) sign = each;
      if (sign.empty() && takes_word("in")) sign = "in";
      if (sign.empty() && takes_word("not")) {
        if (takes_word("in")) sign = "not in";
        else go_back();
      }
      if (sign.empty()) return made;
      if (std::exchange(is_chained, true)) reject("a chain of comparisons is not supported");
      made = add(does::binary, sign, {made, sum()});
    }
    return made;
  }
  template <class Operand> std::size_t left_to_right(std::initializer_list<std::string_view> signs, Operand operand) {
    std::size_t made = operand();
    for (bool goes_on = true; goes_on && ok();) {
      goes_on = false;
      for (const std::string_view sign : signs)
        if (takes_sign(sign)) {
          made = add(does::binary, std::string(sign), {made, operand()});
          goes_on = true;
          break;
        }
    }
    return made;
  }
  std::size_t sum() {
    return left_to_right({"+", "-"}, [&] { return left_to_right({"~"}, [&] { return product(); }); });
  }
  std::size_t product() {
    return left_to_right({"*", "/", "//", "%", "**"}, [&] { return with_filters(); });
  }
};

}  // namespace typeformer::detail
