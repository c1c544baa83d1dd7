// SPDX-License-Identifier: BSL-1.0
#include <vector>

#include <support/catch.hpp>
#include <support/finite_differences.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/optimizers/adafactor_with_momentum.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/optimizers/apply.hpp>
#include <typeformer/optimizers/sgd.hpp>

namespace typeformer {
namespace {

using testing::normal_numbers;

struct tiny_gpt : gpt2<gpt2_config{.layers = 3, .width = 8, .heads = 2, .vocabulary = 11, .context = 5}> {};

template <class S> void fill(parameters<tiny_gpt, S>& values, unsigned seed) {
  const auto numbers = normal_numbers<S>(values.size(), seed);
  std::copy(numbers.begin(), numbers.end(), values.data());
}

TEST_CASE("steps over a model as over a flat array if nothing depends on the tensor") {
  parameters<tiny_gpt, double> values;
  optimizer_state<tiny_gpt, adamw, double> state;
  REQUIRE(values.available());
  REQUIRE(state.available());
  fill(values, 1);
  const auto count = std::size_t(values.size());
  std::vector<double> flat(values.data(), values.data() + count), m(count), v(count);
  const adamw rule{.weight_decay = 0.1};
  const index_type shape[] = {values.size()};
  for (std::int64_t step = 1; step <= 2; ++step) {
    const auto gradient = normal_numbers<double>(values.size(), 5 + unsigned(step));
    optimizer_step(rule, values, gradient.data(), state, state.next_step(0.01), decays_everything{});
    rule.update(tensor_update<double, 2>{flat.data(), gradient.data(), {m.data(), v.data()}, shape}, {step, 0.01});
  }
  CHECK(state.steps() == 2);
  CHECK(std::vector<double>(values.data(), values.data() + count) == flat);
  CHECK(std::vector<double>(state.array(0), state.array(0) + count) == m);
  CHECK(std::vector<double>(state.array(1), state.array(1) + count) == v);
}

TEST_CASE("decays matrices and tables but not biases and gains, unless a policy says otherwise") {
  parameters<tiny_gpt> values;
  optimizer_state<tiny_gpt, sgd> state;
  REQUIRE(state.available());
  const std::vector<float> gradient(std::size_t(values.size()), 0);
  const auto reset = [&] { std::fill_n(values.data(), values.size(), 1.0f); };
  reset();
  optimizer_step(sgd{.weight_decay = 0.5}, values, gradient.data(), state, state.next_step(1));
  index_type decayed = 0;
  for_each_tensor(layout_of<tiny_gpt>, [&](const parameter_tensor& t) {
    const std::string_view full = t.of->name;
    const bool is_vector = full.ends_with("bias") || t.of->columns == 1;
    INFO(std::string(t.name().view()));
    for (index_type i = 0; i < t.size(); ++i) REQUIRE(values.of(t)[i] == (is_vector ? 1.0f : 0.5f));
    decayed += is_vector ? 0 : 1;
  });
  CHECK(decayed == 2 + 3 * 6);  // two tables; query, key, value, output, up and down of each block
  reset();
  optimizer_step(sgd{.weight_decay = 0.5}, values, gradient.data(), state, state.next_step(1),
                 [](const parameter_tensor& t) { return t.name().view() == "blocks.1.feed_forward.up.bias"; });
  index_type touched = 0;
  for (index_type i = 0; i < values.size(); ++i) touched += values.data()[i] == 0.5f;
  CHECK(touched == 32);
}

TEST_CASE("keeps Adafactor's rows and columns of every tensor separate") {
  using state_type = optimizer_state<tiny_gpt, adafactor_with_momentum, double>;
  // Tables 11 x 8 and 5 x 8; a block has four 8 x 8, a 32 x 8, an 8 x 32 and vectors of 4 · 8 + 32 + 8 + 4 · 8.
  STATIC_REQUIRE(state_type::compact_size == (11 + 8) + (5 + 8) + 3 * (4 * 16 + 2 * 40 + 104) + 2 * 8);
  STATIC_REQUIRE(optimizer_state<tiny_gpt, adafactor>::array_count == 0);
  parameters<tiny_gpt, double> values;
  state_type state;
  REQUIRE(values.available());
  REQUIRE(state.available());
  fill(values, 1);
  const adafactor_with_momentum rule{.beta1 = 0.5, .rule = {.weight_decay = 0.1}};

  std::vector<double> expected(values.data(), values.data() + values.size());
  const auto first = normal_numbers<double>(values.size(), 2), second = normal_numbers<double>(values.size(), 3);
  for_each_tensor(layout_of<tiny_gpt>, [&](const parameter_tensor& t) {
    std::vector<double> m(std::size_t(t.size())), compact(std::size_t(t.size() + 100));
    const bool decays = decays_matrices_only{}(t);
    std::int64_t step = 0;
    for (const auto* gradient : {&first, &second})
      rule.update(tensor_update<double, 1>{expected.data() + t.offset,
                                           gradient->data() + t.offset,
                                           {m.data()},
                                           tensor_extents{t},
                                           decays,
                                           compact.data()},
                  {++step, 0.0});
  });
  optimizer_step(rule, values, first.data(), state, state.next_step(0));
  optimizer_step(rule, values, second.data(), state, state.next_step(0));
  CHECK(std::vector<double>(values.data(), values.data() + values.size()) == expected);
}

}  // namespace
}  // namespace typeformer
