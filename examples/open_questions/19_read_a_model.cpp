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
#include <array>
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
#include <typeformer/hosted/interpretability/linear_probe.hpp>
#include <typeformer/hosted/interpretability/logit_lens.hpp>
#include <typeformer/hosted/interpretability/logit_parts.hpp>
#include <typeformer/hosted/interpretability/recorded_values.hpp>
#include <typeformer/objectives/label_logits.hpp>
#include <typeformer/optimizers/schedules/cosine_schedule.hpp>

#include "../generated_texts.hpp"

namespace tf = typeformer;
using id_list = std::vector<std::int32_t>;
using seen = tf::observation;

constexpr tf::index_type length = 32, symbols = 24, depth_of_model = 2, head_count = 1, model_width = 32,
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

/// A text that ends in the middle of its second period, so that each token of it was there at most once.
toy::text one_and_a_half(tf::philox& random) {
  toy::text made = drawn(random);
  const auto again = std::find(made.ids.begin() + 1, made.ids.end(), made.ids[0]);
  const std::size_t end = std::size_t(again - made.ids.begin()) * 3 / 2;
  made.ids.resize(end);
  made.labels.resize(end);
  return made;
}
tf::index_type period_of(const toy::text& text) {
  return std::find(text.ids.begin() + 1, text.ids.end(), text.ids[0]) - text.ids.begin();
}

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
    for (tf::index_type row = 0; row < tf::index_type(text.ids.size()); ++row) {
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

/// Probes: from which depth on a linear map finds the token before, and how well it learns random classes of the tokens
/// themselves by heart. They are fitted to texts that are not those of the figures.
bool show_probes(run_type& run, const std::vector<toy::text>& texts) {
  const id_list control = tf::control_labels(std::size_t(symbols), std::size_t(symbols), 1);
  std::vector<toy::text> fitted;
  tf::philox random{3, 3};
  for (int i = 0; i < 400; ++i) fitted.push_back(one_and_a_half(random));
  tf::recorded_values shown{seen::stack_input, seen::block_output};
  const std::array depths{tf::shown_value{seen::stack_input, 0}, tf::shown_value{seen::block_output, 0},
                          tf::shown_value{seen::block_output, 1}};
  std::array<double, depths.size()> before{}, by_heart{};
  for (std::size_t d = 0; d < depths.size(); ++d) {
    tf::linear_probe earlier{model_width, symbols}, of_control{model_width, symbols};
    double count = 0;
    for (const bool fits : {true, false}) {
      for (const toy::text& text : fits ? fitted : texts) {
        if (!run.run(text.ids, shown.observer())) return false;
        for (std::size_t row = 1; row < text.ids.size(); ++row) {
          const std::span<const float> x = shown.at(depths[d]).row(tf::index_type(row));
          const std::int32_t last = text.ids[row - 1], random_class = control[std::size_t(text.ids[row])];
          if (fits) {
            earlier.add(x, last);
            of_control.add(x, random_class);
            continue;
          }
          ++count;
          before[d] += earlier.class_of(x) == last;
          by_heart[d] += of_control.class_of(x) == random_class;
        }
      }
      if (fits) earlier.fit(), of_control.fit();
    }
    before[d] /= count, by_heart[d] /= count;
  }
  std::printf(
      "\nprobes at the embedding, layer 1, layer 2: the token before %.3f, %.3f, %.3f; random classes of tokens %.3f, "
      "%.3f, %.3f\n",
      before[0], before[1], before[2], by_heart[0], by_heart[1], by_heart[2]);
  return before[0] < 0.3 && before[1] > 0.8;
}

struct head {
  tf::index_type layer = 0, number = 0;
  double score = 0;
};
tf::value_part outputs_of(const head& of) {
  return {.value = {seen::head_outputs, of.layer}, .first_column = of.number * head_width, .columns = head_width};
}

/// Attention maps: the best head for either score, which is a mean over texts.
struct found_heads {
  head previous, induction;
};
found_heads show_scores(run_type& run, const std::vector<toy::text>& texts) {
  tf::recorded_values values{seen::attention_probabilities};
  found_heads best;
  std::printf("\nhead   previous token   induction\n");
  for (tf::index_type layer = 0; layer < depth_of_model; ++layer)
    for (tf::index_type h = 0; h < head_count; ++h) {
      head previous{layer, h}, induction{layer, h};
      for (const toy::text& text : texts) {
        if (!run.run(text.ids, values.observer())) return best;
        const tf::attention_map map{values.at({seen::attention_probabilities, layer}), head_count};
        previous.score += tf::previous_token_score(map, h) / double(texts.size());
        induction.score += tf::induction_score(map, h, period_of(text)) / double(texts.size());
      }
      std::printf("%d.%d    %.3f            %.3f\n", int(layer) + 1, int(h) + 1, previous.score, induction.score);
      if (previous.score > best.previous.score) best.previous = previous;
      if (induction.score > best.induction.score) best.induction = induction;
    }
  return best;
}

/// Direct attribution of the right logit minus that of the current token, in the last row.
bool show_parts(run_type& run, const toy::text& text) {
  const tf::index_type row = tf::index_type(text.ids.size()) - 1;
  const auto parts = tf::parts_of_logit(run, text.ids, {row, text.labels.back(), text.ids.back()});
  if (!parts) return false;
  std::printf(
      "\nright logit minus that of the current token: %.3f = embedding %.3f + layer 1 %.3f + layer 2 %.3f + biases "
      "%.3f (sum %.3f)\n",
      parts->logit, parts->parts[0].logit, parts->parts[1].logit, parts->parts[2].logit, parts->bias, parts->sum());
  return std::abs(parts->sum() - parts->logit) < 1e-3 * std::abs(parts->logit);
}

/// The logit of the answer minus that of another token, in the last row, and what its changes do to it.
struct effects {
  double clean = 0, other = 0, everything = 0, without = 0, sender = 0, path = 0, restored[depth_of_model] = {};
};
effects effects_in(run_type& run, const toy::text& clean, const found_heads& found) {
  const tf::index_type last = tf::index_type(clean.ids.size()) - 1;
  const std::int32_t answer = clean.labels.back();
  std::int32_t replacement = 0;
  while (std::find(clean.ids.begin(), clean.ids.end(), replacement) != clean.ids.end()) ++replacement;
  const auto difference = [&](const id_list& text, auto observer) {
    const auto logits = run.run(text, observer);
    return logits ? double((*logits)[last][answer]) - double((*logits)[last][replacement]) : 0.0;
  };
  effects of;
  tf::recorded_values values{seen::head_outputs, seen::stack_input, seen::branch_output},
      other_values{seen::head_outputs}, received{seen::branch_output};

  // The other text has another token where the answer was.
  id_list other = clean.ids, unlinked = clean.ids;
  std::replace(other.begin(), other.end(), answer, replacement);
  of.clean = difference(clean.ids, values.observer());
  of.other = difference(other, tf::no_observer{});
  tf::changed_values everything, ablated, sender, receiver;
  everything.copy({.value = {seen::stack_input, 0}}, values.at({seen::stack_input, 0}));
  for (tf::index_type layer = 0; layer < depth_of_model; ++layer) {
    tf::changed_values one;
    one.copy(outputs_of({layer, 0}), values.at({seen::head_outputs, layer}));
    of.restored[layer] = difference(other, one.observer());
    everything.copy({.value = {seen::branch_output, layer}}, values.at({seen::branch_output, layer}));
  }
  of.everything = difference(other, everything.observer());
  ablated.clear(outputs_of(found.previous));
  of.without = difference(clean.ids, ablated.observer());

  // Path patching: in the unlinked text, another token is before the answer. First what layer 2 writes if only the
  // previous-token head has its value of that text; then a clean run in which only layer 2 writes that.
  std::replace(unlinked.begin(), unlinked.end() - 1, clean.ids.back(), replacement);
  difference(unlinked, other_values.observer());
  sender.copy(outputs_of(found.previous), other_values.at({seen::head_outputs, found.previous.layer}));
  of.sender = difference(clean.ids, sender.observer(&received));
  receiver.copy({.value = {seen::branch_output, 1}}, received.at({seen::branch_output, 1}));
  of.path = difference(clean.ids, receiver.observer());
  return of;
}

bool show_patches(run_type& run, const std::vector<toy::text>& texts, const found_heads& found) {
  effects mean;
  bool is_exact = true;
  const double n = double(texts.size());
  for (const toy::text& text : texts) {
    const effects of = effects_in(run, text, found);
    is_exact = is_exact && of.everything == of.clean;
    mean.clean += of.clean / n, mean.other += of.other / n, mean.without += of.without / n;
    mean.sender += of.sender / n, mean.path += of.path / n;
    for (std::size_t layer = 0; layer < depth_of_model; ++layer) mean.restored[layer] += of.restored[layer] / n;
  }
  const auto restored = [&](double value) { return (value - mean.other) / (mean.clean - mean.other); };
  std::printf("\nlogit of the answer minus that of a replacement: %.2f; where the answer is replaced: %.2f\n",
              mean.clean, mean.other);
  std::printf("restored by the clean head of layer 1: %.3f, of layer 2: %.3f; by everything: %s\n",
              restored(mean.restored[0]), restored(mean.restored[1]), is_exact ? "the same bits" : "other bits");
  std::printf(
      "clean without the previous-token head: %.2f; with its value of an unlinked text: %.2f, of which through "
      "layer 2: %.2f\n",
      mean.without, mean.sender, mean.path);
  return is_exact && restored(mean.restored[0]) < 0.1 && restored(mean.restored[1]) > 0.9 &&
         mean.without < 0.5 * mean.clean && std::abs(mean.path - mean.sender) < 0.1 * (mean.clean - mean.sender);
}

/// Integrated gradients: which tokens the right logit in the last row comes from.
bool show_attributions(const tf::parameters<attention_only>& parameters, const std::vector<toy::text>& texts) {
  tf::input_gradients<attention_only, tf::token_label_logits> gradients;
  double last = 0, before = 0, answer = 0, sum = 0, largest_error = 0;
  for (const toy::text& text : texts) {
    tf::token_batch_builder builder;
    id_list labels(text.ids.size(), tf::no_label);
    labels.back() = text.labels.back();
    builder.add(text.ids, labels);
    const auto found = tf::integrated_gradients(gradients, parameters.data(), builder.batch());
    if (!found) return false;
    const tf::index_type rows = tf::index_type(text.ids.size()), earlier = rows - 1 - period_of(text);
    last += found->of_row(rows - 1), before += found->of_row(earlier), answer += found->of_row(earlier + 1);
    sum += found->sum();
    largest_error = std::max(largest_error, std::abs(found->sum() / found->difference - 1));
  }
  std::printf(
      "\nintegrated gradients, fractions: the current token %.3f, its earlier occurrence %.3f, the answer behind it "
      "%.3f; sums differ from differences of logits by at most %.2e\n",
      last / sum, before / sum, answer / sum, largest_error);
  return largest_error < 0.01 && last + before + answer > 0.8 * sum;
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
  tf::philox random{2, 2};
  for (int i = 0; i < 64; ++i) texts.push_back(one_and_a_half(random));
  const bool lens = show_lens(run, texts), probes = show_probes(run, texts);
  const found_heads found = show_scores(run, texts);
  const bool parts = show_parts(run, texts[0]), patches = show_patches(run, texts, found),
             attributions = show_attributions(training.values(), texts);
  const bool is_known = found.previous.layer == 0 && found.previous.score > 0.4 && found.induction.layer == 1 &&
                        found.induction.score > 0.5;
  std::printf("\nlens %d, probes %d, heads %d, parts %d, patches %d, attributions %d\n", lens, probes, is_known, parts,
              patches, attributions);
  return lens && probes && is_known && parts && patches && attributions ? 0 : 1;
}
