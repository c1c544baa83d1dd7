// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <span>
#include <string_view>

#include <typeformer/dispatch/cpu_features.hpp>
#include <typeformer/dispatch/isa_error.hpp>
#include <typeformer/foundation/result.hpp>

namespace typeformer {

/// Functions that were compiled for one instruction set. Data only, so that nothing of it runs before it is chosen.
struct isa_build {
  std::string_view isa;
  cpu_features needs;  // as its compiler said
  const void* functions;
};

/// All builds of the same functions, from the least instruction set to the most.
using isa_builds = std::span<const isa_build* const>;

namespace detail {

constexpr error_text& add_name(error_text& text, std::string_view name) {
  text.add("\"");
  for (const char c : name)
    text.add(c < ' ' || c > '~' ? "?" : std::string_view(&c, 1));  // it may be the environment's
  return text.add("\"");
}

constexpr isa_error not_supported(const isa_build& build, cpu_features available) {
  error_text text{"instruction set "};
  add_name(text, build.isa).add(": this processor or its operating system does not support ");
  return {isa_error::problem::is_not_supported, text.add(build.needs.first_missing(available))};
}

}  // namespace detail

/// The last build that a processor with these features can run.
constexpr result<const isa_build*, isa_error> best_build(isa_builds builds, cpu_features available) {
  for (std::size_t i = builds.size(); i > 0; --i)
    if (builds[i - 1]->needs.first_missing(available).empty()) return builds[i - 1];
  if (!builds.empty()) return failure{detail::not_supported(*builds.front(), available)};
  return failure{isa_error{isa_error::problem::is_not_compiled, error_text{"no instruction set was compiled"}}};
}

/// The build of this name, if a processor with these features can run it.
constexpr result<const isa_build*, isa_error> named_build(isa_builds builds, std::string_view isa,
                                                          cpu_features available) {
  for (const isa_build* const build : builds) {
    if (build->isa != isa) continue;
    if (!build->needs.first_missing(available).empty()) return failure{detail::not_supported(*build, available)};
    return build;
  }
  error_text text{"instruction set "};
  detail::add_name(text, isa).add(" was not compiled: expected one of");
  for (const isa_build* const build : builds) text.add(build == builds.front() ? " " : ", ").add(build->isa);
  return failure{isa_error{isa_error::problem::is_not_compiled, text}};
}

}  // namespace typeformer
