// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <laws/models.hpp>
#include <typeformer/inspection/parameter_count.hpp>
#include <typeformer/parameters/find_tensor.hpp>

using namespace typeformer;
using namespace typeformer::laws;

namespace {

using reading =
    encoder<learned_positions<context<8>>,
            repeat<2, pre_norm_block<self_attention<heads<2>, bidirectional>, feed_forward<12, gelu_tanh>>>>;
using writing =
    decoder<learned_positions<context<8>>,
            repeat<2, pre_norm_decoder_block<self_attention<heads<2>, causal>, cross_attention<heads<2>, head_width<3>>,
                                             feed_forward<12, gelu_tanh>>>,
            named<"final_norm", layer_norm<>>, tied_head>;
using eleven = token_embedding<vocabulary<11>, width<8>>;

/// A large source vocabulary in a narrow stack, a small target vocabulary in a wider one.
struct translator
    : encoder_decoder<source_and_target<token_embedding<vocabulary<23>, width<6>>, eleven>, reading, writing> {};
struct untied_translator
    : encoder_decoder<source_and_target<eleven, token_embedding<vocabulary<17>, width<8>>>, reading,
                      decoder<learned_positions<context<8>>,
                              pre_norm_decoder_block<self_attention<heads<2>, causal>, cross_attention<heads<2>>,
                                                     feed_forward<12, gelu_tanh>>,
                              untied_head>> {};
struct with_one_table : encoder_decoder<eleven, reading, writing> {};
struct with_two_tables : encoder_decoder<source_and_target<eleven, eleven>, reading, writing> {};

static_assert(translator::source_vocabulary == 23 && translator::vocabulary == 11);
static_assert(translator::output::width == 11 && untied_translator::output::width == 17);
static_assert(with_one_table::source_vocabulary == 11 && with_one_table::vocabulary == 11);
static_assert(parameter_count<with_two_tables> == parameter_count<with_one_table> + 11 * 8);
static_assert(find_tensor(layout_of<translator>, "encoder.token_embedding.weight").size() == 23 * 6);
static_assert(find_tensor(layout_of<translator>, "decoder.token_embedding.weight").size() == 11 * 8);
static_assert(find_tensor(layout_of<with_one_table>, "token_embedding.weight").size() == 11 * 8);

/// The parameters of the model with one table, copied to both tables.
std::vector<double> doubled(const std::vector<double>& one) {
  std::vector<double> two(std::size_t(parameter_count<with_two_tables>));
  for_each_tensor(layout_of<with_two_tables>, [&](const parameter_tensor& tensor) {
    const std::string name{tensor.name().view()};
    const bool is_table = name.ends_with("token_embedding.weight");
    const parameter_tensor from = find_tensor(layout_of<with_one_table>, is_table ? "token_embedding.weight" : name);
    REQUIRE(from.of);
    std::copy_n(one.data() + from.offset, from.size(), two.data() + tensor.offset);
  });
  return two;
}

}  // namespace

TEST_CASE("obeys the laws: an encoder-decoder with two vocabularies and two widths") {
  check_verdict(examine_model<translator>());
}
TEST_CASE("obeys the laws: an encoder-decoder with a larger target vocabulary and an untied head") {
  check_verdict(examine_model<untied_translator>(), {.training = 6});
}

TEST_CASE("computes the same with two equal tables as with one, and splits its gradient between them") {
  const std::vector<double> one = random_values<double>(parameter_count<with_one_table>), two = doubled(one);
  const ragged_batch batch{law_capacities, 11};
  walk_runner<objective_walk<with_one_table, causal_language_model>, law_training, double> shared;
  walk_runner<objective_walk<with_two_tables, causal_language_model>, law_training, double> separate;
  const auto expected = shared.values(canonical_weights_view<double>{one.data()}, batch.view());
  const auto got = separate.values(canonical_weights_view<double>{two.data()}, batch.view());
  REQUIRE(got.size() == expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) CHECK(got[i] == Approx(expected[i]).epsilon(1e-12));
  const auto gradient = [](const auto& runner, const parameter_layout& layout, std::string_view name,
                           typeformer::index_type i) {
    return runner.gradients[std::size_t(find_tensor(layout, name).offset + i)];
  };
  for (typeformer::index_type i = 0; i < 11 * 8; ++i)
    CHECK(gradient(separate, layout_of<with_two_tables>, "encoder.token_embedding.weight", i) +
              gradient(separate, layout_of<with_two_tables>, "decoder.token_embedding.weight", i) ==
          Approx(gradient(shared, layout_of<with_one_table>, "token_embedding.weight", i)).margin(1e-12));
}
