// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/contract/no_token.hpp>
#include <typeformer/contract/real_inputs.hpp>
#include <typeformer/contract/state_requirements.hpp>
#include <typeformer/foundation/isa.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/session/feature_prompts.hpp>
#include <typeformer/session/padded_tokens.hpp>
#include <typeformer/session/prompt_checks.hpp>
#include <typeformer/session/real_batches.hpp>
#include <typeformer/session/session_inputs.hpp>

namespace typeformer::inline TYPEFORMER_ISA {

/// A running model: arena, cached keys and values, and the logits of the last call.
///
/// Options: `batch<B>`, `tokens<T>`, `context<C>` (see `decoding_with`), a storage policy (`storage::owned`,
/// `storage::in_place`, `storage::placed`), the form of the weights (`reads<weights<M>>`, `reads<canonical>`), workers (`on_workers<W>`),
/// `all_logits`, `source<S>`, `cache_in<Format>`, `attention_sinks<N>`. The weights must outlive the session; many sessions may share them. Nothing is allocated
/// after construction.
///
/// A model with a memory of earlier segments (`relative_positions`) never runs full: each pass of at most `tokens<T>`
/// tokens is a segment, which sees the memory before it.
template <class M, class... Options>
  requires fits_together<checked_model<M>> &&
           fits_together<checked_use<executed<decoding_with<Options...>, Options...>, M>> &&
           fits_together<sliding_of<plan_of<M, decoding_with<Options...>>, M>>
class session : public detail::session_inputs<M, Options...> {
  using passes = detail::session_inputs<M, Options...>;
  using passes::memory_;
  using passes::run;
  using passes::run_passes;

 public:
  using model = M;
  using plan = plan_of<M, decoding_with<Options...>>;
  using weights_type = weights_option<M, Options...>;
  using workers_type = workers_option<Options...>;
  static constexpr capacities reserved = plan::use::reserved;
  static constexpr index_type vocabulary = M::vocabulary;
  using passes::has_all_logits;
  using passes::logits;
  using passes::output_width;
  using passes::reads_source;
  /// Whether the oldest tokens are dropped for new ones.
  static constexpr bool slides = drops_the_oldest(reserved);

  constexpr explicit session(const weights_type& weights, workers_type workers = {})
      : passes{weights.view(), workers} {}
  /// Weights that are destroyed after the call would leave a dangling view.
  constexpr explicit session(const weights_type&&, workers_type = {})
    requires(!refers_to_weights<weights_type>)
  = delete;

  /// Takes the prompt of the only sequence, after its cached tokens. Returns the logits of its last token.
  constexpr result<std::span<const float>, inference_error> prefill(std::span<const std::int32_t> prompt)
    requires(!reads_features<M>)
  {
    const std::array prompts{prompt};
    if (const auto taken = prefill(std::span<const std::span<const std::int32_t>>{prompts}); !taken)
      return failure{taken.error()};
    return logits(0);
  }
  /// Takes one more token of the only sequence. Returns its logits.
  constexpr result<std::span<const float>, inference_error> decode(std::int32_t id)
    requires(!reads_features<M>)
  {
    return prefill(std::span{&id, 1});
  }

  /// Takes the next tokens of each sequence, ragged. Then `logits(s)` are the logits of sequence s. An empty list does
  /// not change a sequence, which then has no logits.
  constexpr result<void, inference_error> prefill(std::span<const std::span<const std::int32_t>> prompts)
    requires(!reads_features<M>)
  {
    if (const auto checked = checks().check(prompts); !checked) return checked;
    index_type tokens = 0;
    for (const std::span<const std::int32_t>& prompt : prompts) tokens += index_type(prompt.size());
    if (const auto given = memory_.given.check(tokens, index_type(prompts.size())); !given) return given;
    run_passes(
        prompts.size(), [&](std::size_t s) { return index_type(prompts[s].size()); },
        [&](std::size_t s, index_type i, index_type position) {
          memory_.tables.add(prompts[s][std::size_t(i)], position);
        });
    return {};
  }

  /// For a model that reads features: takes the next rows [rows][channels] of the only sequence. Returns the model's
  /// output for the last one. A class token, if the model has one, comes before the first row and counts as a token.
  constexpr result<std::span<const float>, inference_error> prefill(std::span<const float> rows)
    requires reads_features<M>
  {
    const index_type length = index_type(rows.size()) / feature_channels<M>;
    if (const auto taken = prefill(ragged_features{rows, {&length, 1}}); !taken) return failure{taken.error()};
    return logits(0);
  }
  /// Takes one more row.
  constexpr result<std::span<const float>, inference_error> decode(std::span<const float> row)
    requires reads_features<M>
  {
    if (index_type(row.size()) != feature_channels<M>)
      return rejected(inference_error::problem::values_do_not_fill_rows, 0, row.size(), feature_channels<M>);
    return prefill(row);
  }
  template <std::convertible_to<std::span<const std::int32_t>> Ids>
    requires reads_features<M>
  void prefill(const Ids&) {
    static_assert(sizeof(Ids) == 0, "typeformer: this model reads features: prefill and decode take numbers, not ids");
  }
  /// The next rows of each sequence, as many as its length says. A length of 0 does not change it.
  constexpr result<void, inference_error> prefill(const ragged_features& prompts)
    requires reads_features<M>
  {
    if (const auto checked = detail::check_features<M>(prompts, memory_.length, reserved, memory_.available());
        !checked)
      return checked;
    const detail::feature_prompts<M, reserved.batch> tokens{prompts, memory_.length};
    if (const auto given = memory_.given.check(tokens.sizes(), index_type(tokens.count())); !given) return given;
    run_passes(
        tokens.count(), [&](std::size_t s) { return tokens.size(s); },
        [&](std::size_t s, index_type i, index_type position) {
          memory_.tables.add(0, position);
          if (const float* const features = tokens.features(s, i)) memory_.features.add(features);
        });
    return {};
  }

  /// One more token for each sequence. `no_token` does not change a sequence.
  constexpr result<void, inference_error> decode(std::span<const std::int32_t> ids)
    requires(!reads_features<M>)
  {
    std::array<std::span<const std::int32_t>, std::size_t(reserved.batch)> prompts{};
    if (index_type(ids.size()) > reserved.batch)
      return rejected(inference_error::problem::too_many_sequences, 0, ids.size(), reserved.batch);
    for (std::size_t s = 0; s < ids.size(); ++s) prompts[s] = ids.subspan(s, ids[s] == no_token ? 0 : 1);
    return prefill(std::span<const std::span<const std::int32_t>>{prompts.data(), ids.size()});
  }

  /// Takes padded prompts into a session without cached tokens. Tokens that are not valid do not count, and positions
  /// count the valid ones. Neither segments nor positions can be given.
  constexpr result<void, inference_error> prefill(const padded_tokens& padded)
    requires(!reads_features<M>)
  {
    const auto counted = checks().check(padded);
    if (!counted) return failure{counted.error()};
    const std::size_t sequences = std::size_t(*counted);
    if (const auto given = memory_.given.check(index_type(padded.ids.size()), *counted); !given) return given;
    memory_.tables.clear();
    memory_.given.start_pass();
    for (index_type s = 0; s < *counted; ++s) {
      memory_.tables.start_sequence(0);
      index_type count = 0;
      for (index_type i = s * padded.length; i < (s + 1) * padded.length; ++i)
        if (padded.valid[std::size_t(i)]) {
          memory_.tables.add(padded.ids[std::size_t(i)], count++);
          memory_.given.add(i);
        }
    }
    const token_batch batch = memory_.tables.view();
    for (std::size_t s = 0; s < sequences; ++s) {
      memory_.length[s] = batch.rows_of(index_type(s));
      (void)memory_.slide.make_room(s, 0, memory_.length[s]);
    }
    run();
    memory_.given.clear();
    for (std::size_t s = 0; s < sequences; ++s) memory_.length[s] = memory_.slide.keep(s, memory_.length[s]);
    return {};
  }

 private:
  constexpr prompt_checks<reserved, vocabulary, decltype(memory_.source)> checks() const {
    return {memory_.length, memory_.source, memory_.available()};
  }
};

}  // namespace typeformer::inline TYPEFORMER_ISA
