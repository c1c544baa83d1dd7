// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include <typeformer/generation/generate_batch.hpp>
#include <typeformer/generation/greedy.hpp>
#include <typeformer/hosted/data/pair_batch_builder.hpp>

namespace scan {
namespace tf = typeformer;

/// The number of commands, and of those whose actions were all right and none too many.
struct exact_match {
  tf::index_type commands = 0, right = 0;
};

/// Decodes the source of each pair greedily, as many at a time as the session has sequences.
///
/// Error, as a text: what the session rejects.
template <class Session>
tf::result<exact_match, std::string> decode_all(Session& session, std::span<const tf::sequence_pair> pairs) {
  constexpr std::size_t batch = std::size_t(Session::reserved.batch);
  const std::array start{tf::target_ends{}.start}, end{tf::target_ends{}.end};
  const tf::generation_request request{.prompt = start, .max_tokens = Session::reserved.context, .end_tokens = end};
  const std::vector<tf::generation_request> requests(batch, request);
  exact_match match;
  for (; !pairs.empty(); pairs = pairs.subspan(std::min(batch, pairs.size()))) {
    const auto some = pairs.first(std::min(batch, pairs.size()));
    std::vector<std::span<const std::int32_t>> sources;
    for (const auto& pair : some) sources.push_back(pair.source);
    if (const auto read = session.read(std::span<const std::span<const std::int32_t>>{sources}); !read)
      return tf::failure{std::string(read.error().message())};
    std::vector<std::vector<std::int32_t>> written(some.size());
    std::vector<tf::generated_text> texts(some.size());
    const auto done = tf::generate_batch(
        session, std::span{requests}.first(some.size()), texts,
        [](tf::index_type, std::span<const float> logits) { return tf::greedy{}(logits); },
        [&](tf::index_type sequence, std::int32_t id) {
          written[std::size_t(sequence)].push_back(id);
          return true;
        });
    if (!done) return tf::failure{std::string(done.error().message())};
    for (std::size_t s = 0; s < some.size(); ++s) {
      if (texts[s].ending == tf::text_ending::end_token) written[s].pop_back();
      match.right += texts[s].ending == tf::text_ending::end_token && written[s] == some[s].target;
      ++match.commands;
    }
  }
  return match;
}

}  // namespace scan
