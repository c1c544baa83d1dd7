// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/error_text.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/parameters/find_tensor.hpp>
#include <typeformer/parameters/named_like.hpp>
#include <typeformer/parameters/parameters.hpp>

namespace typeformer {

/// A tensor that both models have, but with different extents. Nothing was copied.
struct copy_parameters_error {
  tensor_name name;
  index_type from_rows = 0, from_columns = 0, to_rows = 0, to_columns = 0;

  constexpr error_text message() const {
    error_text text(name.view());
    text.add(": expected [").add(to_rows).add(", ").add(to_columns).add("], found [");
    return text.add(from_rows).add(", ").add(from_columns).add("] in the model that is copied from");
  }
};

/// Numbers of tensors: copied from the other model; unchanged in the target; without a counterpart in the target.
struct copy_parameters_report {
  index_type taken = 0, kept = 0, left = 0;
};

struct every_parameter {
  constexpr bool operator()(const parameter_tensor&) const { return true; }
};
struct no_visitor {
  constexpr void operator()(const parameter_tensor&) const {}
};
/// The body of a model: all but its heads.
using body_parameters = none_of_those<head_parameters>;

namespace detail {

constexpr bool same_extents(const parameter_tensor& a, const parameter_tensor& b) {
  return a.of->rows == b.of->rows && a.of->columns == b.of->columns;
}

}  // namespace detail

/// Copies the tensors that have the same name in both models, for example a pre-trained body.
///
/// `takes(tensor)` says whether a tensor of `to` may be copied. Without it, a head of the same name and extents is
/// copied too. `visit_kept(tensor)` is called for every tensor of `to` that stays unchanged. Error: a tensor that may
/// be copied has other extents in `from`; `to` is then unchanged. Precondition: both are available.
/// Cost: every name is compared with every other; nothing is allocated.
template <Model From, Model To, class S, class T, class Takes = every_parameter, class VisitKept = no_visitor>
constexpr result<copy_parameters_report, copy_parameters_error> copy_parameters(const parameters<From, S>& from,
                                                                                parameters<To, T>& to,
                                                                                const Takes& takes = {},
                                                                                VisitKept&& visit_kept = {}) {
  copy_parameters_report report;
  copy_parameters_error error;
  bool fits = true;
  for_each_tensor(layout_of<To>, [&](const parameter_tensor& t) {
    if (!fits || !takes(t)) return;
    const parameter_tensor found = find_tensor(layout_of<From>, t.name());
    if (!found.of || detail::same_extents(found, t)) return;
    fits = false;
    error = {t.name(), found.of->rows, found.of->columns, t.of->rows, t.of->columns};
  });
  if (!fits) return failure{error};
  for_each_tensor(layout_of<From>, [&](const parameter_tensor&) { ++report.left; });
  for_each_tensor(layout_of<To>, [&](const parameter_tensor& t) {
    const parameter_tensor found = takes(t) ? find_tensor(layout_of<From>, t.name()) : parameter_tensor{};
    if (!found.of) {
      ++report.kept;
      visit_kept(t);
      return;
    }
    const S* const source = from.of(found);
    T* const target = to.of(t);
    for (index_type i = 0; i < t.size(); ++i) target[i] = T(source[i]);
    ++report.taken;
    --report.left;
  });
  return report;
}

}  // namespace typeformer
