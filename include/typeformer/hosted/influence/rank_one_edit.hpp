// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <typeformer/foundation/isa.hpp>
#include <typeformer/foundation/precondition.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/objectives/batch_error.hpp>
#include <typeformer/objectives/label_counts.hpp>
#include <typeformer/objectives/training_pass.hpp>
#include <typeformer/parameters/find_tensor.hpp>
#include <typeformer/parameters/layout.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer {

struct rank_one_settings {
  double loss = 0.05;         ///< the search ends below this mean loss of the batch
  double step_length = 0.05;  ///< of a step, by the length of the projected key
  index_type steps = 300;     ///< at most
};

/// What an edit found.
struct edited_fact {
  double loss_before = 0, loss = 0;
  double change = 0;  ///< the length of what is added to the projected key, by the length of the latter
  index_type steps = 0;
};

}  // namespace typeformer

namespace typeformer::inline TYPEFORMER_ISA {

/// Changes one fact by adding a matrix of rank one to one projection, W ← W + u mᵀ: ROME (Meng et al. 2022,
/// arXiv:2202.05262, §3.1).
///
/// The key k is the row that the projection reads at the last token of the subject, and m with kᵀ m = 1 is the direction
/// that other rows have least of (`row_moments::direction_of`). Then W k becomes W k + u. By u the loss of the wanted
/// text has the derivative (∂loss/∂W) m; u follows its negative in steps of equal length. Options as for
/// `training_pass`. Cost of a step: a forward and a backward pass.
///
/// ```cpp
///   auto editor = tf::rank_one_edit<M, tf::causal_language_model>::of("blocks.0.feed_forward.down.weight");
///   const auto edited = editor->apply(values.data(), key, moments.direction_of(key), wanted);
/// ```
template <class M, class Objective, class... Options> class rank_one_edit {
 public:
  using pass_type = training_pass<M, Objective, Options...>;
  using scalar_type = typename pass_type::scalar_type;

  /// Nothing if the model has no such matrix.
  static std::optional<rank_one_edit> of(std::string_view tensor) {
    rank_one_edit made;
    made.matrix_ = find_tensor(layout_of<M>, tensor);
    if (!made.matrix_.of || made.matrix_.of->columns == 1) return {};
    return std::optional<rank_one_edit>(std::move(made));
  }

  std::size_t width() const { return std::size_t(matrix_.of->rows); }
  std::size_t key_width() const { return std::size_t(matrix_.of->columns); }

  /// Changes `parameters` until the loss of `wanted` is small enough or the steps are done.
  ///
  /// Preconditions: `key` and `direction` have `key_width()` numbers. Errors: those of `check_batch`; then nothing has
  /// changed.
  result<edited_fact, batch_error> apply(scalar_type* parameters, std::span<const float> key,
                                         std::span<const double> direction, token_batch wanted,
                                         const rank_one_settings& settings = {}) {
    TYPEFORMER_PRECONDITION(key.size() == key_width() && direction.size() == key_width());
    set_mean_scales<Objective>(wanted);
    const std::span<scalar_type> matrix{parameters + matrix_.offset, width() * key_width()};
    const std::vector<scalar_type> before(matrix.begin(), matrix.end());
    const double length = length_of(projected(before, key));
    std::vector<double> u(width()), slope(width());
    edited_fact found;
    for (;; ++found.steps) {
      std::fill(gradients_.begin(), gradients_.end(), scalar_type{0});
      const auto loss = pass_.run(parameters, gradients_.data(), wanted);
      if (!loss) return failure{loss.error()};
      found.loss = double(*loss);
      if (found.steps == 0) found.loss_before = found.loss;
      found.change = length_of(u) / length;
      if (found.loss <= settings.loss || found.steps == settings.steps) return found;
      const std::span<const scalar_type> derivative = std::span{gradients_}.subspan(std::size_t(matrix_.offset));
      for (std::size_t r = 0; r < u.size(); ++r) {
        slope[r] = 0;
        for (std::size_t i = 0; i < direction.size(); ++i)
          slope[r] += double(derivative[r * key_width() + i]) * direction[i];
      }
      const double steepness = length_of(slope);
      if (!(steepness > 0)) return found;
      for (std::size_t r = 0; r < u.size(); ++r) {
        u[r] -= settings.step_length * length * slope[r] / steepness;
        for (std::size_t i = 0; i < direction.size(); ++i)
          matrix[r * key_width() + i] = scalar_type(double(before[r * key_width() + i]) + u[r] * direction[i]);
      }
    }
  }

 private:
  rank_one_edit() = default;

  std::vector<double> projected(const std::vector<scalar_type>& matrix, std::span<const float> key) const {
    std::vector<double> row(width());
    for (std::size_t r = 0; r < row.size(); ++r)
      for (std::size_t i = 0; i < key.size(); ++i) row[r] += double(matrix[r * key.size() + i]) * double(key[i]);
    return row;
  }
  static double length_of(const std::vector<double>& row) {
    double squares = 0;
    for (const double number : row) squares += number * number;
    return std::sqrt(squares);
  }

  parameter_tensor matrix_;
  pass_type pass_;
  std::vector<scalar_type> gradients_ = std::vector<scalar_type>(std::size_t(layout_of<M>.parameters));
};

}  // namespace typeformer::inline TYPEFORMER_ISA
