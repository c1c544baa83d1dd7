// SPDX-License-Identifier: BSL-1.0
#include <filesystem>
#include <iostream>
#include <string>

#include "bert_jobs.hpp"
#include "bert_pretraining.hpp"

namespace demo {

/// 4 layers, width 128; the novel of docs/training.md in ten minutes on two cores.
struct text_bert
    : tf::bert<tf::bert_config{.layers = 4, .width = 128, .heads = 4, .vocabulary = 4096, .context = 128}> {
  static constexpr tf::index_type batch = 16;
  static constexpr double learning_rate = 1e-3, short_fraction = 0.1;
};

tf::result<bool, std::string> pretrain_bert_on_text(const pretraining_request& request) {
  const auto text = tf::read_text(request.text_file);
  if (!text) return tf::failure{text.error().message()};
  auto documents = detail::documents_of(*text);
  const auto last = detail::take_last_tenth(documents);
  if (documents.empty() || last.empty())
    return tf::failure{request.text_file +
                       ": expected at least 10 sentences, one a line, with empty lines between documents"};
  tf::word_counts words;
  for (const auto& document : documents)
    for (const std::string& sentence : document) words.add(sentence);
  const auto pieces = tf::learn_wordpiece_vocabulary(words, {.size = std::int32_t(text_bert::vocabulary)});
  if (!pieces) return tf::failure{request.text_file + ": " + pieces.error().message()};
  const auto training = detail::encoded(documents, *pieces), held_out = detail::encoded(last, *pieces);
  const auto instances = detail::test_instances<text_bert>(held_out, *pieces, request.seed);
  if (instances.empty())
    return tf::failure{request.text_file + ": expected pairs of sentences in the last tenth, which judges, found none"};
  const tf::index_type steps = request.steps > 0 ? request.steps : request.quick ? 5 : 2500;
  const auto trained = detail::pretrain<text_bert>(std::filesystem::path(request.text_file).filename().string(),
                                                   training, held_out, *pieces, request, steps);
  if (!trained) return tf::failure{trained.error()};
  if (!*trained) return false;
  const detail::guesses model = detail::judge<text_bert>(**trained, instances),
                        baseline = detail::without_reading(training, instances, text_bert::vocabulary);
  std::cout << "\nOf " << model.tokens << " hidden tokens in " << model.pairs
            << " pairs of segments of the last tenth, which it never saw:\n"
            << "  masked tokens   right: " << detail::percent(model.of_tokens())
            << ", the most frequent token always: " << detail::percent(baseline.of_tokens()) << " ("
            << model.of_tokens() / baseline.of_tokens() << " times that)\n"
            << "  next sentence   right: " << detail::percent(model.of_pairs())
            << ", the same answer always: " << detail::percent(baseline.of_pairs()) << "\n";
  return true;
}

}  // namespace demo
