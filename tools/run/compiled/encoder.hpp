// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <typeformer/execution/all.hpp>
#include <typeformer/parallel/spin_workers.hpp>
#include <typeformer/parameters/narrow_weights.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/forward_pass.hpp>

#include "decoder.hpp"
#include "loaded_model.hpp"

namespace running {

/// Copies rows of a forward pass.
template <class Rows> number_rows copied_rows(tf::index_type count, tf::index_type width, Rows rows) {
  number_rows copied{width, {}};
  for (tf::index_type i = 0; i < count; ++i) copied.numbers.insert(copied.numbers.end(), rows[i], rows[i] + width);
  return copied;
}

/// An encoder, with or without a head. Context 0: not too many tokens.
template <class M, tf::index_type Context, class Format> class compiled_encoder final : public loaded_model {
  static constexpr tf::index_type held = held_tokens(M::context, Context);
  using pass = tf::forward_pass<M, tf::tokens<held>, tf::reads<tf::weights<M, Format>>,
                                tf::on_workers<tf::spin_workers<TYPEFORMER_RUN_THREADS>>>;

 public:
  explicit compiled_encoder(tf::weights<M, Format> weights)
      : weights_{std::move(weights)}, pass_{weights_, tf::spin_workers<TYPEFORMER_RUN_THREADS>{pool_}} {}

  model_facts facts() const override { return {model_kind::encoder, M::vocabulary, held, 0, segments()}; }
  std::string start(std::span<const std::int32_t>) override { return "an encoder writes no text"; }
  std::string take(std::span<const std::int32_t>, std::span<const float>&) override {
    return "an encoder writes no text";
  }
  std::string encode(std::span<const std::int32_t> ids, std::span<const std::int32_t> segments,
                     encoded_text& output) override {
    const auto delivered = run(ids, segments);
    if (!delivered) return delivered.error().message().c_str();
    const tf::index_type tokens = tf::index_type(ids.size());
    using output_shape = typename M::output;
    if constexpr (requires { delivered->sequences; }) {
      output.tokens = copied_rows(tokens, decltype(output_shape::tokens)::width, delivered->tokens);
      output.sequences = copied_rows(1, decltype(output_shape::sequences)::width, delivered->sequences);
    } else if constexpr (output_shape::rows_are == tf::axis::sequence) {
      output.sequences = copied_rows(1, output_shape::width, *delivered);
    } else {
      output.tokens = copied_rows(tokens, output_shape::width, *delivered);
    }
    return {};
  }

 private:
  static constexpr std::int64_t segments() {
    if constexpr (requires { M::segments; }) return M::segments;
    else return 1;
  }
  auto run(std::span<const std::int32_t> ids, std::span<const std::int32_t> segments) {
    // Where positions begin below 0, padding has those and is not counted; a text may spell it.
    if constexpr (M::lowest_position < 0 && requires { M::config.padding_id; }) {
      std::vector<std::int32_t> positions;
      const std::vector<std::uint8_t> valid(ids.size(), 1);
      for (std::int32_t next = 0; const std::int32_t id : ids)
        positions.push_back(id == std::int32_t(M::config.padding_id) ? -1 : next++);
      return pass_.run(tf::padded_tokens{.ids = ids,
                                         .valid = valid,
                                         .length = tf::index_type(ids.size()),
                                         .segments = segments,
                                         .positions = positions});
    } else {
      return pass_.run(tf::segmented_tokens{ids, segments});
    }
  }

  tf::weights<M, Format> weights_;
  tf::spin_pool<TYPEFORMER_RUN_THREADS> pool_;
  pass pass_;
};

}  // namespace running
