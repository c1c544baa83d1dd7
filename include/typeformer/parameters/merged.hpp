// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string_view>

#include <typeformer/foundation/error_text.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/parameters/find_tensor.hpp>
#include <typeformer/parameters/named_like.hpp>
#include <typeformer/parameters/parameters.hpp>

namespace typeformer {

/// Why adapters could not be merged into the matrices of a plain model.
struct merge_error {
  enum class problem {
    no_memory,
    missing,               ///< the adapted model has no tensor of that name
    other_extents,         ///< the tensor or its update has different extents
    update_without_matrix  ///< the plain model has no matrix that this update belongs to
  };
  problem what = problem::no_memory;
  tensor_name name{};

  constexpr error_text message() const {
    error_text text;
    if (what != problem::no_memory) text.add(name.view()).add(": ");
    return text.add(sentence());
  }

 private:
  constexpr const char* sentence() const {
    switch (what) {
      case problem::no_memory: return "there is no memory for the merged parameters";
      case problem::missing: return "the adapted model has no such tensor";
      case problem::other_extents: return "a tensor or its low-rank update has other extents in the adapted model";
      case problem::update_without_matrix: return "the plain model has no matrix for a low-rank update";
    }
    return "";
  }
};

namespace detail {

/// `query.weight` → `query.lora_A.weight` and back: replaces the ending of a name.
constexpr tensor_name name_with_ending(std::string_view name, std::string_view ending, std::string_view new_ending) {
  tensor_name other;
  other.append(name.substr(0, name.size() - ending.size()));
  other.append(new_ending);
  return other;
}

struct low_rank_matrices {
  parameter_tensor a, b;
};
constexpr low_rank_matrices update_of(const parameter_layout& layout, std::string_view name) {
  if (!name.ends_with("weight")) return {};
  return {find_tensor(layout, name_with_ending(name, "weight", "lora_A.weight")),
          find_tensor(layout, name_with_ending(name, "weight", "lora_B.weight"))};
}

/// w [rows][columns] += factor · B A.
template <class S>
constexpr void add_product(index_type rows, index_type columns, index_type rank, const S* a, const S* b, double factor,
                           S* w) {
  for (index_type row = 0; row < rows; ++row)
    for (index_type column = 0; column < columns; ++column) {
      double sum = 0;
      for (index_type r = 0; r < rank; ++r) sum += double(b[row * rank + r]) * double(a[r * columns + column]);
      w[row * columns + column] = S(double(w[row * columns + column]) + factor * sum);
    }
}

constexpr bool fits_update(const parameter_tensor& t, const low_rank_matrices& update) {
  return update.a.of->rows == update.b.of->columns && update.a.of->columns == t.of->columns &&
         update.b.of->rows == t.of->rows;
}

}  // namespace detail

/// The parameters of a plain model that computes the same as the adapted one: W' = W + (alpha / rank) B A for every
/// matrix that has an update (Hu et al. 2021, arXiv:2106.09685, §4.1). Other tensors are copied. Tensors are found by
/// their names.
///
/// Cost: 2 · rank operations per element of such a matrix.
template <Model Plain, Model Adapted, class S>
result<parameters<Plain, S>, merge_error> merged(const parameters<Adapted, S>& values, double alpha) {
  using problem = merge_error::problem;
  parameters<Plain, S> plain;
  merge_error error;
  if (!plain.available()) return failure{error};
  bool fits = true;
  const auto reject = [&](problem what, const parameter_tensor& tensor) {
    fits = false;
    error = {what, tensor.name()};
  };
  for_each_tensor(layout_of<Adapted>, [&](const parameter_tensor& tensor) {
    const tensor_name name = tensor.name();
    for (const std::string_view ending : {"lora_A.weight", "lora_B.weight"})
      if (fits && name.view().ends_with(ending) &&
          !find_tensor(layout_of<Plain>, detail::name_with_ending(name, ending, "weight")).of)
        reject(problem::update_without_matrix, tensor);
  });
  for_each_tensor(layout_of<Plain>, [&](const parameter_tensor& tensor) {
    if (!fits) return;
    const tensor_name name = tensor.name();
    const parameter_tensor found = find_tensor(layout_of<Adapted>, name);
    if (!found.of) return reject(problem::missing, tensor);
    if (found.of->rows != tensor.of->rows || found.of->columns != tensor.of->columns)
      return reject(problem::other_extents, tensor);
    for (index_type i = 0; i < tensor.size(); ++i) plain.of(tensor)[i] = values.of(found)[i];
    const detail::low_rank_matrices update = detail::update_of(layout_of<Adapted>, name);
    if (!update.a.of || !update.b.of) return;
    if (!detail::fits_update(tensor, update)) return reject(problem::other_extents, tensor);
    const index_type rank = update.a.of->rows;
    detail::add_product(tensor.of->rows, tensor.of->columns, rank, values.of(update.a), values.of(update.b),
                        alpha / double(rank), plain.of(tensor));
  });
  if (!fits) return failure{error};
  return plain;
}

/// The same for a model that names its plain model, such as `adapted<…>`.
template <Model Adapted, class S>
  requires requires { typename Adapted::plain; }
result<parameters<typename Adapted::plain, S>, merge_error> merged(const parameters<Adapted, S>& values) {
  return merged<typename Adapted::plain>(values, Adapted::adapter::alpha_value);
}

}  // namespace typeformer
