// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <typeformer/execution/all.hpp>
#include <typeformer/hosted/data/pair_batches.hpp>
#include <typeformer/hosted/training/interruption.hpp>
#include <typeformer/hosted/training/progress_display.hpp>
#include <typeformer/hosted/training/trainer.hpp>
#include <typeformer/models/t5.hpp>
#include <typeformer/optimizers/adafactor.hpp>
#include <typeformer/optimizers/schedules/linear_schedule.hpp>
#include <typeformer/parallel/spin_workers.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/session.hpp>
#include "commands.hpp"
#include "exact_match.hpp"
#include "grammar.hpp"

namespace scan {

struct request {
  std::string training_file, test_file;
  std::string split{};  ///< that is generated in place of the files: `simple`, `length` or `jump`
  tf::index_type steps = 5000;
  double learning_rate = 2e-2;
  std::uint64_t seed = 1;
};

/// 2 + 2 layers. Commands have at most 9 words, and up to 48 actions. The decoder has to count, so each of the first 32
/// distances to earlier tokens has its own bucket.
struct model : tf::t5<tf::t5_config{.layers = 2,
                                    .width = 128,
                                    .heads = 4,
                                    .head_width = 32,
                                    .hidden = 256,
                                    .vocabulary = 32,
                                    .context = 64,
                                    .buckets = 64,
                                    .maximum_distance = 64}> {};
inline constexpr tf::index_type threads = 2, batch = 32, source_tokens = 16, target_tokens = 64, decoded_at_once = 64;

/// Trains on one file and decodes the other; nothing if Ctrl-C ended it. The actions of the test file are used only for
/// the count; a twentieth of the training file validates.
///
/// Errors, as texts: those of the files, of the data and of training.
inline tf::result<std::optional<exact_match>, std::string> train_and_test(const request& request) {
  constexpr longest room{.command = source_tokens, .actions = target_tokens};
  word_list words{model::vocabulary};
  const auto split = split_called(request.split);
  auto training = split ? pairs_of(split->training, room, words) : read_commands(request.training_file, room, words);
  if (!training) return tf::failure{training.error()};
  words.close();
  const auto test = split ? pairs_of(split->test, room, words) : read_commands(request.test_file, room, words);
  if (!test) return tf::failure{test.error()};
  const auto kept = std::ptrdiff_t(training->size() - training->size() / 20);
  std::vector<tf::sequence_pair> validation(training->begin() + kept, training->end());
  training->erase(training->begin() + kept, training->end());
  auto data = tf::pair_batches<batch, source_tokens, target_tokens>::of(std::move(*training), std::move(validation),
                                                                        model::vocabulary, {.seed = request.seed});
  if (!data) return tf::failure{request.training_file + ": " + data.error().message()};

  using workers = tf::spin_workers<threads>;
  using trainer = tf::trainer<model, tf::causal_language_model, tf::adafactor, tf::batch<batch>,
                              tf::tokens<target_tokens>, tf::source<source_tokens>, tf::on_workers<workers>>;
  std::fprintf(stderr, "%zu commands to learn from, %zu to test; %td parameters\n", data->training().size(),
               test->size(), tf::layout_of<model>.parameters);
  tf::spin_pool<threads> pool;
  trainer training_run{
      {.optimizer = {.relative_step = false},
       .learning_rate = tf::linear_schedule{.learning_rate = request.learning_rate,
                                            .warm_up_steps = std::min<tf::index_type>(100, request.steps / 5),
                                            .steps = request.steps},
       .steps = request.steps,
       .evaluation_interval = std::max<tf::index_type>(1, request.steps / 8)},
      workers{pool}};
  training_run.initialize(request.seed);
  const auto summary = [&] {
    tf::interruption interrupt;  // a later signal ends the program
    return training_run.run(*data, interrupt, tf::progress_display{});
  }();
  if (!summary) return tf::failure{summary.error().message()};
  if (summary->interrupted) return std::optional<exact_match>{};

  const tf::weights<model> weights{training_run.values()};
  tf::session<model, tf::batch<decoded_at_once>, tf::tokens<1>, tf::source<source_tokens>, tf::on_workers<workers>>
      session{weights, workers{pool}};
  const auto match = decode_all(session, std::span<const tf::sequence_pair>{*test});
  if (!match) return tf::failure{match.error()};
  return std::optional{*match};
}

}  // namespace scan
