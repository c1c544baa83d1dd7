// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/training/detail/checkpoint_texts.hpp>
#include <typeformer/hosted/training/recipe_facts.hpp>
#include <typeformer/parameters/layout.hpp>
#include <typeformer/text/printable.hpp>

namespace typeformer::detail {

/// Whether the run of a checkpoint had the same facts. Errors name the first that differs and, if it is about tensors,
/// the tensor.
template <Model M>
result<void, file_error> check_facts(const checkpoint_texts& texts, const std::vector<training_fact>& facts) {
  for (const training_fact& fact : facts) {
    const std::string_view* const found = texts.find(fact.name);
    if (!found) return failure{texts.error(fact.name + " is missing", quoted_name(fact.text), "none")};
    if (*found == fact.text) continue;
    file_error differs =
        texts.error("the run that it continues has another " + fact.name, quoted_name(fact.text), quoted_name(*found));
    if (fact.is_of_tensors && found->size() != fact.text.size())
      return failure{texts.error("the run that it continues has another model",
                                 std::to_string(fact.text.size()) + " tensors", std::to_string(found->size()))};
    if (fact.is_of_tensors) {
      std::size_t i = 0;
      for_each_tensor(layout_of<M>, [&](const parameter_tensor& tensor) {
        if ((*found)[i] != fact.text[i] && differs.tensor.empty()) {
          differs.tensor = std::string(tensor.name().view());
          differs.expected = fact.text[i] == '1' ? "yes" : "no";
          differs.found = (*found)[i] == '1' ? "yes" : "no";
        }
        ++i;
      });
    }
    return failure{differs};
  }
  return {};
}

}  // namespace typeformer::detail
