// SPDX-License-Identifier: BSL-1.0
// Transformer-XL's attention with earlier hidden states compared with Hugging Face's, gradients included.
#include <vector>

#include <support/safetensors_case.hpp>
#include <typeformer/laws/probe.hpp>
#include <typeformer/laws/run_walk.hpp>
#include <typeformer/layers/transformer_xl_attention.hpp>
#include <typeformer/parameters/layout.hpp>

using namespace typeformer;
using namespace typeformer::laws;

namespace {

constexpr typeformer::index_type sequences = 2, new_tokens = 8, cached = 4, hidden_width = 16;
using layer = transformer_xl_attention<heads<4>, head_width<6>>;
using use = walk_use<purpose::train, capacities{sequences, new_tokens, 0, 0, cached}>;

/// y = layer(input), and the backward pass from a given gradient.
struct walk_with_given_gradient {
  template <class Walk> static constexpr auto walk(Walk& c) {
    constexpr typeformer::index_type rows = sequences * new_tokens;
    const auto input = c.template param<parameter_kind::table, rows, hidden_width>(named_rows{"x", rows});
    const auto gradient = c.template param<parameter_kind::table, rows, hidden_width>(named_rows{"dy", rows});
    const auto x = c.template make<token_rows<hidden_width>>(), dy = c.template make<token_rows<hidden_width>>();
    c.run(load_rows_operation<hidden_width>{}, input, out(x));
    const auto t = layer::walk(c, x, scope<>{});
    c.run(load_rows_operation<hidden_width>{}, gradient, out(dy));
    const auto dx = layer::walk_back(c, t, dy, scope<>{});
    c.run(load_rows_back_operation<hidden_width>{}, dx, gradient_of(input));
    c.run(delivery{}, t.y);
    return t.y;
  }
};
using planned_walk = planned<walk_with_given_gradient, use>;

/// [tokens][sequences][width], as in the case, from [sequences][tokens][width]; `back` the other way.
std::vector<double> by_token(const std::vector<double>& rows, std::size_t count, bool back = false) {
  std::vector<double> moved(rows.size());
  for (std::size_t s = 0; s < sequences; ++s)
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t c = 0; c < hidden_width; ++c) {
        const std::size_t by_sequence = (s * count + i) * hidden_width + c,
                          by_time = (i * sequences + s) * hidden_width + c;
        if (back) moved[by_sequence] = rows[by_time];
        else moved[by_time] = rows[by_sequence];
      }
  return moved;
}
std::vector<double> by_sequence(const std::vector<double>& rows, std::size_t count) {
  return by_token(rows, count, true);
}

}  // namespace

TEST_CASE("sees earlier segments as Hugging Face's does: transformer_xl_attention") {
  testing::safetensors_case given{std::filesystem::path{TYPEFORMER_SOURCE_DIR} /
                                  "tests/golden/ops/txl_rel_attention_mem.safetensors"};
  std::vector<double> values(std::size_t(planned_walk::value.parameters));
  const parameter_layout layout{planned_walk::value.leaves.data(), planned_walk::value.leaf_count,
                                planned_walk::value.parameters};
  // Queries, keys and values are one tensor there and three consecutive ones here.
  const std::pair<const char*, const char*> names[] = {{"query.weight", "qkv_net.weight"},
                                                       {"distance.weight", "r_net.weight"},
                                                       {"content_bias", "r_w_bias"},
                                                       {"position_bias", "r_r_bias"},
                                                       {"output.weight", "o_net.weight"}};
  const auto place_of = [&](const std::string& name) {
    std::size_t place = values.size();
    for_each_tensor(layout, [&](const parameter_tensor& tensor) {
      if (tensor.name().view() == name) place = std::size_t(tensor.offset);
    });
    REQUIRE(place < values.size());
    return place;
  };
  const auto put = [&](const std::string& name, const std::vector<double>& numbers) {
    std::copy(numbers.begin(), numbers.end(), values.begin() + std::ptrdiff_t(place_of(name)));
  };
  put("x", by_sequence(given["in.x"].values, new_tokens));
  put("dy", by_sequence(given["gout.y"].values, new_tokens));
  for (const auto& [ours, theirs] : names) put(ours, given[std::string("in.") + theirs].values);

  const typeformer::index_type first_row[] = {0, new_tokens, 2 * new_tokens}, past[] = {cached, 100};
  token_batch batch;
  batch.sequences = sequences;
  batch.rows = 2 * new_tokens;
  batch.first_row = first_row;
  batch.past = past;
  walk_runner<walk_with_given_gradient, use, double> runner;
  const std::vector<double> mems = by_sequence(given["in.mems"].values, cached);
  REQUIRE(runner.state().size() == mems.size());
  runner.state() = mems;
  const auto gradient = [&](const std::string& name, std::size_t size) {
    const auto begin = runner.gradients.begin() + std::ptrdiff_t(place_of(name));
    return std::vector<double>(begin, begin + std::ptrdiff_t(size));
  };
  given.judge("out.y", by_token(runner.values(canonical_weights_view<double>{values.data()}, batch), new_tokens));
  given.judge("grad.x", by_token(gradient("x", sequences * new_tokens * hidden_width), new_tokens));
  for (const auto& [ours, theirs] : names) {
    const std::string name = std::string("grad.") + theirs;
    given.judge(name, gradient(ours, given[name].values.size()));
  }
  given.require_all_judged({"grad."});
  // The next segment has the last inputs of this one in its memory.
  const std::vector<double> x = by_sequence(given["in.x"].values, new_tokens);
  for (std::size_t s = 0; s < sequences; ++s)
    for (std::size_t i = 0; i < cached * hidden_width; ++i)
      CHECK(runner.state()[s * cached * hidden_width + i] ==
            x[(s * new_tokens + (new_tokens - cached)) * hidden_width + i]);
}
