// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstdint>
#include <span>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/contract/real_inputs.hpp>
#include <typeformer/foundation/isa.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/session/padded_tokens.hpp>
#include <typeformer/session/real_batches.hpp>
#include <typeformer/session/session_passes.hpp>
#include <typeformer/shape/own_inputs.hpp>

namespace typeformer::detail::inline TYPEFORMER_ISA {

/// What a session is given beside new tokens: the sources of an encoder-decoder, and inputs of the user's own.
template <class M, class... Options> class session_inputs : public session_passes<M, Options...> {
  using passes = session_passes<M, Options...>;

 public:
  using passes::reserved;
  static constexpr bool reads_source = reserved.source > 0;

  /// Takes the texts that the encoder of an encoder-decoder reads, one for each sequence, and starts new sequences.
  /// They are read with the next prompt, once. In padded texts, tokens that are not valid keep their places and are not
  /// seen.
  constexpr result<void, inference_error> read(std::span<const std::span<const std::int32_t>> sources)
    requires(reads_source && source_channels<M> == 0)
  {
    return forget_after(memory_.source.take(sources, M::source_vocabulary));
  }
  constexpr result<void, inference_error> read(std::span<const std::int32_t> source)
    requires(reads_source && source_channels<M> == 0)
  {
    const std::array sources{source};
    return read(std::span<const std::span<const std::int32_t>>{sources});
  }
  constexpr result<void, inference_error> read(const padded_tokens& sources)
    requires(reads_source && source_channels<M> == 0)
  {
    return forget_after(memory_.source.take(sources, M::source_vocabulary));
  }

  /// The same for an encoder that reads features: the rows [rows][channels] of one sequence, or of several. They are
  /// copied.
  constexpr result<void, inference_error> read(std::span<const float> source)
    requires(source_channels<M> > 0)
  {
    const index_type length = index_type(source.size()) / source_channels<M>;
    return read(ragged_features{source, {&length, 1}});
  }
  constexpr result<void, inference_error> read(const ragged_features& sources)
    requires(source_channels<M> > 0)
  {
    return forget_after(memory_.source.take(sources));
  }
  constexpr result<void, inference_error> read(const padded_features& sources)
    requires(source_channels<M> > 0)
  {
    return forget_after(memory_.source.take(sources));
  }

  /// Gives the rows of an input of your own to the next `prefill` or `decode`: those of its tokens, one sequence after
  /// the other, or of its sequences. With padding there is a row for each token of the rectangle. They must stay until
  /// then, and are given once. A call without them, or with other rows, is an error.
  template <OwnInput I> constexpr void give(std::span<const typename I::element> rows) {
    static_assert(passes::plan::value.template reads<I>(), "typeformer: no layer of this model reads this input");
    memory_.given.give(table_of<I>(rows));
  }

 protected:
  using passes::memory_;
  using passes::passes;

 private:
  constexpr result<void, inference_error> forget_after(result<void, inference_error> taken) {
    if (taken) this->reset();
    return taken;
  }
};

}  // namespace typeformer::detail::inline TYPEFORMER_ISA
