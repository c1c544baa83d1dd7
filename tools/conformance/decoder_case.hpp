// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdio>
#include <optional>

#include <typeformer/generation/greedy.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/objectives/learner.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/optimizers/apply.hpp>
#include <typeformer/reference/cross_entropy.hpp>
#include <typeformer/session/evaluator.hpp>
#include <typeformer/session/session.hpp>

#include "tensors.hpp"
#include "write_results.hpp"

namespace typeformer::conformance {

/// Collects what a decoder shows, named as Hugging Face names it: hidden_states.k, attentions.k, past.0.*.
template <class Numbers> struct decoder_observer {
  tensors* results;
  std::int64_t sequences, length, layers;

  template <class Rows> void operator()(observation what, index iteration, Rows rows, index width) const {
    const std::string number = std::to_string(iteration);
    switch (what) {
      case observation::stack_input:
        return keep("hidden_states.0", rows, width);
      case observation::block_output:
        if (iteration + 1 < layers) keep("hidden_states." + std::to_string(iteration + 1), rows, width);
        return;
      case observation::final_hidden_state:
        return keep("hidden_states." + std::to_string(layers), rows, width);
      case observation::attention_probabilities:
        return keep_attention("attentions." + number, rows);
      case observation::query_key_value:
        keep_heads("past." + number + ".key", rows, Numbers::query_width);
        keep_heads("past." + number + ".value", rows, Numbers::query_width + Numbers::key_width);
        return;
    }
  }

 private:
  template <class Rows> void keep(const std::string& name, Rows rows, index width) const {
    tensor& t = (*results)[name];
    t.shape = {sequences, length, width};
    t.numbers.clear();
    for (index r = 0; r < rows.rows; ++r) t.numbers.insert(t.numbers.end(), rows[r], rows[r] + width);
  }
  /// [row][head][reserved keys] becomes [sequence][head][query][key]
  template <class Rows> void keep_attention(const std::string& name, Rows rows) const {
    tensor& t = (*results)[name];
    t.shape = {sequences, Numbers::heads, length, length};
    t.numbers.clear();
    for (index s = 0; s < sequences; ++s)
      for (index h = 0; h < Numbers::heads; ++h)
        for (index q = 0; q < length; ++q) {
          const float* keys =
              rows[s * length + q] + h * length;  // the row's keys are as many as the sequence has tokens
          t.numbers.insert(t.numbers.end(), keys, keys + length);
        }
  }
  template <class Rows> void keep_heads(const std::string& name, Rows rows, index first) const {
    tensor& t = (*results)[name];
    t.shape = {sequences, Numbers::key_value_heads, length, Numbers::head_width};
    t.numbers.clear();
    for (index s = 0; s < sequences; ++s)
      for (index h = 0; h < Numbers::key_value_heads; ++h)
        for (index q = 0; q < length; ++q) {
          const float* head = rows[s * length + q] + first + h * Numbers::head_width;
          t.numbers.insert(t.numbers.end(), head, head + Numbers::head_width);
        }
  }
};

/// Mean cross-entropy of logits[t] against labels[t + 1]; -100 is ignored.
inline float shifted_loss(const std::vector<float>& logits, const std::vector<std::int64_t>& labels,
                          std::int64_t sequences, std::int64_t length, std::int64_t vocabulary) {
  std::vector<double> row(static_cast<std::size_t>(vocabulary));
  double sum = 0, count = 0;
  for (std::int64_t s = 0; s < sequences; ++s)
    for (std::int64_t t = 0; t + 1 < length; ++t) {
      const auto label = static_cast<std::int32_t>(labels[static_cast<std::size_t>(s * length + t + 1)]);
      const float* from = logits.data() + (s * length + t) * vocabulary;
      std::copy(from, from + vocabulary, row.begin());
      double loss = 0;
      reference::cross_entropy<double>(1, vocabulary, rows_view<const double>{row.data(), vocabulary}, &label, -100,
                                       0.0, &loss);
      sum += loss;
      count += label != -100;
    }
  return static_cast<float>(sum / count);
}

/// The case's attention_mask; empty when it has none.
inline std::vector<std::uint8_t> valid_of(const checkpoint_file& given) {
  std::vector<std::uint8_t> valid;
  for (const std::int64_t flag : read_ids(given, "attention_mask")) valid.push_back(flag != 0);
  return valid;
}

/// Then some causal row sees no key at all, and the reference's result depends on how it represents minus infinity.
inline bool hides_a_first_token(const checkpoint_file& given, std::int64_t length) {
  const auto valid = valid_of(given);
  for (std::size_t first = 0; first < valid.size(); first += static_cast<std::size_t>(length))
    if (!valid[first]) return true;
  return false;
}

/// The ids as the model takes them; nothing (and a message) when one lies outside the vocabulary.
inline std::optional<std::vector<std::int32_t>> tokens_of(const checkpoint_file& given, std::string_view name,
                                                          std::int64_t vocabulary) {
  std::vector<std::int32_t> tokens;
  for (const std::int64_t id : read_ids(given, name)) {
    if (id < 0 || id >= vocabulary)
      return std::fprintf(stderr, "id %lld of %s lies outside the vocabulary\n", static_cast<long long>(id),
                          std::string(name).c_str()),
             std::nullopt;
    tokens.push_back(static_cast<std::int32_t>(id));
  }
  return tokens;
}

inline std::vector<std::span<const std::int32_t>> rows_of(const std::vector<std::int32_t>& tokens,
                                                          std::int64_t length) {
  std::vector<std::span<const std::int32_t>> rows;
  for (std::size_t first = 0; first < tokens.size(); first += static_cast<std::size_t>(length))
    rows.emplace_back(tokens.data() + first, static_cast<std::size_t>(length));
  return rows;
}

/// Logits, loss, hidden states, attentions; false (and a message) when something was refused.
template <Model M, index Layers, class Numbers, index Batch, index Length>
bool run_decoder_forward(const checkpoint_file& given, const weights<M>& values, tensors& results) {
  const auto tokens = tokens_of(given, "input_ids", M::vocabulary);
  if (!tokens) return false;
  const auto sequences = rows_of(*tokens, Length);
  evaluator<M, batch<Batch>, prompt<Length>, observing> evaluate{values};
  const decoder_observer<Numbers> observer{&results, Batch, Length, Layers};
  const auto valid = valid_of(given);
  const auto logits = valid.empty() ? evaluate.evaluate(std::span<const std::span<const std::int32_t>>{sequences}, observer)
                                    : evaluate.evaluate(padded_tokens{*tokens, valid, Length, true}, observer);
  if (!logits) return std::fprintf(stderr, "%s\n", logits.error().text()), false;
  tensor& t = results["logits"];
  t.shape = {Batch, Length, M::vocabulary};
  t.numbers.assign(logits->data, logits->data + Batch * Length * M::vocabulary);
  if (const auto labels = read_ids(given, "labels"); !labels.empty())
    results["loss"] = {{}, {shifted_loss(t.numbers, labels, Batch, Length, M::vocabulary)}, {}, {}};
  return true;
}

/// When generation of a sequence ends, and what stands after it.
struct generation_end {
  std::int64_t eos = -1, padding = 0;
};

/// The greedy continuation of the prompts, as long as the case's.
template <Model M, index Prompts>
bool run_greedy(const checkpoint_file& given, const weights<M>& values, const generation_end& end, tensors& results) {
  const auto prompts = tokens_of(given, "gen.prompt_ids", M::vocabulary);
  if (!prompts) return false;
  const std::int64_t prompt_length = shape_of(given, "gen.prompt_ids")[1],
                     length = shape_of(given, "gen.greedy_ids")[1];
  const auto starts = rows_of(*prompts, prompt_length);
  session<M, batch<Prompts>> run{values};
  auto taken = run.prefill(std::span<const std::span<const std::int32_t>>{starts});
  tensor& ids = results["gen.greedy_ids"];
  ids.shape = {Prompts, length};
  ids.ids.resize(static_cast<std::size_t>(Prompts * length));
  std::vector<std::int32_t> next(Prompts);
  std::vector<bool> ended(Prompts, false);
  for (index s = 0; s < Prompts; ++s)
    std::copy(starts[static_cast<std::size_t>(s)].begin(), starts[static_cast<std::size_t>(s)].end(),
              ids.ids.begin() + s * length);
  for (index at = prompt_length; taken && at < length; ++at) {
    for (std::size_t s = 0; s < next.size(); ++s) {
      next[s] = ended[s] ? no_token : greedy{}(run.logits(static_cast<index>(s)));
      ids.ids[s * static_cast<std::size_t>(length) + static_cast<std::size_t>(at)] = ended[s] ? end.padding : next[s];
      if (next[s] == end.eos) ended[s] = true;
    }
    const bool all_ended = std::find(ended.begin(), ended.end(), false) == ended.end();
    if (at + 1 < length && !all_ended) taken = run.decode(std::span<const std::int32_t>{next});
  }
  if (!taken) return std::fprintf(stderr, "%s\n", taken.error().text()), false;
  return true;
}

/// How the case's step of AdamW was made.
struct adamw_step {
  adamw rule{.beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8, .weight_decay = 0.01};
  double learning_rate = 1e-3;
};

/// The gradient of every tensor by its name in the file, and the tensors after one step of AdamW that the case holds.
template <Model M, index Batch, index Length> bool run_decoder_backward(const checkpoint_file& given,
                                                                        const parameters<M>& start,
                                                                        const adamw_step& step, tensors& results) {
  const auto tokens = tokens_of(given, "input_ids", M::vocabulary);
  const auto labels = read_ids(given, "labels");
  if (!tokens || labels.size() != tokens->size()) return false;
  batch_tables<Batch, Length> tables;
  std::vector<std::int32_t> targets(labels.size(), no_label);
  index labelled = 0;
  for (index s = 0; s < Batch; ++s) {
    tables.start_sequence(0);
    for (index t = 0; t < Length; ++t) {
      const auto row = static_cast<std::size_t>(s * Length + t);
      tables.add((*tokens)[row], t);
      if (t + 1 < Length) targets[row] = static_cast<std::int32_t>(labels[row + 1]);
      labelled += targets[row] != no_label;
    }
  }
  token_batch batch_of_case = tables.view();
  const auto valid = valid_of(given);
  batch_of_case.key_valid = valid.empty() ? nullptr : valid.data();
  batch_of_case.key_stride = Length;
  batch_of_case.labels = targets.data();
  batch_of_case.loss_scale = 1.0 / static_cast<double>(labelled);

  owned_array<float> gradients(start.size());
  learner<M, causal_language_model, float, batch<Batch>, prompt<Length>> learn;
  results["loss"] = {{}, {learn.learn(start.data(), gradients.data(), batch_of_case)}, {}, {}};
  const auto file_tensors = file_tensors_of(layout_of<M>, file_names_of<M>());
  for (const file_tensor& t : file_tensors)
    results["grad." + t.name] = {t.shape(), in_file_order(t, gradients.data()), {}, {}};

  parameters<M> after;
  std::copy_n(start.data(), start.size(), after.data());
  optimizer_state<M, adamw> state;
  optimizer_step(step.rule, after, gradients.data(), state, state.next_step(step.learning_rate), decays_everything{});
  for (const file_tensor& t : file_tensors)
    if (given.find("adamw." + t.name)) results["adamw." + t.name] = {t.shape(), in_file_order(t, after.data()), {}, {}};
  return true;
}

/// What case.json says beside the tensors; the values of the reference when it is absent.
struct case_settings {
  adamw_step adamw;
  generation_end greedy;
};
inline case_settings settings_of(const std::string& folder) {
  case_settings settings;
  const auto json = json_config::open(folder + "/case.json");
  if (!json) return settings;
  const auto number = [&](const char* path, double& value) {
    if (const auto found = json->number(path, value)) value = *found;
  };
  number("adamw.lr", settings.adamw.learning_rate);
  number("adamw.betas.0", settings.adamw.rule.beta1);
  number("adamw.betas.1", settings.adamw.rule.beta2);
  number("adamw.eps", settings.adamw.rule.epsilon);
  number("adamw.weight_decay", settings.adamw.rule.weight_decay);
  if (const auto eos = json->integer("generation.greedy.eos_token_id", -1)) settings.greedy.eos = *eos;
  if (const auto padding = json->integer("generation.greedy.pad_token_id", 0)) settings.greedy.padding = *padding;
  return settings;
}

/// Runs a case folder and writes everything it could compute; the exit code of the runner. A folder with
/// expected.safetensors in place of case.safetensors judges loading: only the forward pass.
template <Model M, index Layers, class Numbers, index Batch, index Length, index Prompts>
int run_decoder_case(const std::string& folder, const std::string& output) {
  const auto refuse = [](const file_error& error) { return std::fprintf(stderr, "%s\n", error.message().c_str()), 1; };
  auto given = checkpoint_file::open(folder + "/case.safetensors");
  const bool everything = given.has_value();
  if (!everything) given = checkpoint_file::open(folder + "/expected.safetensors");
  if (!given) return refuse(given.error());
  if (hides_a_first_token(*given, Length)) return std::fprintf(stderr, "missing: attention_mask that hides a first token\n"), 3;
  const auto start = load_parameters<M>(folder);
  if (!start) return refuse(start.error());
  const auto values = load<M>(folder);
  if (!values) return refuse(values.error());
  const case_settings settings = settings_of(folder);
  tensors results;
  if (!run_decoder_forward<M, Layers, Numbers, Batch, Length>(*given, *values, results)) return 1;
  if (given->find("gen.greedy_ids") && !run_greedy<M, Prompts>(*given, *values, settings.greedy, results)) return 1;
  if (everything && given->find("labels") &&
      !run_decoder_backward<M, Batch, Length>(*given, *start, settings.adamw, results))
    return 1;
  if (const auto written = write_results(output, results); !written) return refuse(written.error());
  return 0;
}

}  // namespace typeformer::conformance
