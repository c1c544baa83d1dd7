// SPDX-License-Identifier: BSL-1.0
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include <typeformer/hosted/formats/huggingface_config.hpp>
#include <typeformer/models/t5.hpp>
#include <typeformer/types.hpp>

#include "support/catch.hpp"
#include "support/shared_data.hpp"

// Decoders and encoder-decoders have as many parameters as their publications say; the numbers exist before anything is
// compiled.
namespace typeformer {
namespace {

constexpr gpt2_config gpt2_medium{.layers = 24, .width = 1024, .heads = 16},
    gpt2_large{.layers = 36, .width = 1280, .heads = 20}, gpt2_xl{.layers = 48, .width = 1600, .heads = 25};
/// As printed in the paper, but for its heads: 5140 is no multiple of 40.
constexpr gpt3_config gpt3_13b_as_printed{.layers = 40, .width = 5140, .heads = 20};

/// Those of PaLM are published without the gains of its norms.
template <palm_config C> constexpr std::int64_t without_gains = parameter_count<palm<C>> - (C.layers + 1) * C.width;

/// Those of Gopher and Chinchilla, without gains and biases. A constant each: clang limits the steps that one may take.
template <gopher_config C>
constexpr std::int64_t matrices_alone = [] {
  std::int64_t count = 0;
  for_each_tensor(layout_of<gopher<C>>, [&](const parameter_tensor& t) {
    const auto name = t.name();
    if (name.view().ends_with("weight") && t.of->kind != parameter_kind::vector) count += t.size();
  });
  return count;
}();

struct published {
  const char* model;  ///< as the reference data calls it
  std::int64_t parameters;
};
constexpr published counts[] = {
    {"gpt1", parameter_count<gpt<gpt_published>>},
    {"gpt2", parameter_count<gpt2<gpt2_config{}>>},
    {"gpt2-medium", parameter_count<gpt2<gpt2_medium>>},
    {"gpt2-large", parameter_count<gpt2<gpt2_large>>},
    {"gpt2-xl", parameter_count<gpt2<gpt2_xl>>},
    {"gpt3-small", parameter_count<gpt3<gpt3_small>>},
    {"gpt3-medium", parameter_count<gpt3<gpt3_medium>>},
    {"gpt3-large", parameter_count<gpt3<gpt3_large>>},
    {"gpt3-xl", parameter_count<gpt3<gpt3_xl>>},
    {"gpt3-2.7b", parameter_count<gpt3<gpt3_2_7b>>},
    {"gpt3-6.7b", parameter_count<gpt3<gpt3_6_7b>>},
    {"gpt3-13b", parameter_count<gpt3<gpt3_13b_as_printed>>},
    {"gpt3-175b", parameter_count<gpt3<gpt3_175b>>},
    {"palm-8b", without_gains<palm_8b>},
    {"palm-62b", without_gains<palm_62b>},
    {"palm-540b", without_gains<palm_540b>},
    {"gopher-280b", matrices_alone<gopher_280b>},
    {"chinchilla-70b", matrices_alone<chinchilla_70b>},
    {"t5-small", parameter_count<t5<t5_small>>},
    {"t5-base", parameter_count<t5<t5_base>>},
    {"t5-large", parameter_count<t5<t5_large>>},
    {"t5-3b", parameter_count<t5<t5_3b>>},
    {"t5-11b", parameter_count<t5<t5_11b>>},
    {"t5-v1.1-small", parameter_count<t5<t5_v1_1_small, gelu_tanh>>},
    {"t5-v1.1-base", parameter_count<t5<t5_v1_1_base, gelu_tanh>>},
    {"t5-v1.1-large", parameter_count<t5<t5_v1_1_large, gelu_tanh>>},
    {"t5-v1.1-xl", parameter_count<t5<t5_v1_1_xl, gelu_tanh>>},
    {"t5-v1.1-xxl", parameter_count<t5<t5_v1_1_xxl, gelu_tanh>>},
};
static_assert(counts[0].parameters == 116'534'784);
static_assert(counts[1].parameters == 124'439'808);
static_assert(counts[2].parameters == 354'823'168);
static_assert(counts[3].parameters == 774'030'080);
static_assert(counts[4].parameters == 1'557'611'200);
static_assert(counts[5].parameters == 125'226'240);
static_assert(counts[6].parameters == 355'871'744);
static_assert(counts[7].parameters == 760'300'032);
static_assert(counts[8].parameters == 1'315'723'264);
static_assert(counts[9].parameters == 2'651'553'280);
static_assert(counts[10].parameters == 6'658'404'352);
static_assert(counts[11].parameters == 12'952'938'780);
static_assert(counts[12].parameters == 174'604'259'328);
static_assert(counts[13].parameters == 8'631'877'632);
static_assert(counts[14].parameters == 62'495'129'600);
static_assert(counts[15].parameters == 540'354'281'472);
static_assert(counts[16].parameters == 279'697'162'240);
static_assert(counts[17].parameters == 70'055'362'560);
static_assert(counts[18].parameters == 60'506'624);
static_assert(counts[19].parameters == 222'903'552);
static_assert(counts[20].parameters == 737'668'096);
static_assert(counts[21].parameters == 2'851'598'336);
static_assert(counts[22].parameters == 11'307'321'344);
static_assert(counts[23].parameters == 76'961'152);
static_assert(counts[24].parameters == 247'577'856);
static_assert(counts[25].parameters == 783'150'080);
static_assert(counts[26].parameters == 2'849'757'184);
static_assert(counts[27].parameters == 11'135'332'352);

// Of Hugging Face's EleutherAI/gpt-neo-125m and its larger siblings.
static_assert(parameter_count<gpt_neo<gpt_neo_125m>> == 125'198'592);
static_assert(parameter_count<gpt_neo<gpt_neo_1_3b>> == 1'315'575'808);
static_assert(parameter_count<gpt_neo<gpt_neo_2_7b>> == 2'651'307'520);

// Table 1 of Touvron et al. 2023: 6.7, 13.0, 32.5 and 65.2 billion.
template <index_type Layers, index_type Width, index_type Heads, index_type Hidden>
constexpr std::int64_t llama_count =
    parameter_count<llama<llama_config{.layers = Layers, .width = Width, .heads = Heads, .hidden = Hidden}>>;
static_assert(llama_count<32, 4096, 32, 11008> == 6'738'415'616);
static_assert(llama_count<40, 5120, 40, 13824> == 13'015'864'320);
static_assert(llama_count<60, 6656, 52, 17920> == 32'528'943'616);
static_assert(llama_count<80, 8192, 64, 22016> == 65'285'660'672);

TEST_CASE("counts the parameters of decoders and encoder-decoders as every row of the reference data does") {
  TYPEFORMER_NEEDS_SHARED(path, "anchors/models.json");
  std::ifstream file{path};
  std::stringstream text;
  text << "{\"models\": " << file.rdbuf() << "}";
  const auto rows = json_config::parse(text.str(), path.string());
  REQUIRE(rows);
  std::map<std::string, std::int64_t> stated;
  for (std::size_t row = 0; row < *rows->size("models"); ++row) {
    const std::string at = "models." + std::to_string(row) + ".";
    stated[std::string(*rows->text(at + "model"))] = *rows->integer(at + "params_by_formula");
  }
  for (const published& row : counts) {
    INFO(row.model);
    REQUIRE(stated.contains(row.model));
    CHECK(stated[row.model] == row.parameters);
    stated.erase(row.model);
  }
  for (const auto& [model, parameters] : stated) {  // what is left are the rows that encoders.cpp judges
    INFO(model);
    CHECK((model.starts_with("bert") || model.starts_with("roberta") || model.starts_with("albert") ||
           model.starts_with("minilm")));
  }
}

TEST_CASE("computes the memory of the largest model to the byte") {
  using keys_and_values = footprint<palm<palm_540b>, decoding_with<batch<1>, context<2048>>>;
  // One head of 256 columns for keys and one for values, in 118 layers, for 2048 tokens.
  CHECK(keys_and_values::state_bytes == std::int64_t{4} * 118 * 2 * 256 * 2048);
  CHECK(keys_and_values::weights_bytes == 4 * parameter_count<palm<palm_540b>>);
}

}  // namespace
}  // namespace typeformer
