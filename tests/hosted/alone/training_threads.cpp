// SPDX-License-Identifier: BSL-1.0
#include <vector>

#include <support/catch.hpp>
#include <typeformer/hosted/data/causal_windows.hpp>
#include <typeformer/hosted/training/trainer.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/parallel/spin_workers.hpp>

namespace tf = typeformer;

namespace {

// Wide enough for the kernels to have parts for two workers.
struct narrow : tf::gpt2<tf::gpt2_config{.layers = 1, .width = 32, .heads = 2, .vocabulary = 16, .context = 16}> {};

struct trained {
  std::vector<float> values;
  double validation_loss = 0;
};

template <class Workers> trained train(Workers workers, tf::index_type steps) {
  tf::trainer<narrow, tf::causal_language_model, tf::adamw, tf::batch<4>, tf::tokens<16>, tf::on_workers<Workers>>
      trainer{{.steps = steps, .evaluation_interval = 100}, workers};
  trainer.initialize(1);
  std::vector<std::int32_t> tokens(2000);
  for (std::size_t i = 0; i < tokens.size(); ++i) tokens[i] = std::int32_t(i * i / 3 % 16);
  auto data = tf::causal_windows<4, 16>::of(tokens, narrow::vocabulary, 1);
  REQUIRE(data);
  const auto summary = trainer.run(*data);
  REQUIRE(summary);
  REQUIRE(summary->steps == steps);
  return {{trainer.values().data(), trainer.values().data() + trainer.values().size()}, summary->validation_loss};
}

}  // namespace

TEST_CASE("follows the curve of one thread up to rounding in two hundred steps on two threads", "[trainer]") {
  tf::spin_pool<2> pool;
  const trained together = train(tf::spin_workers<2>{pool}, 200), alone = train(tf::inline_workers{}, 200);
  CHECK(together.validation_loss == Approx(alone.validation_loss).epsilon(1e-3));
}

TEST_CASE("repeats the bits on two threads", "[trainer]") {
  tf::spin_pool<2> pool;
  const trained first = train(tf::spin_workers<2>{pool}, 20), again = train(tf::spin_workers<2>{pool}, 20);
  CHECK(first.values == again.values);
  CHECK(first.validation_loss == again.validation_loss);
}
