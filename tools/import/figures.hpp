// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <initializer_list>

namespace importing {

/// A sum of products that notices when 63 bits are not enough for it.
class tally {
 public:
  void add(std::initializer_list<std::int64_t> factors) {
    std::int64_t product = 1;
    for (const std::int64_t factor : factors)
      overflowed_ = __builtin_mul_overflow(product, factor, &product) || overflowed_;
    overflowed_ = __builtin_add_overflow(total_, product, &total_) || overflowed_;
  }
  /// The other sum, `times` times.
  void add(const tally& other, std::int64_t times) {
    add({other.total_, times});
    overflowed_ = overflowed_ || other.overflowed_;
  }
  std::int64_t total() const { return total_; }
  bool overflowed() const { return overflowed_; }

 private:
  std::int64_t total_ = 0;
  bool overflowed_ = false;
};

/// What layers learn and compute, added up layer by layer; `rows` of them in one call. Operations are counted as
/// `typeformer::flops` counts them.
struct figures {
  std::int64_t rows = 1;
  tally parameters, flops;

  enum class norm { layer, layer_without_bias, root_mean_square };

  /// An affine map that runs for `of` rows.
  void map(std::int64_t inputs, std::int64_t outputs, bool has_bias, std::int64_t of) {
    parameters.add({inputs, outputs});
    if (has_bias) parameters.add({outputs});
    flops.add({2, of, inputs, outputs});
  }
  void map(std::int64_t inputs, std::int64_t outputs, bool has_bias) { map(inputs, outputs, has_bias, rows); }
  void normalize(norm kind, std::int64_t width) {
    parameters.add({kind == norm::layer ? 2 : 1, width});
    flops.add({kind == norm::root_mean_square ? 4 : 8, rows, width});
  }
  /// Sums, scales and angles: one operation an element.
  void each(std::int64_t width) { flops.add({rows, width}); }
  /// A table whose rows are looked up, and added to the stream or not.
  void table(std::int64_t entries, std::int64_t width, bool is_added) {
    parameters.add({entries, width});
    if (is_added) each(width);
  }
  void feed_forward(std::int64_t width, std::int64_t hidden, bool has_bias, bool gated) {
    map(width, (gated ? 2 : 1) * hidden, has_bias);
    flops.add({gated ? 9 : 8, rows, hidden});
    map(hidden, width, has_bias);
  }
  /// Scores and weighted sums over pairs of a query and a key.
  void attend(std::int64_t pairs, std::int64_t query_width) { flops.add({4, pairs, query_width}); }

  /// The same layers, `times` times, of which `with_parameters` have their own.
  void repeat(const figures& block, std::int64_t times, std::int64_t with_parameters) {
    parameters.add(block.parameters, with_parameters);
    flops.add(block.flops, times);
  }
  bool overflowed() const { return parameters.overflowed() || flops.overflowed(); }
};

}  // namespace importing
