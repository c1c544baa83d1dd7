// SPDX-License-Identifier: BSL-1.0
// runs-in-tests
// 19. Interpretability: a model whose mechanism is known, and the readers that must find it.
//     docs/open_questions/interpretability.md explains the figures.
//
//    A text is a few random tokens that repeat until it is full. Only a token that was seen before can be predicted:
//    find its earlier occurrence, and say what followed. With attention alone, two layers can do it, one cannot
//    (Olsson et al. 2022): a head of the first writes each token's predecessor into its row, and a head of the second,
//    the induction head, looks for the row whose predecessor is the current token and copies its token.
//
//    19_read_a_model [STEPS]
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <vector>

#include <typeformer/hosted.hpp>
#include <typeformer/hosted/interpretability/attention_map.hpp>
#include <typeformer/hosted/interpretability/changed_values.hpp>
#include <typeformer/hosted/interpretability/input_gradients.hpp>
#include <typeformer/hosted/interpretability/integrated_gradients.hpp>
#include <typeformer/hosted/interpretability/logit_lens.hpp>
#include <typeformer/hosted/interpretability/logit_parts.hpp>
#include <typeformer/hosted/interpretability/recorded_values.hpp>
#include <typeformer/objectives/label_logits.hpp>
#include <typeformer/optimizers/schedules/cosine_schedule.hpp>

#include "generated_texts.hpp"

namespace tf = typeformer;
using id_list = std::vector<std::int32_t>;
using seen = tf::observation;

constexpr tf::index_type length = 32, symbols = 24, depth_of_model = 2, head_count = 4, model_width = 32,
                         head_width = model_width / head_count;

struct attention_only
    : tf::decoder_only<
          tf::token_embedding<tf::vocabulary<symbols>, tf::width<model_width>>,
          tf::learned_positions<tf::context<length>>,
          tf::repeat<depth_of_model, tf::residual<tf::named<"norm", tf::layer_norm<>>,
                                                  tf::named<"attention", tf::self_attention<tf::heads<head_count>>>>>,
          tf::final_norm<tf::layer_norm<>>, tf::untied_head> {
  static constexpr tf::initial_values starts[] = {{"*norm.weight", 0, 1}, {"*.weight", 0.1}};
  static constexpr tf::initialization initial{starts, 2};
};
using run_type = tf::forward_pass<attention_only, tf::observing>;

/// Different tokens that repeat; `period` of them. What can be known is labeled.
toy::text repeated(tf::philox& random, tf::index_type period) {
  id_list first;
  while (tf::index_type(first.size()) < period) {
    const std::int32_t id = toy::pick(random, symbols);
    if (std::find(first.begin(), first.end(), id) == first.end()) first.push_back(id);
  }
  toy::text made;
  for (tf::index_type i = 0; i < length; ++i)
    made.add(first[std::size_t(i % period)], i >= period - 1 ? first[std::size_t((i + 1) % period)] : tf::no_label);
  return made;
}
toy::text drawn(tf::philox& random) { return repeated(random, 6 + tf::index_type(tf::uniform_below(9, random))); }

std::int32_t likeliest(std::span<const float> logits) {
  return std::int32_t(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

/// The lens: how often each depth already says what follows, and whether its last table is the logits.
bool show_lens(run_type& run, const std::vector<toy::text>& texts) {
  std::vector<double> right(depth_of_model + 1);
  double known = 0;
  bool is_exact = true;
  for (const toy::text& text : texts) {
    const auto lens = tf::logit_lens(run, text.ids);
    const auto logits = run.run(text.ids);
    if (!lens || !logits) return false;
    is_exact = is_exact && std::equal(lens->back().numbers.begin(), lens->back().numbers.end(), logits->data);
    for (tf::index_type row = 0; row < length; ++row) {
      if (text.labels[std::size_t(row)] < 0) continue;
      ++known;
      for (std::size_t depth = 0; depth < lens->size(); ++depth)
        right[depth] += likeliest((*lens)[depth].row(row)) == text.labels[std::size_t(row)];
    }
  }
  std::printf("\nlogit lens, right predictions: embedding %.3f, layer 1 %.3f, layer 2 %.3f; layer 2 %s the logits\n",
              right[0] / known, right[1] / known, right[2] / known, is_exact ? "is" : "is not");
  return is_exact && right[2] > 0.9 * known && right[1] < 0.5 * known;
}

struct head {
  tf::index_type layer = 0, number = 0;
  double score = 0;
};
tf::value_part outputs_of(const head& of) {
  return {.value = {seen::head_outputs, of.layer}, .first_column = of.number * head_width, .columns = head_width};
}

/// Attention maps: the best head for either score.
struct found_heads {
  head previous, induction;
};
found_heads show_scores(run_type& run, const toy::text& text, tf::index_type period) {
  tf::recorded_values values{seen::attention_probabilities};
  found_heads best;
  if (!run.run(text.ids, values.observer())) return best;
  std::printf("\nhead   previous token   induction\n");
  for (tf::index_type layer = 0; layer < depth_of_model; ++layer) {
    const tf::attention_map map{values.at({seen::attention_probabilities, layer}), head_count};
    for (tf::index_type h = 0; h < head_count; ++h) {
      const head previous{layer, h, tf::previous_token_score(map, h)},
          induction{layer, h, tf::induction_score(map, h, period)};
      std::printf("%d.%d    %.3f            %.3f\n", int(layer) + 1, int(h) + 1, previous.score, induction.score);
      if (previous.score > best.previous.score) best.previous = previous;
      if (induction.score > best.induction.score) best.induction = induction;
    }
  }
  return best;
}

/// Direct attribution of the right logit minus the mean of all, in the last row.
bool show_parts(run_type& run, const toy::text& text) {
  const tf::index_type row = length - 1;
  const auto parts = tf::parts_of_logit(run, text.ids, {row, text.labels.back(), text.ids.back()});
  if (!parts) return false;
  std::printf(
      "\nright logit minus that of the current token: %.3f = embedding %.3f + layer 1 %.3f + layer 2 %.3f + biases "
      "%.3f (sum %.3f)\n",
      parts->logit, parts->parts[0].logit, parts->parts[1].logit, parts->parts[2].logit, parts->bias, parts->sum());
  return std::abs(parts->sum() - parts->logit) < 1e-3 * std::abs(parts->logit);
}

/// Patching: the text with another token behind the earlier occurrences. 1: the clean difference of the two logits is
/// restored, 0: nothing is.
bool show_patches(run_type& run, const toy::text& clean, tf::index_type period, const found_heads& found) {
  toy::text other = clean;
  std::int32_t answer = clean.labels.back(), replacement = 0;
  while (std::find(clean.ids.begin(), clean.ids.end(), replacement) != clean.ids.end()) ++replacement;
  std::replace(other.ids.begin(), other.ids.end(), answer, replacement);
  const auto difference = [&](const id_list& text, auto observer) {
    const auto logits = run.run(text, observer);
    return logits ? double((*logits)[length - 1][answer]) - double((*logits)[length - 1][replacement]) : 0.0;
  };
  tf::recorded_values values{seen::head_outputs, seen::stack_input, seen::branch_output};
  tf::recorded_values other_values{seen::head_outputs, seen::stack_input, seen::branch_output};
  const double of_clean = difference(clean.ids, values.observer()),
               of_other = difference(other.ids, other_values.observer());
  const auto restored = [&](tf::changed_values& changes) {
    return (difference(other.ids, changes.observer()) - of_other) / (of_clean - of_other);
  };
  std::printf("\npatched into the other text (%.2f instead of %.2f), restored:", of_other, of_clean);
  for (tf::index_type layer = 0; layer < depth_of_model; ++layer)
    for (tf::index_type h = 0; h < head_count; ++h) {
      tf::changed_values one;
      one.copy(outputs_of({layer, h}), values.at({seen::head_outputs, layer}));
      std::printf(" %d.%d %.3f", int(layer) + 1, int(h) + 1, restored(one));
    }
  tf::changed_values everything, ablated;
  everything.copy({.value = {seen::stack_input, 0}}, values.at({seen::stack_input, 0}));
  for (tf::index_type layer = 0; layer < depth_of_model; ++layer)
    everything.copy({.value = {seen::branch_output, layer}}, values.at({seen::branch_output, layer}));
  const double all = difference(other.ids, everything.observer());
  ablated.clear(outputs_of(found.previous));
  const double without = difference(clean.ids, ablated.observer());
  std::printf("\neverything patched: %.6f, the clean run: %.6f; clean without the previous-token head: %.2f\n", all,
              of_clean, without);

  // Path patching: from the previous-token head to the second layer only. First what layer 2 writes if that head alone
  // has its value of the other text; then a clean run in which layer 2 alone writes that.
  tf::changed_values sender, receiver;
  tf::recorded_values received{seen::branch_output};
  sender.copy(outputs_of(found.previous), other_values.at({seen::head_outputs, found.previous.layer}));
  difference(clean.ids, sender.observer(&received));
  receiver.copy({.value = {seen::branch_output, 1}}, received.at({seen::branch_output, 1}));
  std::printf("path from head %d.%d to layer 2 with the value of the other text: %.2f instead of %.2f\n",
              int(found.previous.layer) + 1, int(found.previous.number) + 1, difference(clean.ids, receiver.observer()),
              of_clean);
  static_cast<void>(period);
  return all == of_clean && without < 0.5 * of_clean;
}

/// Integrated gradients: which tokens the right logit in the last row comes from.
bool show_attributions(const tf::parameters<attention_only>& parameters, const toy::text& text) {
  tf::input_gradients<attention_only, tf::token_label_logits> gradients;
  tf::token_batch_builder builder;
  id_list labels(text.ids.size(), tf::no_label);
  labels.back() = text.labels.back();
  builder.add(text.ids, labels);
  const auto found = tf::integrated_gradients(gradients, parameters.data(), builder.batch());
  if (!found) return false;
  std::printf("\nintegrated gradients by token (a * is the answer, a + the current token):\n");
  tf::index_type most = 0;
  for (tf::index_type row = 0; row < length; ++row) {
    const std::int32_t id = text.ids[std::size_t(row)];
    std::printf(" %d%s %.2f", int(id),
                id == labels.back()     ? "*"
                : id == text.ids.back() ? "+"
                                        : "",
                found->of_row(row));
    if (found->of_row(row) > found->of_row(most)) most = row;
  }
  std::printf("\nsum %.4f, difference of the logits %.4f\n", found->sum(), found->difference);
  return std::abs(found->sum() - found->difference) < 0.01 * std::abs(found->difference) &&
         text.ids[std::size_t(most)] == labels.back();
}

int main(int argc, char** argv) {
  const tf::index_type steps = argc > 1 ? std::atoi(argv[1]) : 2000;
  toy::generated_texts<32, toy::text (*)(tf::philox&)> data{1, drawn};
  tf::trainer<attention_only, tf::causal_language_model, tf::adamw, tf::batch<32>, tf::tokens<length>> training{
      {.learning_rate = tf::cosine_schedule{.learning_rate = 6e-3, .warm_up_steps = 50, .steps = steps},
       .steps = steps,
       .evaluation_interval = 500}};
  training.initialize(1);
  const auto learned = training.run(data);
  if (!learned) {
    std::fprintf(stderr, "%s\n", learned.error().message().c_str());
    return 1;
  }
  std::printf("%.4f nats a token that can be known\n", learned->validation_loss);
  const tf::weights<attention_only> weights{training.values()};
  run_type run{weights};

  std::vector<toy::text> texts;
  for (std::uint64_t i = 0; i < 64; ++i) texts.push_back(data.unseen(i));
  tf::philox random{2, 2};
  constexpr tf::index_type period = 12;
  const toy::text text = repeated(random, period);
  const bool lens = show_lens(run, texts);
  const found_heads found = show_scores(run, text, period);
  const bool parts = show_parts(run, text), patches = show_patches(run, text, period, found),
             attributions = show_attributions(training.values(), text);
  const bool is_known = found.previous.layer == 0 && found.previous.score > 0.5 && found.induction.layer == 1 &&
                        found.induction.score > 0.5;
  std::printf("\nlens %d, head_count %d, parts %d, patches %d, attributions %d\n", lens, is_known, parts, patches,
              attributions);
  return lens && is_known && parts && patches && attributions ? 0 : 1;
}
