// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include <typeformer/contract/uses.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/parallel/spin_workers.hpp>
#include <typeformer/parameters/narrow_weights.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/session.hpp>

#include "loaded_model.hpp"

namespace running {
namespace tf = typeformer;

/// How many of `most` tokens are held if `asked` are asked for; 0: not too many for the memory of a usual machine.
constexpr tf::index_type held_tokens(tf::index_type most, tf::index_type asked) {
  constexpr tf::index_type many = 4096;
  return (std::min)(most, asked > 0 ? asked : many);
}

template <class M, tf::index_type Context, class Format> constexpr auto decoding_session() {
  constexpr tf::index_type held = held_tokens(M::context, Context);
  using workers = tf::on_workers<tf::spin_workers<TYPEFORMER_RUN_THREADS>>;
  using weights = tf::reads<tf::weights<M, Format>>;
  if constexpr (requires { requires M::reads_source; })
    return std::type_identity<
        tf::session<M, tf::context<held>, tf::source<held_tokens(M::source_context, Context)>, weights, workers>>{};
  else if constexpr (tf::segment_memory_of<M> > 0) return std::type_identity<tf::session<M, weights, workers>>{};
  else return std::type_identity<tf::session<M, tf::context<held>, weights, workers>>{};
}

/// A decoder or an encoder-decoder. Context 0: not too many tokens.
template <class M, tf::index_type Context, class Format> class compiled_decoder final : public loaded_model {
  using session = typename decltype(decoding_session<M, Context, Format>())::type;

 public:
  explicit compiled_decoder(tf::weights<M, Format> weights)
      : weights_{std::move(weights)}, session_{weights_, tf::spin_workers<TYPEFORMER_RUN_THREADS>{pool_}} {}

  model_facts facts() const override {
    return {session::reads_source ? model_kind::encoder_decoder : model_kind::decoder, M::vocabulary,
            session::reserved.context, session::reserved.source};
  }
  std::string start([[maybe_unused]] std::span<const std::int32_t> source) override {
    session_.reset();
    if constexpr (session::reads_source)
      if (const auto read = session_.read(source); !read) return read.error().message().c_str();
    return {};
  }
  std::string take(std::span<const std::int32_t> ids, std::span<const float>& logits) override {
    const auto taken = session_.prefill(ids);
    if (!taken) return taken.error().message().c_str();
    logits = *taken;
    return {};
  }
  std::string encode(std::span<const std::int32_t>, std::span<const std::int32_t>, encoded_text&) override {
    return "a decoder encodes no texts";
  }

 private:
  tf::weights<M, Format> weights_;
  tf::spin_pool<TYPEFORMER_RUN_THREADS> pool_;
  session session_;
};

}  // namespace running
