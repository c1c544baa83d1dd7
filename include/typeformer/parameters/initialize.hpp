// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string_view>

#include <typeformer/foundation/math.hpp>
#include <typeformer/parameters/name_pattern.hpp>
#include <typeformer/parameters/parameters.hpp>
#include <typeformer/parameters/value_of_place.hpp>

namespace typeformer {

/// The initial values of the leaves whose names match: a normal distribution of mean 0, a constant, or a function of the
/// place.
struct initial_values {
  const char* pattern;   ///< `*` stands for any text
  double deviation = 0;  ///< of the normal distribution; 0: `constant`
  double constant = 0;
  value_of_place at = nullptr;  ///< null: the others
};

/// The rules of a family; the first match applies. Leaves without a rule are initialized as in GPT-2: weights normal
/// with 0.02, biases 0, gains 1, or 0 where 1 is added to them (Radford et al. 2019; `initializer_range` of the published
/// configurations).
struct initialization {
  const initial_values* rules = nullptr;
  int rule_count = 0;

  constexpr initial_values of(const parameter_tensor& tensor) const {
    const tensor_name name = tensor.name();
    for (int i = 0; i < rule_count; ++i)
      if (matches(rules[i].pattern, name.view())) return rules[i];
    if (tensor.of->starts_at_zero) return {"", 0, 0};
    if (tensor.of->kind != parameter_kind::vector) return {"", 0.02, 0};
    return {"", 0, std::string_view(tensor.of->name).ends_with("weight") ? 1.0 : 0.0};
  }
};

template <class M> constexpr initialization initialization_of() {
  if constexpr (requires { M::initial; }) return M::initial;
  else return {};
}

/// A standard normal number from two uniform ones (Box, Muller 1958).
template <class Generator> double standard_normal(Generator& generator) {
  const auto uniform = [&] { return (double(generator()) + 0.5) / 4294967296.0; };  // in (0, 1)
  const double radius = math::sqrt(-2 * math::log(uniform()));
  return radius * math::cos(6.283185307179586477 * uniform());
}

/// Fills all parameters by the family's rules. `generator()` returns uniform 32-bit words, so a seed gives the same
/// weights on every platform. Does nothing if the parameters have no memory.
template <Model M, class Scalar, class Store, class Generator>
void initialize(parameters<M, Scalar, Store>& values, Generator&& generator) {
  if (!values.available()) return;
  constexpr initialization rules = initialization_of<M>();
  for_each_tensor(layout_of<M>, [&](const parameter_tensor& tensor) {
    const initial_values start = rules.of(tensor);
    Scalar* const at = values.of(tensor);
    for (index_type i = 0; start.at && i < tensor.size(); ++i)
      at[i] = Scalar(start.at(i / tensor.of->columns, i % tensor.of->columns));
    for (index_type i = 0; !start.at && i < tensor.size(); ++i)
      at[i] = start.deviation > 0 ? Scalar(start.deviation * standard_normal(generator)) : Scalar(start.constant);
  });
}

}  // namespace typeformer
