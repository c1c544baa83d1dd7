// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/objectives/prefix_lm.hpp>

#include "span_case.hpp"

namespace typeformer::conformance {

namespace detail {

template <span_replacement Replacement, taken_out Taken>
id_list replaced(const id_list& tokens, const flag_list& noise, sentinel_ids sentinels) {
  id_list out(tokens.size());
  const auto written = replace_spans<Replacement, Taken>(tokens, noise, sentinels, out);
  if (!written) throw wrong_case(std::string(written.error().message()));
  return {written->begin(), written->end()};
}

inline flag_list drawn(const noise_spans& spans, std::size_t length, std::uint64_t number) {
  flag_list noise(length);
  philox generator{1, number};
  spans.draw(noise, generator);
  return noise;
}

using replacing_function = id_list (*)(const id_list&, const flag_list&, sentinel_ids);

/// The replacement of `replace_spans` by T5's name; null for another name.
inline replacing_function replacing(std::string_view name) {
  using enum span_replacement;
  using enum taken_out;
  constexpr std::pair<std::string_view, replacing_function> known[] = {
      {"noise_token_to_sentinel", replaced<sentinel_for_each_token, noise>},
      {"noise_span_to_sentinel", replaced<sentinel_for_each_span, noise>},
      {"nonnoise_span_to_sentinel", replaced<sentinel_for_each_span, all_but_noise>},
      {"noise_span_to_unique_sentinel", replaced<next_sentinel, noise>},
      {"nonnoise_span_to_unique_sentinel", replaced<next_sentinel, all_but_noise>},
      {"drop_noise_tokens", replaced<nothing, noise>},
      {"drop_nonnoise_tokens", replaced<nothing, all_but_noise>},
  };
  for (const auto& [its_name, function] : known)
    if (its_name == name) return function;
  return nullptr;
}

/// A drawn mask can be compared only if it does not depend on chance.
inline void require_one_mask(const noise_spans& spans, std::size_t length) {
  const auto counts = spans.counts(static_cast<index_type>(length));
  const index_type others = static_cast<index_type>(length) - counts.tokens;
  if (counts.spans > 1 && (counts.tokens > counts.spans || others > counts.spans))
    throw not_supported("the numbers of TensorFlow's generator");
}

/// The functions that make inputs and targets: those in the case's name, `denoise (inputs=NAME, targets=NAME)`, or T5's
/// own.
inline std::string function_of(std::string_view name, const char* side, const char* otherwise) {
  const auto begin = name.find(std::string(side) + "=");
  if (begin == name.npos) return otherwise;
  const std::string_view rest = name.substr(begin + std::string_view(side).size() + 1);
  return std::string(rest.substr(0, rest.find_first_of(",) ")));
}

/// Inputs with sentinels for the noise, targets with sentinels for the rest, by a mask that is given or drawn. The case
/// may name other functions.
inline void compute_denoise(const span_case& c, span_results& results) {
  const id_list tokens = c.integers("tokens");
  if (!c.has("noise_mask")) require_one_mask(c.spans(), tokens.size());
  const flag_list noise = c.has("noise_mask") ? c.flags("noise_mask") : drawn(c.spans(), tokens.size(), 0);
  const std::string for_inputs = function_of(c.text("fn", ""), "inputs", "noise_span_to_unique_sentinel");
  const std::string for_targets = function_of(c.text("fn", ""), "targets", "nonnoise_span_to_unique_sentinel");
  if (for_inputs == "noise_span_to_unique_sentinel" && for_targets == "nonnoise_span_to_unique_sentinel") {
    id_list inputs(tokens.size()), targets(tokens.size());
    const auto text = corrupt_spans(tokens, noise, c.sentinels(), inputs, targets);
    if (!text) throw wrong_case(std::string(text.error().message()));
    results.put("expected_inputs", text->inputs);
    return results.put("expected_targets", text->targets);
  }
  for (const std::string& name : {for_inputs, for_targets})
    if (!replacing(name)) throw not_supported("function " + name);
  results.put("expected_inputs", replacing(for_inputs)(tokens, noise, c.sentinels()));
  results.put("expected_targets", replacing(for_targets)(tokens, noise, c.sentinels()));
}

/// A mask that does not depend on chance, or many masks with the properties that each must have.
inline void compute_noise_mask(const span_case& c, span_results& results) {
  const auto length = static_cast<std::size_t>(c.integer("length"));
  const noise_spans spans = c.spans();
  c.only("random_roll", false);
  if (c.has("expected")) {
    require_one_mask(spans, length);
    return results.put("expected", drawn(spans, length, 0));
  }
  std::vector<flag_list> draws;
  for (std::uint64_t number = 0; number < 100; ++number) draws.push_back(drawn(spans, length, number));
  results.put("draws", draws);
}

inline void compute_lengths(const span_case& c, span_results& results) {
  c.only("extra_tokens_per_span_inputs", 1);
  c.only("extra_tokens_per_span_targets", 1);
  const auto lengths = c.spans().lengths_for(c.integer("inputs_length"));
  results.put("expected", std::vector<index_type>{lengths.tokens, lengths.targets});
}

inline void compute_segments(const span_case& c, span_results& results) {
  const index_type length = c.integer("length");
  const auto segments = [&](std::int32_t most) {
    if (most < 1) throw wrong_case("max_tokens_per_segment is less than 1");
    return segment_count(length, most);
  };
  if (c.require("max_tokens_per_segment").IsInt())
    return results.put("expected_segments", segments(c.integer("max_tokens_per_segment")));
  std::vector<index_type> counts;
  for (const std::int32_t most : c.integers("max_tokens_per_segment")) counts.push_back(segments(most));
  results.put("expected_segments", counts);
}

inline void compute_prefix_lm(const span_case& c, bool decoder_alone, span_results& results) {
  const auto texts = c.lists("targets");
  const id_list splits = c.integers("split_points");
  c.only("pad_id", 0);
  if (texts.size() != (decoder_alone ? 1u : 2u)) throw not_supported("another number of targets");
  if (splits.empty() || splits.size() > texts.size())
    throw wrong_case("another number of split points than of targets");
  const std::size_t length = texts[0].size();
  if (splits[0] < 1 || static_cast<std::size_t>(splits[0]) >= length || texts.back().size() != length)
    throw wrong_case("targets of other lengths, or a split point outside of them");
  if (splits.size() == 2 && static_cast<std::size_t>(splits[0] + splits[1]) != length)
    throw wrong_case("split points whose prefixes do not fill the encoder");
  id_list targets(length), ids(length), segments(length), positions(length);
  flag_list counts(length), in_prefix(length);
  if (decoder_alone) {
    const bool counts_prefix = !c.flag("loss_on_targets_only", true);
    pack_prefix_lm(texts[0], splits[0], 0, ids, in_prefix, {targets, counts}, counts_prefix);
    results.put_expected("decoder_causal_attention", in_prefix);
  } else {
    id_list encoder(length), encoder_segments(length), encoder_positions(length);
    pack_prefix_lm(texts[0], texts[1], splits[0], 0, {encoder, encoder_segments, encoder_positions},
                   {ids, segments, positions}, {targets, counts});
    results.put_expected("encoder_input_tokens", encoder);
    results.put_expected("encoder_segment_ids", encoder_segments);
    results.put_expected("encoder_positions", encoder_positions);
    results.put_expected("decoder_segment_ids", segments);
    results.put_expected("decoder_positions", positions);
  }
  results.put_expected("decoder_target_tokens", targets);
  results.put_expected("decoder_input_tokens", ids);
  results.put_expected("decoder_loss_weights", counts);
}

}  // namespace detail

/// The results of a case's function, by the names of its expected ones.
///
/// Throws `not_supported` for a function that has no counterpart, `wrong_case` for a case that is inconsistent.
inline void compute_span_case(const span_case& c, span_results& results) {
  const std::string name = c.text("fn", "");
  if (const auto replace = detail::replacing(name))
    results.put("expected", replace(c.integers("tokens"), c.flags("noise_mask"), c.sentinels()));
  else if (name == "denoise" || name.starts_with("denoise (")) detail::compute_denoise(c, results);
  else if (name == "random_spans_noise_mask") detail::compute_noise_mask(c, results);
  else if (name == "random_spans_helper") detail::compute_lengths(c, results);
  else if (name == "split_tokens") detail::compute_segments(c, results);
  else if (name == "pack_prefix_lm_encoder_decoder") detail::compute_prefix_lm(c, false, results);
  else if (name == "pack_prefix_lm_decoder_only") detail::compute_prefix_lm(c, true, results);
  else throw not_supported("function " + name);
  c.require_all_asked();
}

}  // namespace typeformer::conformance
