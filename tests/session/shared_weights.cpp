// SPDX-License-Identifier: BSL-1.0
#include <thread>

#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/generation/greedy.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/session.hpp>

// One const object of weights serves many sessions on many threads. `scripts/test --all` runs it under the thread
// sanitizer.
namespace typeformer {
namespace {

struct gpt2_like : gpt2<gpt2_config{.layers = 2, .width = 48, .heads = 4, .vocabulary = 60, .context = 64}> {};
struct llama_like
    : llama<llama_config{
          .layers = 2, .width = 48, .heads = 4, .key_value_heads = 2, .hidden = 64, .vocabulary = 60, .context = 64}> {
};

struct continuation {
  std::vector<std::int32_t> ids;
  std::vector<float> last_logits;
  bool operator==(const continuation&) const = default;
};

template <class Session> continuation continue_prompt(const typename Session::weights_type& values, int seed) {
  std::mt19937 generator{static_cast<unsigned>(seed)};
  Session run{values};
  continuation told{testing::random_ids(generator, 5 + 3 * seed, Session::vocabulary), {}};
  auto logits = run.prefill(std::span<const std::int32_t>{told.ids});
  while (logits && run.length() < 60) {
    told.ids.push_back(greedy{}(*logits));
    logits = run.decode(told.ids.back());
  }
  if (logits) told.last_logits.assign(logits->begin(), logits->end());
  return told;
}

template <class Session> void check_threads(const typename Session::weights_type& values) {
  constexpr int sessions = 4;
  std::vector<continuation> expected, together(sessions);
  for (int i = 0; i < sessions; ++i) expected.push_back(continue_prompt<Session>(values, i));
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < sessions; ++i)
      threads.emplace_back([&, i] { together[static_cast<std::size_t>(i)] = continue_prompt<Session>(values, i); });
  }
  for (std::size_t i = 0; i < sessions; ++i) {
    CHECK(expected[i].last_logits.size() == std::size_t(Session::vocabulary));
    CHECK(expected[i].ids.size() == 60);
    CHECK(together[i] == expected[i]);
  }
}

TEST_CASE("shares packed weights between sessions on four threads: gpt2") {
  const weights<gpt2_like> values{testing::random_parameters<gpt2_like>(1)};
  check_threads<session<gpt2_like>>(values);
}

TEST_CASE("shares packed weights between sessions on four threads: llama") {
  const weights<llama_like> values{testing::random_parameters<llama_like>(2)};
  check_threads<session<llama_like>>(values);
}

TEST_CASE("shares canonical weights between sessions on four threads") {
  const parameters<llama_like> values = testing::random_parameters<llama_like>(2);
  const canonical_weights<llama_like> where{values};
  check_threads<session<llama_like, reads<canonical>>>(where);
}

}  // namespace
}  // namespace typeformer
