// SPDX-License-Identifier: BSL-1.0
#include <string>
#include <vector>

#include <laws/models.hpp>
#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/parameters/copy_parameters.hpp>

// What a body learned in one task goes into the model of another one; the heads stay.
namespace typeformer {
namespace {

using namespace laws;
using testing::random_parameters;

struct three_classes : bert_body<small_bert_config, gelu_erf, first_token_pooler<>, classifier<3>> {};
struct two_classes : bert_body<small_bert_config, gelu_erf, first_token_pooler<>, classifier<2>> {};
constexpr bert_config wider(bert_config c) { return c.width = 12, c; }
struct wider_bert : bert<wider(small_bert_config)> {};

template <Model M> std::vector<float> values_of(const parameters<M>& values, std::string_view name) {
  std::vector<float> found;
  for_each_tensor(layout_of<M>, [&](const parameter_tensor& t) {
    if (t.name().view() == name) found.assign(values.of(t), values.of(t) + t.size());
  });
  REQUIRE_FALSE(found.empty());
  return found;
}
template <Model M> std::vector<float> all(const parameters<M>& values) {
  return {values.data(), values.data() + values.size()};
}

}  // namespace

TEST_CASE("copies a body tensor by tensor, and leaves the heads unchanged", "[copy_parameters]") {
  const auto from = random_parameters<small_bert>(1);
  auto to = random_parameters<three_classes>(2);
  const auto classifier = values_of(to, "classifier.weight");
  std::vector<std::string> kept;
  const auto report = copy_parameters(from, to, body_parameters{},
                                      [&](const parameter_tensor& t) { kept.emplace_back(t.name().view()); });
  REQUIRE(report);
  CHECK(kept == std::vector<std::string>{"classifier.weight", "classifier.bias"});
  CHECK(report->taken == 5 + 2 * 16 + 2);  // tables and norm, blocks, pooler
  CHECK(report->kept == 2);
  CHECK(report->left == 5 + 2);  // the head for masked tokens, the classifier of pairs
  for (const char* name : {"token_embedding.weight", "blocks.0.attention.query.weight", "blocks.1.attention.value.bias",
                           "blocks.1.feed_forward.down.weight", "pooler.dense.bias"}) {
    INFO(name);
    CHECK(values_of(to, name) == values_of(from, name));
  }
  CHECK(values_of(to, "classifier.weight") == classifier);
}

TEST_CASE("copies every tensor of the same name by default, including heads", "[copy_parameters]") {
  const auto from = random_parameters<small_bert>(1);
  auto to = random_parameters<two_classes>(2);
  const auto report = copy_parameters(from, to);
  REQUIRE(report);
  CHECK(report->kept == 0);
  CHECK(values_of(to, "classifier.weight") == values_of(from, "classifier.weight"));
}

TEST_CASE("rejects different extents with an error that names the tensor, and copies nothing", "[copy_parameters]") {
  const auto pairs = random_parameters<small_bert>(1);
  auto three = random_parameters<three_classes>(2);
  const auto before = all(three);
  const auto head = copy_parameters(pairs, three);
  REQUIRE_FALSE(head);
  CHECK(head.error().name.view() == "classifier.weight");
  CHECK(head.error().from_rows == 2);
  CHECK(head.error().to_rows == 3);
  CHECK(head.error().from_columns == 8);
  CHECK(head.error().to_columns == 8);
  CHECK(all(three) == before);

  const auto body = copy_parameters(random_parameters<wider_bert>(3), three, body_parameters{});
  REQUIRE_FALSE(body);
  CHECK(body.error().name.view() == "token_embedding.weight");
  CHECK(body.error().from_columns == 12);
  CHECK(all(three) == before);
}

TEST_CASE("copies values to another scalar type", "[copy_parameters]") {
  const auto from = random_parameters<small_bert>(1);
  parameters<three_classes, double> to;
  REQUIRE(copy_parameters(from, to, body_parameters{}));
  CHECK(to.data()[0] == double(from.data()[0]));
}

TEST_CASE("matches names with patterns", "[copy_parameters]") {
  constexpr named_like<"classifier.*", "*.bias"> chosen;
  CHECK(chosen("classifier.weight"));
  CHECK(chosen("blocks.0.attention.query.bias"));
  CHECK_FALSE(chosen("blocks.0.attention.query.weight"));
  CHECK(adapter_parameters{}("blocks.0.attention.query.lora_A.weight"));
  CHECK_FALSE(adapter_parameters{}("blocks.0.attention.query.weight"));
}

}  // namespace typeformer
