// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/generation/greedy.hpp>
#include <typeformer/generation/random.hpp>
#include <typeformer/generation/sampling.hpp>
#include <typeformer/generation/temperature.hpp>
#include <typeformer/generation/top_k.hpp>
#include <typeformer/generation/top_p.hpp>
#include <typeformer/text/decode_stream.hpp>

#include "compiled/loaded_model.hpp"
#include "stop_texts.hpp"

namespace running {
namespace tf = typeformer;

/// How a text is written.
struct generation_settings {
  std::int64_t tokens = 256;  ///< at most
  double temperature = 0.8;   ///< 0: always the most probable token
  std::int64_t top_k = 0;     ///< 0: all
  double top_p = 0.95;
  std::uint64_t seed = 1;
  std::vector<std::string> stops{};
  bool continues_prompt = true;  ///< the text is read after the prompt, and begins with a space if it needs one
};

/// A text, and why it ended: `end`, `stop`, `tokens` or `context`.
struct written_text {
  std::string text;
  std::int64_t tokens = 0;
  std::string_view ended = "tokens";
};

/// Continues the tokens of a model.
class text_writer {
 public:
  using outcome = tf::result<written_text, std::string>;

  /// `ends` are tokens that end a text, `banned` are never chosen.
  text_writer(loaded_model& model, const tf::tokenizer& tokens, std::span<const std::int32_t> ends,
              std::span<const std::int32_t> banned)
      : model_{model}, tokens_{tokens}, ends_{ends}, banned_{banned} {}

  /// Continues a prompt, and calls `on_piece(text)` with the text as it is written. The model has been started. Errors,
  /// as a sentence: settings out of range; a prompt that does not fit.
  template <class OnPiece>
  outcome write(std::span<const std::int32_t> prompt, const generation_settings& how, OnPiece on_piece) {
    if (how.temperature == 0)
      return write_with(
          prompt, how, [](std::span<const float> logits, auto&, auto&) { return tf::greedy{}(logits); }, on_piece);
    const std::int64_t k = how.top_k > 0 ? how.top_k : std::numeric_limits<std::int64_t>::max();
    const auto sampler =
        tf::sampling_with(tf::temperature::of(static_cast<float>(how.temperature)), tf::top_k::of(tf::index_type(k)),
                          tf::top_p::of(static_cast<float>(how.top_p)));
    if (!sampler) return tf::failure{std::string(sampler.error().message())};
    return write_with(prompt, how, *sampler, on_piece);
  }

 private:
  template <class Sampler, class OnPiece>
  outcome write_with(std::span<const std::int32_t> prompt, const generation_settings& how, const Sampler& sampler,
                     OnPiece& on_piece) {
    written_text made;
    std::vector<tf::candidate> workspace(static_cast<std::size_t>(model_.facts().vocabulary));
    tf::philox random{how.seed};
    tf::decode_stream stream{tokens_};
    stop_texts stops{how.stops};
    if (how.continues_prompt)
      for (const std::int32_t id : prompt.last(std::min<std::size_t>(prompt.size(), 8))) stream.step(id);
    const auto show = [&](const std::string& piece) {
      if (piece.empty()) return;
      made.text += piece;
      on_piece(piece);
    };
    std::span<const float> logits;
    if (std::string why = take(prompt, logits); !why.empty()) return tf::failure{why};
    for (auto held = std::int64_t(prompt.size()); made.tokens < how.tokens;) {
      const std::int32_t id = sampler(allowed(logits), workspace, random);
      if (id < 0) return tf::failure{std::string("the model's numbers choose no token")};
      ++made.tokens;
      if (std::ranges::find(ends_, id) != ends_.end()) {
        made.ended = "end";
        break;
      }
      show(stops.take(stream.step(id)));
      if (stops.ended()) {
        made.ended = "stop";
        break;
      }
      if (made.tokens == how.tokens) break;
      if (held++ == model_.facts().context) {
        made.ended = "context";
        break;
      }
      if (std::string why = take({&id, 1}, logits); !why.empty()) return tf::failure{why};
    }
    if (!stops.ended()) {
      show(stops.take(stream.finish()));
      show(stops.finish());
    }
    return made;
  }

  std::string take(std::span<const std::int32_t> ids, std::span<const float>& logits) {
    const std::int64_t context = model_.facts().context;
    if (ids.empty()) return "the prompt has no tokens";
    if (std::int64_t(ids.size()) > context)
      return "the prompt has " + std::to_string(ids.size()) + " tokens; the context holds " + std::to_string(context) +
             " (see --context)";
    return model_.take(ids, logits);
  }
  /// The logits; those of banned tokens are minus infinity.
  std::span<const float> allowed(std::span<const float> logits) {
    if (banned_.empty()) return logits;
    logits_.assign(logits.begin(), logits.end());
    for (const std::int32_t id : banned_)
      if (std::size_t(id) < logits_.size()) logits_[std::size_t(id)] = -std::numeric_limits<float>::infinity();
    return logits_;
  }

  loaded_model& model_;
  const tf::tokenizer& tokens_;
  std::span<const std::int32_t> ends_, banned_;
  std::vector<float> logits_;
};

}  // namespace running
