// SPDX-License-Identifier: BSL-1.0
// runs-in-tests
// 11. An architecture that is in no preset, composed from a description:
//
//    An encoder reads two numbers as pairs of digits, the lowest digits first. A decoder writes their sum. It must be
//    able to write while digits still arrive. So the encoder sees earlier tokens only, and the decoder's attention to
//    it is causal: digit i of the sum sees the pairs up to i, which is all that it depends on. Scores of that attention
//    are not divided by the root of the head width, and its four heads share their keys and values. Positions are
//    learned. Norms are before the branches, and there is no final norm. Weights are initialized normal with 0.15.
#include <algorithm>
#include <cstdio>
#include <span>
#include <vector>

#include <typeformer/foundation/uniform_below.hpp>
#include <typeformer/generation/greedy.hpp>
#include <typeformer/hosted/data/pair_batches.hpp>
#include <typeformer/hosted/training/trainer.hpp>
#include <typeformer/optimizers/schedules/cosine_schedule.hpp>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

// Tokens: the digits, the begin and end of a sum, and the pairs of digits. The highest pair of a source is 0 0.
constexpr std::int32_t digits = 10, border = digits, first_pair = border + 1, tokens = first_pair + digits * digits;
constexpr tf::index_type places = 8, target_tokens = places + 1, sums_at_once = 32;

struct adder
    : tf::encoder_decoder<
          tf::token_embedding<tf::vocabulary<tokens>, tf::width<32>>,
          tf::encoder<tf::learned_positions<tf::context<places>>,
                      tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::causal>, tf::feed_forward<64, tf::relu>>>,
          tf::decoder<tf::learned_positions<tf::context<target_tokens>>,
                      tf::pre_norm_decoder_block<
                          tf::self_attention<tf::heads<2>, tf::causal>,
                          tf::cross_attention<tf::heads<4>, tf::key_value_heads<1>, tf::causal, tf::score_scale<1.0>>,
                          tf::feed_forward<64, tf::relu>>,
                      tf::untied_head>> {
  static constexpr tf::initial_values starts[] = {{"*norm.weight", 0, 1}, {"*.weight", 0.15}};
  static constexpr tf::initialization initial{starts, 2};
};

static_assert(tf::parameter_count<adder> == 27'440);
static_assert(tf::footprint<adder, tf::decoding>::ram_bytes <= 12'032);

tf::sequence_pair sum(tf::philox& random) {
  const auto digit = [&] { return std::int32_t(tf::uniform_below(digits, random)); };
  tf::sequence_pair pair;
  std::int32_t carry = 0;
  for (tf::index_type i = 0; i < places; ++i) {
    const bool is_highest = i + 1 == places;
    const std::int32_t a = is_highest ? 0 : digit(), b = is_highest ? 0 : digit();
    pair.source.push_back(first_pair + digits * a + b);
    pair.target.push_back((a + b + carry) % digits);
    carry = (a + b + carry) / digits;
  }
  return pair;
}
std::vector<tf::sequence_pair> sums(int count, tf::philox& random) {
  std::vector<tf::sequence_pair> all;
  for (int i = 0; i < count; ++i) all.push_back(sum(random));
  return all;
}

/// The decoder's greedy output after the encoder has read these pairs, one digit for each.
std::vector<std::int32_t> written(tf::session<adder>& session, std::span<const std::int32_t> pairs) {
  std::vector<std::int32_t> answer;
  if (!session.read(pairs)) return answer;
  std::int32_t last = border;
  while (answer.size() < pairs.size()) {
    const auto logits = session.decode(last);
    if (!logits) break;
    answer.push_back(last = tf::greedy{}(*logits));
  }
  return answer;
}

int main() {
  tf::philox random{1, 1};
  const std::vector<tf::sequence_pair> new_sums = sums(256, random);
  auto data = tf::pair_batches<sums_at_once, places, target_tokens>::of(sums(20'000, random), new_sums, tokens,
                                                                        {.ends = {border, border}});
  if (!data) {
    std::fprintf(stderr, "%s\n", data.error().message().c_str());
    return 1;
  }
  constexpr tf::index_type steps = 1200;
  tf::trainer<adder, tf::causal_language_model, tf::adamw, tf::batch<sums_at_once>, tf::tokens<target_tokens>,
              tf::source<places>>
      training{{.learning_rate = tf::cosine_schedule{.learning_rate = 8e-3, .warm_up_steps = 50, .steps = steps},
                .steps = steps,
                .evaluation_interval = steps}};
  training.initialize(1);
  const auto learned = training.run(*data);
  if (!learned) {
    std::fprintf(stderr, "%s\n", learned.error().message().c_str());
    return 1;
  }
  std::printf("%.4f nats a digit of sums that were not learned from\n", learned->validation_loss);

  const tf::weights<adder> weights{training.values()};
  tf::session<adder> session{weights};
  int right = 0, same_early = 0;
  for (const auto& [pairs, expected] : new_sums) {
    const auto whole = written(session, pairs);
    right += whole == expected;
    // The lower half of the sum is the same if it is written after reading only the lower half of the pairs.
    const auto early = written(session, std::span{pairs}.first(places / 2));
    same_early += std::equal(early.begin(), early.end(), whole.begin());
  }
  std::printf("%d of %zu sums are right; %d begin the same when only half of the pairs is there\n", right,
              new_sums.size(), same_early);
  // With eight different seeds: all of both.
  return right >= 250 && same_early == int(new_sums.size()) ? 0 : 1;
}
