// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include <rapidjson/document.h>

#include <typeformer/objectives/prefix_lm.hpp>
#include <typeformer/objectives/span_corruption.hpp>

#include "attributes.hpp"

namespace typeformer::conformance {

using id_list = std::vector<std::int32_t>;
using flag_list = std::vector<std::uint8_t>;

/// A case of T5's data functions; what is absent or of another kind is refused by name.
class span_case {
 public:
  explicit span_case(const rapidjson::Value& json) : json_{json} {
    if (!json.IsObject()) throw wrong_case("a case is no JSON object");
  }

  bool has(const char* name) const { return json_.HasMember(name); }
  const rapidjson::Value& at(const char* name) const {
    if (!has(name)) throw wrong_case(std::string(name) + " is absent");
    return json_[name];
  }
  std::int32_t integer(const char* name) const { return integer_in(at(name), name); }
  double number(const char* name) const {
    if (!at(name).IsNumber()) throw wrong_case(std::string(name) + " is no number");
    return at(name).GetDouble();
  }
  std::string_view text(const char* name) const {
    if (!at(name).IsString()) throw wrong_case(std::string(name) + " is no text");
    return {at(name).GetString(), at(name).GetStringLength()};
  }
  id_list integers(const char* name) const { return integers_in(at(name), name); }
  flag_list flags(const char* name) const {
    flag_list values;
    for (const std::int32_t value : integers(name)) values.push_back(value != 0);
    return values;
  }
  std::vector<id_list> lists(const char* name) const {
    if (!at(name).IsArray()) throw wrong_case(std::string(name) + " is no list");
    std::vector<id_list> values;
    for (const auto& list : at(name).GetArray()) values.push_back(integers_in(list, name));
    return values;
  }

  sentinel_ids sentinels() const {
    const std::int32_t size = integer("vocab_size");
    return {size - 1, size};
  }
  noise_spans spans() const {
    const auto spans =
        noise_spans::of(number("noise_density"), has("mean_noise_span_length") ? number("mean_noise_span_length") : 3);
    if (!spans) throw wrong_case(message(spans.error()));
    return *spans;
  }

 private:
  static std::int32_t integer_in(const rapidjson::Value& value, const char* name) {
    if (!value.IsInt()) throw wrong_case(std::string(name) + " is no whole number");
    return value.GetInt();
  }
  static id_list integers_in(const rapidjson::Value& list, const char* name) {
    if (!list.IsArray()) throw wrong_case(std::string(name) + " is no list");
    id_list values;
    for (const auto& value : list.GetArray()) values.push_back(integer_in(value, name));
    return values;
  }

  const rapidjson::Value& json_;
};

/// Results by the names that the case gives them.
class span_results {
 public:
  template <class Numbers> void put(const char* name, const Numbers& values) { add(result_, name, values); }
  template <class Numbers> void put_expected(const char* name, const Numbers& values) {
    if (!result_.HasMember("expected"))
      result_.AddMember("expected", rapidjson::Value(rapidjson::kObjectType), memory());
    add(result_["expected"], name, values);
  }
  void put_lists(const char* name, const std::vector<flag_list>& lists) {
    rapidjson::Value all(rapidjson::kArrayType);
    for (const auto& list : lists) all.PushBack(array_of(list), memory());
    result_.AddMember(rapidjson::Value(name, memory()), all, memory());
  }
  const rapidjson::Document& json() const { return result_; }

 private:
  rapidjson::Document::AllocatorType& memory() { return result_.GetAllocator(); }
  template <class Numbers> rapidjson::Value array_of(const Numbers& values) {
    rapidjson::Value list(rapidjson::kArrayType);
    for (const auto value : values) list.PushBack(static_cast<std::int64_t>(value), memory());
    return list;
  }
  template <class Numbers> void add(rapidjson::Value& object, const char* name, const Numbers& values) {
    object.AddMember(rapidjson::Value(name, memory()), array_of(values), memory());
  }

  rapidjson::Document result_{rapidjson::kObjectType};
};

namespace detail {

template <span_replacement Replacement, taken_out Taken>
id_list replaced(const id_list& tokens, const flag_list& noise, sentinel_ids sentinels) {
  id_list out(tokens.size());
  const auto written = replace_spans<Replacement, Taken>(tokens, noise, sentinels, out);
  if (!written) throw wrong_case(message(written.error()));
  return {written->begin(), written->end()};
}

inline flag_list drawn(const noise_spans& spans, std::size_t length, std::uint64_t number) {
  flag_list noise(length);
  philox generator{1, number};
  spans.draw(noise, generator);
  return noise;
}

/// T5's names of what `replace_spans` does; true when it is one of them.
inline bool compute_replacement(std::string_view name, const span_case& c, span_results& results) {
  using enum span_replacement;
  using enum taken_out;
  using function = id_list (*)(const id_list&, const flag_list&, sentinel_ids);
  constexpr std::pair<std::string_view, function> known[] = {
      {"noise_token_to_sentinel", replaced<sentinel_for_each_token, noise>},
      {"noise_span_to_sentinel", replaced<sentinel_for_each_span, noise>},
      {"nonnoise_span_to_sentinel", replaced<sentinel_for_each_span, all_but_noise>},
      {"noise_span_to_unique_sentinel", replaced<next_sentinel, noise>},
      {"nonnoise_span_to_unique_sentinel", replaced<next_sentinel, all_but_noise>},
      {"drop_noise_tokens", replaced<nothing, noise>},
      {"drop_nonnoise_tokens", replaced<nothing, all_but_noise>},
  };
  for (const auto& [its_name, compute] : known)
    if (its_name == name) {
      results.put("expected", compute(c.integers("tokens"), c.flags("noise_mask"), c.sentinels()));
      return true;
    }
  return false;
}

/// Inputs with sentinels for the noise, targets with sentinels for the rest, by a mask that is given or drawn.
inline void compute_denoise(const span_case& c, span_results& results) {
  const id_list tokens = c.integers("tokens");
  const flag_list noise = c.has("noise_mask") ? c.flags("noise_mask") : drawn(c.spans(), tokens.size(), 0);
  id_list inputs(tokens.size()), targets(tokens.size());
  const auto text = corrupt_spans(tokens, noise, c.sentinels(), inputs, targets);
  if (!text) throw wrong_case(message(text.error()));
  results.put("expected_inputs", text->inputs);
  results.put("expected_targets", text->targets);
}

/// A mask that nothing is left to chance in, or many that have what every one must have.
inline void compute_noise_mask(const span_case& c, span_results& results) {
  const auto length = static_cast<std::size_t>(c.integer("length"));
  const noise_spans spans = c.spans();
  if (c.has("expected")) return results.put("expected", drawn(spans, length, 0));
  std::vector<flag_list> draws;
  for (std::uint64_t number = 0; number < 100; ++number) draws.push_back(drawn(spans, length, number));
  results.put_lists("draws", draws);
}

inline void compute_lengths(const span_case& c, span_results& results) {
  const auto lengths = c.spans().lengths_for(c.integer("inputs_length"));
  results.put("expected", std::vector<index>{lengths.tokens, lengths.targets});
}

inline void compute_segments(const span_case& c, span_results& results) {
  std::vector<index> counts;
  for (const std::int32_t most : c.integers("max_tokens_per_segment")) {
    if (most < 1) throw wrong_case("max_tokens_per_segment is less than 1");
    counts.push_back(segment_count(c.integer("length"), most));
  }
  results.put("expected_segments", counts);
}

inline void compute_prefix_lm(const span_case& c, bool decoder_alone, span_results& results) {
  const auto texts = c.lists("targets");
  const id_list splits = c.integers("split_points");
  if (texts.size() != (decoder_alone ? 1u : 2u) || splits.empty()) throw not_supported("another number of targets");
  const std::size_t length = texts[0].size();
  if (splits[0] < 1 || static_cast<std::size_t>(splits[0]) >= length || texts.back().size() != length)
    throw wrong_case("targets of other lengths, or a split point outside of them");
  id_list targets(length), ids(length), segments(length), positions(length);
  flag_list counts(length), in_prefix(length);
  if (decoder_alone) {
    pack_prefix_lm(texts[0], splits[0], 0, ids, in_prefix, {targets, counts});
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

/// What a case's function gives, under the names of what it expects.
///
/// Throws `not_supported` for a function that has no counterpart, `wrong_case` for a case that makes no sense.
inline void compute_span_case(const span_case& c, span_results& results) {
  const std::string_view name = c.text("fn");
  if (detail::compute_replacement(name, c, results)) return;
  if (name == "denoise" || name.starts_with("denoise (inputs=noise_span_to_unique_sentinel, targets=nonnoise_span_to"))
    detail::compute_denoise(c, results);
  else if (name == "random_spans_noise_mask") detail::compute_noise_mask(c, results);
  else if (name == "random_spans_helper") detail::compute_lengths(c, results);
  else if (name == "split_tokens") detail::compute_segments(c, results);
  else if (name == "pack_prefix_lm_encoder_decoder") detail::compute_prefix_lm(c, false, results);
  else if (name == "pack_prefix_lm_decoder_only") detail::compute_prefix_lm(c, true, results);
  else throw not_supported("function " + std::string(name));
}

}  // namespace typeformer::conformance
