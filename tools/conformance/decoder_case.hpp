// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdio>

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
  std::int64_t sequences, length, layers, reserved;

  template <class Rows> void operator()(observation what, index iteration, Rows rows, index width) const {
    const std::string number = std::to_string(iteration);
    switch (what) {
      case observation::stack_input: return keep("hidden_states.0", rows, width);
      case observation::block_output:
        if (iteration + 1 < layers) keep("hidden_states." + std::to_string(iteration + 1), rows, width);
        return;
      case observation::final_hidden_state: return keep("hidden_states." + std::to_string(layers), rows, width);
      case observation::attention_probabilities: return keep_attention("attentions." + number, rows);
      case observation::query_key_value:
        if (iteration != 0) return;
        keep_heads("past.0.key", rows, Numbers::query_width);
        keep_heads("past.0.value", rows, Numbers::query_width + Numbers::key_width);
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
          const float* keys = rows[s * length + q] + h * length;  // the row's keys are as many as the sequence has tokens
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
inline float shifted_loss(const std::vector<float>& logits, const std::vector<std::int64_t>& labels, std::int64_t sequences,
                          std::int64_t length, std::int64_t vocabulary) {
  std::vector<double> row(static_cast<std::size_t>(vocabulary));
  double sum = 0, count = 0;
  for (std::int64_t s = 0; s < sequences; ++s)
    for (std::int64_t t = 0; t + 1 < length; ++t) {
      const auto label = static_cast<std::int32_t>(labels[static_cast<std::size_t>(s * length + t + 1)]);
      const float* from = logits.data() + (s * length + t) * vocabulary;
      std::copy(from, from + vocabulary, row.begin());
      double loss = 0;
      reference::cross_entropy<double>(1, vocabulary, rows_view<const double>{row.data(), vocabulary}, &label, -100, 0.0, &loss);
      sum += loss;
      count += label != -100;
    }
  return static_cast<float>(sum / count);
}

/// Everything of a decoder's case that needs no backward pass; false (and a message) when something was refused.
template <Model M, index Layers, class Numbers, index Batch, index Length, index Generated>
bool run_decoder_forward(const checkpoint& given, const weights<M>& values, tensors& results) {
  const auto ids = read_ids(given, "input_ids");
  const auto shape = shape_of(given, "input_ids");
  if (shape != std::vector<std::int64_t>{Batch, Length}) return false;
  const std::vector<std::int32_t> tokens(ids.begin(), ids.end());
  std::vector<std::span<const std::int32_t>> sequences;
  for (index s = 0; s < Batch; ++s) sequences.emplace_back(tokens.data() + s * Length, Length);

  evaluator<M, batch<Batch>, prompt<Length>, observing> evaluate{values};
  const auto logits =
      evaluate.evaluate(std::span<const std::span<const std::int32_t>>{sequences},
                        decoder_observer<Numbers>{&results, Batch, Length, Layers, Length});
  if (!logits) return std::fprintf(stderr, "%s\n", logits.error().text()), false;
  tensor& t = results["logits"];
  t.shape = {Batch, Length, M::vocabulary};
  t.numbers.assign(logits->data, logits->data + Batch * Length * M::vocabulary);
  if (const auto labels = read_ids(given, "labels"); !labels.empty())
    results["loss"] = {{}, {shifted_loss(t.numbers, labels, Batch, Length, M::vocabulary)}, {}};

  const auto prompts = read_ids(given, "gen.prompt_ids");
  if (prompts.empty()) return true;
  const auto prompt_length = shape_of(given, "gen.prompt_ids")[1];
  const std::vector<std::int32_t> prompt_tokens(prompts.begin(), prompts.end());
  session<M, batch<Batch>> run{values};
  std::vector<std::span<const std::int32_t>> starts;
  std::vector<std::vector<std::int64_t>> generated(Batch);
  for (index s = 0; s < Batch; ++s) {
    starts.emplace_back(prompt_tokens.data() + s * prompt_length, static_cast<std::size_t>(prompt_length));
    generated[static_cast<std::size_t>(s)].assign(starts.back().begin(), starts.back().end());
  }
  auto taken = run.prefill(std::span<const std::span<const std::int32_t>>{starts});
  std::vector<std::int32_t> next(Batch);
  for (index step = 0; taken && step < Generated; ++step) {
    for (index s = 0; s < Batch; ++s) {
      next[static_cast<std::size_t>(s)] = greedy{}(run.logits(s));
      generated[static_cast<std::size_t>(s)].push_back(next[static_cast<std::size_t>(s)]);
    }
    if (step + 1 < Generated) taken = run.decode(std::span<const std::int32_t>{next});
  }
  if (!taken) return std::fprintf(stderr, "%s\n", taken.error().text()), false;
  tensor& greedy_ids = results["gen.greedy_ids"];
  greedy_ids.shape = {Batch, prompt_length + Generated};
  for (const auto& sequence : generated) greedy_ids.ids.insert(greedy_ids.ids.end(), sequence.begin(), sequence.end());
  return true;
}

/// The gradient of every tensor by its name in the file, and the tensors after one step of AdamW that the case holds.
template <Model M, index Batch, index Length>
bool run_decoder_backward(const checkpoint& given, const parameters<M>& start, tensors& results) {
  const auto ids = read_ids(given, "input_ids"), labels = read_ids(given, "labels");
  if (labels.size() != ids.size()) return false;
  batch_tables<Batch, Length> tables;
  std::vector<std::int32_t> targets(ids.size(), no_label);
  index labelled = 0;
  for (index s = 0; s < Batch; ++s) {
    tables.start_sequence(0);
    for (index t = 0; t < Length; ++t) {
      const auto row = static_cast<std::size_t>(s * Length + t);
      tables.add(static_cast<std::int32_t>(ids[row]), t);
      if (t + 1 < Length) targets[row] = static_cast<std::int32_t>(labels[row + 1]);
      labelled += targets[row] != no_label;
    }
  }
  token_batch batch_of_case = tables.view();
  batch_of_case.labels = targets.data();
  batch_of_case.loss_scale = 1.0 / static_cast<double>(labelled);

  owned_array<float> gradients(start.size());
  learner<M, causal_language_model, float, batch<Batch>, prompt<Length>> learn;
  results["loss"] = {{}, {learn.learn(start.data(), gradients.data(), batch_of_case)}, {}};
  for (const file_tensor& t : file_tensors_of(layout_of<M>, file_names_of<M>()))
    results["grad." + t.name] = {t.shape(), in_file_order(t, gradients.data()), {}};

  parameters<M> after;
  std::copy_n(start.data(), start.size(), after.data());
  const adamw step{.beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8, .weight_decay = 0.01};
  optimizer_state<M, adamw> state;
  optimizer_step(step, after, gradients.data(), state, state.next_step(1e-3), decays_everything{});
  for (const file_tensor& t : file_tensors_of(layout_of<M>, file_names_of<M>()))
    if (given.find("adamw." + t.name)) results["adamw." + t.name] = {t.shape(), in_file_order(t, after.data()), {}};
  return true;
}

/// Runs a case folder and writes everything it could compute; the exit code of the runner.
template <Model M, index Layers, class Numbers, index Batch, index Length, index Generated>
int run_decoder_case(const std::string& folder, const std::string& output) {
  const auto refuse = [](const file_error& error) { return std::fprintf(stderr, "%s\n", error.message().c_str()), 1; };
  const auto given = checkpoint::open(folder + "/case.safetensors");
  if (!given) return refuse(given.error());
  const auto start = load_parameters<M>(folder);
  if (!start) return refuse(start.error());
  const auto values = load<M>(folder);
  if (!values) return refuse(values.error());
  tensors results;
  if (!run_decoder_forward<M, Layers, Numbers, Batch, Length, Generated>(*given, *values, results)) return 1;
  if (!run_decoder_backward<M, Batch, Length>(*given, *start, results)) return 1;
  if (const auto written = write_results(output, results); !written) return refuse(written.error());
  return 0;
}

}  // namespace typeformer::conformance
