// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <string_view>
#include <type_traits>

#include <typeformer/contract/examiners.hpp>
#include <typeformer/foundation/fixed_string.hpp>

namespace typeformer {

namespace detail {
/// A text that is known in constant evaluation, as a template argument.
template <std::size_t Size> constexpr fixed_string<Size> copied(std::string_view text) {
  fixed_string<Size> all;
  for (std::size_t i = 0; i < Size; ++i) all.characters[i] = text[i];
  return all;
}
}  // namespace detail

/// Examines the operations of every layer. `Probe` is a context for constant evaluation whose `missing()` names the
/// first operation that lacks something; empty if none does. Then `Error<name, Layer>` is the mismatch.
template <class Use, class Probe, template <fixed_string, class> class Error> struct probing_examiner {
  using key = passes::examiner;

  template <class Layer, class In, class Scope, class Out> static constexpr auto verdict() {
    return verdict_on<Layer, In, Scope, Out, ref<Out>>();
  }
  /// A head may have a gradient of several parts, so that its `walk_back` is not examined.
  template <class Head, class In, class Scope, class Out> static constexpr auto verdict_of_head() {
    return verdict_on<Head, In, Scope, Out, nothing>();
  }

 private:
  template <class Layer, class In, class Scope, class Out, class DY> static constexpr auto verdict_on() {
    if constexpr (requires { Layer::is_composition; }) return std::type_identity<Out>{};
    else if constexpr (!requires { typename std::bool_constant<missing_of<Layer, In, Scope, DY>().empty()>; })
      return std::type_identity<error::walk_is_no_constant_expression<Layer>>{};
    else if constexpr (constexpr std::string_view missing = missing_of<Layer, In, Scope, DY>(); !missing.empty())
      return std::type_identity<Error<detail::copied<missing.size()>(missing), Layer>>{};
    else return std::type_identity<Out>{};
  }
  template <class Layer, class In, class Scope, class DY> static constexpr std::string_view missing_of() {
    Probe c;
    const walk_scope<Use, Scope> below{};
    [[maybe_unused]] auto trace = Layer::walk(c, ref<In>{0}, below);
    if constexpr (Use::what_for == purpose::train && !std::is_same_v<DY, nothing>)
      Layer::walk_back(c, trace, DY{0}, below);
    return c.missing();
  }
};

}  // namespace typeformer
