// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdio>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <typeformer/contract/output_widths.hpp>
#include <typeformer/contract/real_inputs.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/objectives/classification.hpp>
#include <typeformer/objectives/regression.hpp>
#include <typeformer/session/forward_pass.hpp>

#include "case_folder.hpp"
#include "case_inputs.hpp"
#include "case_loss.hpp"
#include "case_training.hpp"
#include "case_upstream.hpp"

namespace typeformer::conformance {

/// The channels of a model's time series; 0: it reads images.
template <class M> constexpr index_type channels_of_series() {
  if constexpr (requires { index_type(M::embedding::series_channels); }) return M::embedding::series_channels;
  else return 0;
}

/// Nothing (with a message) if there are numbers, but not as many as expected.
inline std::optional<std::vector<float>> as_many(std::optional<std::vector<float>> numbers, const std::string& name,
                                                 index_type expected) {
  if (numbers && !numbers->empty() && index_type(numbers->size()) != expected)
    return std::fprintf(stderr, "%s does not hold %lld numbers\n", name.c_str(), static_cast<long long>(expected)),
           std::nullopt;
  return numbers;
}

/// Collects what a model of numbers shows, with Hugging Face's names: hidden_states.k, attentions.k, and the logits of
/// the two classifiers of a DeiT. The rows of time series are [sequence][channel][row].
template <class M, index_type Batch> struct real_observer {
  static constexpr index_type channels = channels_of_series<M>(), groups = channels > 0 ? channels : 1,
                              length = M::context / groups, heads = M::config.heads;
  tensors* results;

  template <class Rows>
  void operator()(observation what, [[maybe_unused]] loop_place place, Rows rows, index_type width) const {
    const std::string number = std::to_string(place.iteration);
    if (what == observation::stack_input) return keep_states("hidden_states.0", rows, width);
    if (what == observation::block_output)
      return keep_states("hidden_states." + std::to_string(place.iteration + 1), rows, width);
    if (what == observation::attention_probabilities) return keep_attention("attentions." + number, rows);
    if constexpr (requires { requires M::config.has_teacher; })
      if (what == observation::pooled)
        keep(results->count("cls_logits") == 0 ? "cls_logits" : "distillation_logits", {Batch, width}, rows, width);
  }
  template <class Rows> void keep_states(const std::string& name, Rows rows, index_type width) const {
    if (channels > 0) keep(name, {Batch, channels, length, width}, rows, width);
    else keep(name, {Batch, length, width}, rows, width);
  }
  template <class Rows>
  void keep(const std::string& name, std::vector<std::int64_t> shape, Rows rows, index_type width) const {
    tensor& t = (*results)[name];
    t.shape = std::move(shape);
    t.numbers.clear();
    index_type count = 1;
    for (const std::int64_t extent : t.shape) count *= index_type(extent);
    for (index_type r = 0; r < count / width; ++r) t.numbers.insert(t.numbers.end(), rows[r], rows[r] + width);
  }

 private:
  /// [row][head][keys of the row's sequence] becomes [sequence and channel][head][query][key of the channel].
  template <class Rows> void keep_attention(const std::string& name, Rows rows) const {
    tensor& t = (*results)[name];
    t.shape = {Batch * groups, heads, length, length};
    t.numbers.clear();
    for (index_type group = 0; group < Batch * groups; ++group)
      for (index_type head = 0; head < heads; ++head)
        for (index_type query = 0; query < length; ++query) {
          const float* const keys = rows[group * length + query] + head * M::context + group % groups * length;
          t.numbers.insert(t.numbers.end(), keys, keys + length);
        }
  }
};

/// What a case gives: the numbers that are read, and targets of one of three kinds.
template <Model M, index_type Batch> struct real_case {
  static constexpr bool reads_series = channels_of_series<M>() > 0;
  static constexpr index_type of_tokens = token_outputs<M>, of_sequences = sequence_outputs<M>;
  std::vector<float> values{}, targets{}, upstream{};
  std::vector<std::int32_t> labels{};
  const char* logits = "logits";

  static std::optional<real_case> of(const checkpoint_file& given) {
    const char* const input = reads_series                 ? "past_values"
                              : given.find("input_values") ? "input_values"
                                                           : "pixel_values";
    const std::string output = of_tokens > 0 ? "last_hidden_state" : name_of_logits(given);
    const std::string label = given.find("future_values") ? "future_values" : reads_series ? "target_values" : "labels";
    auto values = as_many(numbers_of(given, input), input, Batch * image_values<M>);
    const index_type width = of_tokens > 0 ? of_tokens : of_sequences;
    auto upstream =
        as_many(upstream_of(given, "gout." + output, width), output, Batch * (of_tokens > 0 ? M::context : 1) * width);
    if (!values || !upstream) return {};
    if (values->empty()) return std::fprintf(stderr, "no %s\n", input), std::nullopt;
    real_case c{.values = std::move(*values), .upstream = std::move(*upstream), .logits = name_of_logits(given)};
    if constexpr (M::has_head) {
      auto labels = labels_of(given, label, of_sequences);
      if (!labels) return {};
      c.labels = std::move(*labels);
    } else if (of_tokens == 0) {
      auto targets = as_many(numbers_of(given, label), label, Batch * of_sequences);
      if (!targets) return {};
      c.targets = std::move(*targets);
    }
    return c;
  }

 private:
  static const char* name_of_logits(const checkpoint_file& given) {
    for (const char* const name : {"prediction_logits", "regression_outputs", "prediction_outputs"})
      if (given.find(name)) return name;
    return "logits";
  }
};

/// Everything that the forward pass shows and delivers, and the loss. Returns false (with a message) if something was
/// rejected.
template <Model M, index_type Batch>
bool run_real_forward(const opened_case<M>& c, const real_case<M, Batch>& given, tensors& results) {
  forward_pass<M, batch<Batch>, observing> forward{c.values};
  const real_observer<M, Batch> observer{&results};
  const auto delivered = forward.run(std::span<const float>{given.values}, observer);
  if (!delivered) return std::fprintf(stderr, "%s\n", delivered.error().message().c_str()), false;
  if constexpr (requires { delivered->sequences; }) {
    observer.keep_states("last_hidden_state", delivered->tokens, token_outputs<M>);
    observer.keep("pooler_output", {Batch, sequence_outputs<M>}, delivered->sequences, sequence_outputs<M>);
  } else if constexpr (token_outputs<M> > 0) {
    observer.keep_states("last_hidden_state", *delivered, token_outputs<M>);
  } else {
    std::vector<std::int64_t> shape{Batch, sequence_outputs<M>};
    if constexpr (requires { M::config.forecast; })
      if (M::config.forecast > 0) shape = {Batch, M::config.forecast, M::config.channels};
    observer.keep(given.logits, shape, *delivered, sequence_outputs<M>);
  }
  if (!given.labels.empty())
    results["loss"] = {
        {}, {static_cast<float>(mean_cross_entropy(results[given.logits].numbers, given.labels))}, {}, {}};
  return true;
}

/// The gradients, of the loss of labels or targets, or of an upstream gradient.
template <Model M, index_type Batch>
void run_real_backward(const opened_case<M>& c, const real_case<M, Batch>& given, tensors& results) {
  constexpr index_type length = M::context;
  batch_tables<Batch, length> tables;
  fill_tables(tables, std::vector<std::int32_t>(static_cast<std::size_t>(Batch * length)));
  token_batch batch_of_case = tables.view();
  batch_of_case.images = given.values.data();
  batch_of_case.image_values = image_values<M>;
  batch_of_case.sequence_labels = given.labels.data();
  batch_of_case.outputs = token_outputs<M>;
  batch_of_case.sequence_outputs = sequence_outputs<M>;
  const auto learn = [&]<class Objective>(Objective) {
    keep_training_step<M, Objective, Batch, length>(c.given, c.start, batch_of_case, c.settings.adamw, results);
  };
  if constexpr (M::has_head)
    if (!given.labels.empty()) return learn(sequence_classification{});
  if (!given.targets.empty()) {
    batch_of_case.sequence_targets = given.targets.data();
    if constexpr (!M::has_head && token_outputs<M> == 0) return learn(sequence_regression<>{});
  }
  if (given.upstream.empty()) return;
  if constexpr (token_outputs<M> > 0) {
    batch_of_case.targets = given.upstream.data();
    learn(token_regression<upstream_gradient>{});
  } else if constexpr (!M::has_head) {
    batch_of_case.sequence_targets = given.upstream.data();
    learn(sequence_regression<upstream_gradient>{});
  }
}

/// Runs a case folder of a model that reads images, spectrograms or time series. Returns the exit code of the runner.
template <Model M, case_shape Shape> int run_real_case(const std::string& folder, const std::string& output) {
  return run_case_folder<M>(folder, output, [&](const opened_case<M>& c, tensors& results) {
    if (c.given.find("past_observed_mask")) return missing("past_observed_mask");
    const auto given = real_case<M, Shape.batch>::of(c.given);
    if (!given) return 1;
    if (M::has_head && given->labels.empty() && !given->upstream.empty())
      return missing("an upstream gradient of logits that have labels");
    if (!run_real_forward<M, Shape.batch>(c, *given, results)) return 1;
    if (c.everything) run_real_backward<M, Shape.batch>(c, *given, results);
    return 0;
  });
}

}  // namespace typeformer::conformance
