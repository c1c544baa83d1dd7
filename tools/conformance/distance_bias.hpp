// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cmath>
#include <cstdio>
#include <limits>

#include <typeformer/reference/attention_call.hpp>
#include <typeformer/reference/relative_position_bucket.hpp>

#include "row_operators.hpp"

namespace typeformer::conformance {

/// Whether the logarithms of the wide buckets are defined: there are narrow buckets, and they end before the longest
/// distance.
inline bool make_sense(const distance_buckets& buckets) {
  const index_type narrow = (buckets.both_directions ? buckets.count / 2 : buckets.count) / 2;
  return narrow > 0 && buckets.maximum_distance > narrow;
}

/// The numbers that a case of attention adds to the scores by head and distance: `in.slopes` of ALiBi, or
/// `in.rel_weight`, T5's buckets; nothing without them.
template <class S> class distance_bias {
 public:
  distance_bias(given_case& c, attributes& a, index_type heads, index_type queries, index_type keys, index_type past)
      : heads_{heads},
        queries_{queries},
        keys_{keys},
        past_{past},
        zero_{past + queries},
        stride_{zero_ + keys + key_block} {
    if (c.has("in.slopes")) {
      const auto slopes = c.get<S>("in.slopes");
      if (slopes.size() != heads) throw wrong_case("extents of in.slopes");
      fill([&](index_type head, index_type distance) {
        return slopes.values[std::size_t(head)] * static_cast<S>(distance);
      });
      check_by_key(c, slopes);
    } else if (c.has("in.rel_weight")) {
      weight_ = c.get<S>("in.rel_weight");
      buckets_ = {a.count("num_buckets", 32), a.count("max_distance", 128), a.flag("bidirectional", true)};
      if (weight_.rank() != 2 || weight_.extent(0) != buckets_.count || weight_.extent(1) != heads ||
          !make_sense(buckets_))
        throw wrong_case("extents of in.rel_weight");
      fill([&](index_type head, index_type distance) { return weight_.values[at(distance, head)]; });
      dtable_.resize(table_.size());
    }
  }

  /// Null data without a bias.
  score_rule<S> rule() {
    score_rule<S> rule;
    rule.bias = table_.empty() ? nullptr : table_.data();
    rule.bias_stride = stride_;
    rule.bias_zero = zero_;
    rule.dbias = dtable_.empty() ? nullptr : dtable_.data();
    return rule;
  }

  void put_bias(tensors& results) const {
    if (dtable_.empty()) return;
    numbers<S> all;
    for (index_type head = 0; head < heads_; ++head)
      for (index_type query = 0; query < queries_; ++query)
        for (index_type key = 0; key < keys_; ++key) all.push_back(table_[place(head, key - past_ - query)]);
    put(results, "out.bias", {1, heads_, queries_, keys_}, all);
  }
  void put_gradient(tensors& results) const {
    if (dtable_.empty()) return;
    numbers<S> dweight(weight_.values.size());
    for_each(
        [&](index_type head, index_type distance) { dweight[at(distance, head)] += dtable_[place(head, distance)]; });
    put_like(results, "grad.rel_weight", weight_, dweight);
  }

 private:
  std::size_t place(index_type head, index_type distance) const {
    return std::size_t(head * stride_ + zero_ + distance);
  }
  std::size_t at(index_type distance, index_type head) const {
    return std::size_t(reference::relative_position_bucket(distance, buckets_) * heads_ + head);
  }
  template <class F> void for_each(F&& f) const {
    for (index_type head = 0; head < heads_; ++head)
      for (index_type distance = -zero_; distance < keys_; ++distance) f(head, distance);
  }
  template <class Bias> void fill(Bias&& bias) {
    table_.resize(std::size_t(heads_ * stride_));
    for_each([&](index_type head, index_type distance) { table_[place(head, distance)] = bias(head, distance); });
  }
  /// Bloom's form, slope · key position, differs by one number per row, which does not change the softmax.
  void check_by_key(given_case& c, const given_tensor<S>& slopes) const {
    if (!c.has("in.bias")) return;
    const auto bias = c.get<S>("in.bias");
    if (bias.size() != heads_ * keys_) throw not_supported("in.bias of another form than [heads][keys]");
    for (index_type head = 0; head < heads_; ++head)
      for (index_type key = 0; key < keys_; ++key) {
        const S slope = slopes.values[std::size_t(head)], expected = slope * static_cast<S>(key);
        if (std::abs(bias.values[std::size_t(head * keys_ + key)] - expected) > 1e-6 * std::abs(expected))
          throw not_supported("in.bias that is not slope times key position");
      }
  }

  index_type heads_, queries_, keys_, past_, zero_, stride_;
  given_tensor<S> weight_;
  distance_buckets buckets_{};
  numbers<S> table_, dtable_;
};

/// The buckets of `relative_position` by every setting that the file names: nb{buckets}_md{maximum distance}_{bi|uni}.
template <class S> void compute_buckets(given_case& c, attributes&, tensors& results) {
  const auto distances = c.get_ids<std::int64_t>("relative_position");
  for (const std::int64_t distance : distances.values)
    if (distance < -std::numeric_limits<std::int32_t>::max() || distance > std::numeric_limits<std::int32_t>::max())
      throw wrong_case("relative_position holds " + std::to_string(distance));
  tensor& given = results["relative_position"];
  given.shape = distances.shape;
  given.ids = distances.values;
  for (const stored_tensor& stored : c.file().tensors()) {
    const std::string name(stored.name);
    if (name == "relative_position") continue;
    int count = 0, maximum = 0, end = 0;
    if (std::sscanf(name.c_str(), "nb%d_md%d_%n", &count, &maximum, &end) != 2 || end == 0)
      throw not_supported("tensor " + name);
    const std::string kind = name.substr(std::size_t(end));
    const distance_buckets buckets{count, maximum, kind == "bi"};
    if ((kind != "bi" && kind != "uni") || !make_sense(buckets)) throw not_supported("tensor " + name);
    tensor& found = results[name];
    found.shape = distances.shape;
    for (const std::int64_t distance : distances.values)
      found.ids.push_back(reference::relative_position_bucket(distance, buckets));
  }
}

}  // namespace typeformer::conformance
