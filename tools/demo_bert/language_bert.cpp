// SPDX-License-Identifier: BSL-1.0
#include <iostream>
#include <string>
#include <string_view>

#include "bert_jobs.hpp"
#include "bert_pretraining.hpp"

namespace demo {

/// Two segments of the generated language, seven sentences together.
struct language_bert
    : tf::bert<tf::bert_config{.layers = 3, .width = 64, .heads = 4, .vocabulary = 128, .context = 64}> {
  static constexpr tf::index_type batch = 16;
  static constexpr double learning_rate = 1.5e-3, short_fraction = 0;
};

tf::result<bool, std::string> pretrain_bert_on_language(const pretraining_request& request) {
  std::string list = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";
  for (const std::string_view word : language::words()) (list += word) += '\n';
  const auto pieces = tf::wordpiece::parse(list);
  if (!pieces) return tf::failure{pieces.error().message()};
  const auto documents = [&](std::size_t count, std::uint64_t stream) {
    return detail::encoded(detail::documents_of(language::documents(count, request.seed * 3 + stream)), *pieces);
  };
  const auto training = documents(request.quick ? 60 : 6000, 0), held_out = documents(60, 1), test = documents(400, 2);
  const tf::index_type steps = request.steps > 0 ? request.steps : request.quick ? 5 : 9000;
  const auto trained =
      detail::pretrain<language_bert>("documents of a small language", training, held_out, *pieces, request, steps);
  if (!trained) return tf::failure{trained.error()};
  if (!*trained) return false;
  const auto instances = detail::test_instances<language_bert>(test, *pieces, request.seed);
  const detail::guesses model = detail::judge<language_bert>(**trained, instances);
  language::reader reader{[&](std::string_view word) { return *pieces->id_of(word); }, *pieces->mask_id(),
                          std::size_t(pieces->size())};
  const detail::guesses best = detail::by_reader(reader, instances);
  std::cout << "\nOf " << model.tokens << " hidden tokens in " << model.pairs << " pairs of segments it never saw:\n"
            << "  masked tokens   right: " << detail::percent(model.of_tokens()) << ", best possible "
            << detail::percent(best.of_tokens()) << " (" << detail::percent(model.of_tokens() / best.of_tokens())
            << " of it)\n"
            << "  next sentence   right: " << detail::percent(model.of_pairs()) << ", best possible "
            << detail::percent(best.of_pairs()) << "\n";
  return true;
}

}  // namespace demo
