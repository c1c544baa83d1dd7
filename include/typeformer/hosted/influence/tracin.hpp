// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <vector>

#include <typeformer/foundation/isa.hpp>
#include <typeformer/foundation/precondition.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/objectives/batch_error.hpp>
#include <typeformer/objectives/label_counts.hpp>
#include <typeformer/objectives/training_pass.hpp>
#include <typeformer/optimizers/clip_gradients.hpp>
#include <typeformer/parameters/layout.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer {

/// How two gradients are compared: by their product, as in TracIn, or by its cosine, in which an example that is learned
/// badly counts no more than others (Barshan et al. 2020, arXiv:2003.11630).
enum class gradient_similarity { product, cosine };

/// Leaves the gradients of queries as they are.
struct kept_gradient {
  template <class Scalar> result<void, batch_error> operator()(std::span<Scalar>) const { return {}; }
};

}  // namespace typeformer

namespace typeformer::inline TYPEFORMER_ISA {

/// Which training examples lowered the loss of a query, and which raised it: TracIn (Pruthi et al. 2020,
/// arXiv:2002.08484, §3.2),
///
///   score(q, z) = Σ_checkpoints learning rate · ⟨∇loss(z), ∇loss(q)⟩,
///
/// with gradients by all parameters. A step of plain gradient descent on z lowers the loss of q by that term, to first
/// order. Each loss is the mean over the labels of its batch. Options as for `training_pass`; `batch<B>` and `tokens<T>`
/// hold the largest example.
///
/// Memory: (queries + 1) · parameters scalars, and queries · examples doubles. Cost of a checkpoint: a forward and a
/// backward pass for each query and each example, and 2 · queries · parameters FLOPs for each example.
template <class M, class Objective, class... Options> class tracin {
 public:
  using pass_type = training_pass<M, Objective, Options...>;
  using scalar_type = typename pass_type::scalar_type;

  tracin(std::size_t queries, std::size_t examples, gradient_similarity compares = gradient_similarity::product)
      : queries_{queries}, examples_{examples}, compares_{compares}, scores_(queries * examples) {}

  /// Adds what a checkpoint contributes. `query(i)` and `example(i)` are called with every index in order, and return a
  /// `token_batch` that lasts until the next call. `parameters` [parameter_count], the learning rate of the steps until
  /// the next checkpoint.
  ///
  /// `precondition(gradient)` may change the gradient of each query, as `lissa` does, and returns a result whose error is a
  /// `batch_error`.
  ///
  /// Errors: those of `check_batch` and of `precondition`; then no score has changed.
  template <class Queries, class Examples, class Precondition = kept_gradient>
  result<void, batch_error> add(const scalar_type* parameters, double learning_rate, Queries&& query,
                                Examples&& example, Precondition&& precondition = {}) {
    std::vector<scalar_type> wanted(queries_ * count);
    std::vector<double> found(scores_.size()), of_query(queries_);
    for (std::size_t q = 0; q < queries_; ++q) {
      const std::span<scalar_type> gradient = std::span{wanted}.subspan(q * count, count);
      if (const auto loss = differentiate(parameters, query(q), gradient); !loss) return failure{loss.error()};
      if (const auto changed = precondition(gradient); !changed) return failure{changed.error()};
      of_query[q] = global_norm<scalar_type>(gradient);
    }
    for (std::size_t z = 0; z < examples_; ++z) {
      if (const auto loss = differentiate(parameters, example(z), gradient_); !loss) return failure{loss.error()};
      const double of_example = compares_ == gradient_similarity::cosine ? global_norm<scalar_type>(gradient_) : 0;
      for (std::size_t q = 0; q < queries_; ++q) {
        double product = dot(std::span{wanted}.subspan(q * count, count), gradient_);
        if (compares_ == gradient_similarity::cosine) {
          const double norms = of_query[q] * of_example;
          product = norms > 0 ? product / norms : 0;
        }
        found[q * examples_ + z] = learning_rate * product;
      }
    }
    for (std::size_t i = 0; i < scores_.size(); ++i) scores_[i] += found[i];
    return {};
  }

  /// Positive: the example lowered the loss of the query. Precondition: indices below the counts.
  double score(std::size_t query, std::size_t example) const {
    TYPEFORMER_PRECONDITION(query < queries_ && example < examples_);
    return scores_[query * examples_ + example];
  }
  /// The examples, the most helpful first, equal ones in their order.
  std::vector<std::size_t> ranking(std::size_t query) const {
    TYPEFORMER_PRECONDITION(query < queries_);
    std::vector<std::size_t> order(examples_);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return score(query, a) > score(query, b); });
    return order;
  }

 private:
  static constexpr std::size_t count = std::size_t(layout_of<M>.parameters);

  result<void, batch_error> differentiate(const scalar_type* parameters, token_batch batch,
                                          std::span<scalar_type> gradient) {
    set_mean_scales<Objective>(batch);
    std::fill(gradient.begin(), gradient.end(), scalar_type{0});
    const auto loss = pass_.run(parameters, gradient.data(), batch);
    if (!loss) return failure{loss.error()};
    return {};
  }
  /// Sums of a few hundred products in the scalar's own precision are added in double.
  static double dot(std::span<const scalar_type> a, std::span<const scalar_type> b) {
    constexpr std::size_t at_once = 256;
    double sum = 0;
    for (std::size_t first = 0; first < a.size(); first += at_once) {
      scalar_type part{0};
      for (std::size_t i = first; i < (std::min)(first + at_once, a.size()); ++i) part += a[i] * b[i];
      sum += double(part);
    }
    return sum;
  }

  std::size_t queries_, examples_;
  gradient_similarity compares_;
  pass_type pass_;
  std::vector<scalar_type> gradient_ = std::vector<scalar_type>(count);
  std::vector<double> scores_;
};

}  // namespace typeformer::inline TYPEFORMER_ISA
