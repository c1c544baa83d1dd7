// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/training_error.hpp>

namespace typeformer {

/// The tokens of a text, of which the last part is kept for validation.
class split_tokens {
 public:
  /// Error: a part has fewer than `least` tokens; an id is negative or not below `vocabulary`; a fraction is outside
  /// (0, 1).
  static result<split_tokens, training_error> of(std::vector<std::int32_t> tokens, index_type vocabulary,
                                                 double validation_fraction, index_type least) {
    using problem = training_error::problem;
    if (!is_finite(validation_fraction) || validation_fraction <= 0 || validation_fraction >= 1)
      return failure{training_error{problem::bad_option, "the validation share must lie between 0 and 1"}};
    for (std::size_t i = 0; i < tokens.size(); ++i)
      if (tokens[i] < 0 || tokens[i] >= vocabulary)
        return failure{training_error{problem::outside_vocabulary,
                                      "token " + std::to_string(i) + " is " + std::to_string(tokens[i]) +
                                          ", the vocabulary ends at " + std::to_string(vocabulary)}};
    split_tokens split;
    split.first_of_validation_ = std::size_t(double(tokens.size()) * (1 - validation_fraction));
    split.tokens_ = std::move(tokens);
    for (const auto& [part, size] :
         {std::pair{"training", split.training().size()}, std::pair{"validation", split.validation().size()}})
      if (index_type(size) < least)
        return failure{training_error{problem::not_enough_data, std::string("the ") + part + " part of the text has " +
                                                                    std::to_string(size) + " tokens; a window needs " +
                                                                    std::to_string(least)}};
    return result<split_tokens, training_error>(std::move(split));
  }

  std::span<const std::int32_t> training() const { return std::span(tokens_).first(first_of_validation_); }
  std::span<const std::int32_t> validation() const { return std::span(tokens_).subspan(first_of_validation_); }

 private:
  std::vector<std::int32_t> tokens_;
  std::size_t first_of_validation_ = 0;
};

}  // namespace typeformer
