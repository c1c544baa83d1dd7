// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <string>
#include <utility>

#include <typeformer/contract/real_inputs.hpp>
#include <typeformer/hosted/formats/huggingface_config.hpp>
#include <typeformer/session/padded_tokens.hpp>
#include <typeformer/session/real_batches.hpp>

#include "case_inputs.hpp"

namespace typeformer::conformance {

/// Rows of each source, as the encoder counts them: of features several frames may be one.
template <Model M, case_shape Shape> constexpr index_type rows_of_source() {
  if constexpr (source_channels<M> > 0) return Shape.length * Shape.channels / source_channels<M>;
  else return Shape.length;
}

/// Sources and targets of a case. `labels` may be empty, `source_valid` never is.
struct encoder_decoder_inputs {
  std::vector<std::int32_t> source{};  ///< ids, or 0 where there are features
  std::vector<float> features{};       ///< [sequences][frames][channels]
  std::vector<std::int32_t> target{}, labels{};
  std::vector<std::uint8_t> source_valid{}, target_valid{};
  std::size_t target_length = 1;
  std::int32_t start = 0;  ///< of a generation

  template <class Session> auto read(Session& run, index_type length) const {
    if constexpr (source_channels<typename Session::model> > 0)
      return run.read(padded_features{features, source_valid, length});
    else return run.read(padded_tokens{source, source_valid, length});
  }
  /// Each sequence `times` times.
  encoder_decoder_inputs repeated(index_type times) const {
    encoder_decoder_inputs all;
    const std::size_t sequences = target.size() / target_length;
    const auto repeat = [&](const auto& from, auto& to) {
      const auto size = std::ptrdiff_t(from.size() / sequences);
      for (std::ptrdiff_t s = 0; s < std::ptrdiff_t(sequences); ++s)
        for (index_type i = 0; i < times; ++i)
          to.insert(to.end(), from.begin() + s * size, from.begin() + (s + 1) * size);
    };
    repeat(source, all.source);
    repeat(features, all.features);
    repeat(source_valid, all.source_valid);
    return all;
  }
};

/// The inputs of a decoder that learns these labels: each label one place later, after `start`, or after the text's own
/// last token. What is none becomes `padding`.
inline std::vector<std::int32_t> inputs_for(const std::vector<std::int32_t>& labels, std::size_t length,
                                            std::int32_t start, std::int32_t padding, bool begins_with_last) {
  std::vector<std::int32_t> inputs;
  for (std::size_t first = 0; first < labels.size(); first += length) {
    const auto token = [&](std::size_t i) { return labels[first + i] == no_label ? padding : labels[first + i]; };
    std::size_t tokens = 0;
    for (std::size_t i = 0; i < length; ++i) tokens += token(i) != padding;
    inputs.push_back(begins_with_last && tokens > 0 ? token(tokens - 1) : start);
    for (std::size_t i = 0; i + 1 < length; ++i) inputs.push_back(token(i));
  }
  return inputs;
}

/// [sequences][channels][frames] becomes [sequences][frames][channels].
inline std::vector<float> frames_of(const std::vector<float>& channels_first, index_type channels, index_type frames) {
  std::vector<float> all(channels_first.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const index_type at = index_type(i), sequence = at / (channels * frames), channel = at / frames % channels;
    all[std::size_t((sequence * frames + at % frames) * channels + channel)] = channels_first[i];
  }
  return all;
}

/// Nothing (with a message) if something is outside the vocabulary or does not have the length of the others.
template <Model M, case_shape Shape>
std::optional<encoder_decoder_inputs> encoder_decoder_inputs_of(const checkpoint_file& given,
                                                                const std::string& folder) {
  constexpr std::size_t rows = std::size_t(Shape.batch * rows_of_source<M, Shape>());
  constexpr std::size_t targets = std::size_t(Shape.batch * Shape.target_length);
  const auto config = json_config::open(folder + "/config.json");
  if (!config) return std::fprintf(stderr, "%s\n", config.error().message().c_str()), std::nullopt;
  const auto id = [&](const char* key) {
    const auto found = config->integer(key, 0);
    return found ? *found : -1;
  };
  const std::int64_t start = id("decoder_start_token_id"), padding = id("pad_token_id");
  if (start < 0 || start >= M::vocabulary)
    return std::fputs("decoder_start_token_id is no token\n", stderr), std::nullopt;

  auto target = integers_of(given, "decoder_input_ids", M::vocabulary);
  auto labels = labels_of(given, "labels", M::vocabulary);
  if (!target || !labels) return {};
  encoder_decoder_inputs all{.target_length = std::size_t(Shape.target_length), .start = std::int32_t(start)};
  if constexpr (source_channels<M> > 0) {
    all.source.assign(rows, 0);
    const stored_tensor* const found = given.find("input_features");
    std::vector<float> values(found ? found->element_count() : 0);
    if (!found || !read_floats(*found, values)) return std::fputs("no input_features\n", stderr), std::nullopt;
    all.features = frames_of(values, Shape.channels, Shape.length);
  } else {
    auto source = integers_of(given, "input_ids", M::source_vocabulary);
    if (!source) return {};
    all.source = std::move(*source);
  }
  all.source_valid = valid_of(given);
  if (all.source_valid.empty()) all.source_valid.assign(rows, 1);
  constexpr bool begins_with_last = requires { requires M::target_begins_with_its_last_token; };
  if (target->empty() && !labels->empty())
    *target = inputs_for(*labels, std::size_t(Shape.target_length), all.start, std::int32_t(padding), begins_with_last);
  if (all.source.size() != rows || all.source_valid.size() != rows || target->size() != targets ||
      (!labels->empty() && labels->size() != targets))
    return std::fputs("attention_mask or labels of another size than the tokens\n", stderr), std::nullopt;
  for (const std::int32_t token : *target)
    if (token < 0 || token >= M::vocabulary) return std::fputs("pad_token_id is no token\n", stderr), std::nullopt;
  all.target = std::move(*target);
  all.labels = std::move(*labels);
  all.target_valid.assign(targets, 1);
  return all;
}

}  // namespace typeformer::conformance
