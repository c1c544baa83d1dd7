// SPDX-License-Identifier: BSL-1.0
#include <fstream>
#include <sstream>
#include <string>

#include <typeformer/objectives/pretraining.hpp>
#include <typeformer/typeformer.hpp>

#include "support/catch.hpp"
#include "support/shared_data.hpp"

// What types say of encoders: parameters as published, memory as held, operations as counted by hand.
namespace typeformer {
namespace {

// Without the heads of pre-training: tables, blocks and pooler, which is what most publications count.
template <bert_config C> struct bert_encoder : bert_body<C, gelu_erf, first_token_pooler<>> {};
template <roberta_config C> struct roberta_encoder : roberta_body<C, gelu_erf, first_token_pooler<>> {};
template <albert_config C> struct albert_encoder : albert_body<C, gelu_tanh, first_token_pooler<>> {};

struct published {
  const char* model;  ///< as the reference data calls it
  std::int64_t parameters;
};
template <class M> constexpr published counted(const char* model) { return {model, parameter_count<M>}; }

constexpr bert_config base{}, large{.layers = 24, .width = 1024, .heads = 16};
constexpr bert_config cased(bert_config c) { return c.vocabulary = 28996, c; }
constexpr roberta_config roberta_large{.layers = 24, .width = 1024, .heads = 16};

constexpr published counts[] = {
    counted<bert_encoder<bert_config{.layers = 2, .width = 128, .heads = 2}>>("bert-tiny-uncased"),
    counted<bert_encoder<base>>("bert-base-uncased"),
    counted<bert_encoder<large>>("bert-large-uncased"),
    counted<bert_encoder<cased(base)>>("bert-base-cased"),
    counted<bert_encoder<cased(large)>>("bert-large-cased"),
    counted<bert_encoder<bert_config{.layers = 6, .width = 384, .heads = 12}>>("minilm-l6 (all-MiniLM-L6-v2)"),
    counted<bert<base>>("bert-base-uncased + MLM + NSP heads"),
    counted<roberta_encoder<roberta_config{}>>("roberta-base"),
    counted<roberta_encoder<roberta_large>>("roberta-large"),
    counted<albert_encoder<albert_config{}>>("albert-base-v2"),
    counted<albert_encoder<albert_config{.layers = 24, .width = 1024, .heads = 16}>>("albert-large-v2"),
    counted<albert_encoder<albert_config{.layers = 24, .width = 2048, .heads = 16}>>("albert-xlarge-v2"),
    counted<albert_encoder<albert_config{.layers = 12, .width = 4096, .heads = 64}>>("albert-xxlarge-v2"),
};
static_assert(counts[0].parameters == 4'385'920);
static_assert(counts[1].parameters == 109'482'240);
static_assert(counts[2].parameters == 335'141'888);
static_assert(counts[3].parameters == 108'310'272);
static_assert(counts[4].parameters == 333'579'264);
static_assert(counts[5].parameters == 22'713'216);
static_assert(counts[6].parameters == 110'106'428,
              "the map to the vocabulary is the token table; only its bias counts");
static_assert(counts[7].parameters == 124'645'632, "514 positions, one segment, pooler");
static_assert(counts[8].parameters == 355'359'744);
static_assert(counts[9].parameters == 11'683'584, "one set of a block's parameters for all layers");
static_assert(counts[10].parameters == 17'683'968);
static_assert(counts[11].parameters == 58'724'864);
static_assert(counts[12].parameters == 222'595'584);

// RoBERTa counted with 512 positions, without segments and pooler: no preset, but the difference is three rows.
template <roberta_config C> struct roberta_without_pooler : roberta_body<C, gelu_erf> {};
static_assert(parameter_count<roberta_without_pooler<roberta_config{}>> - 3 * 768 == 124'052'736);
static_assert(parameter_count<roberta_without_pooler<roberta_large>> - 3 * 1024 == 354'307'072);

// An embedder of sentences is a body without a pooler's map.
template <bert_config C> struct embedder : bert_body<C, gelu_erf, sentence_embedding<>> {};
static_assert(parameter_count<embedder<base>> == 109'482'240 - 768 * 768 - 768);
static_assert(parameter_count<embedder<bert_config{.layers = 6, .width = 384, .heads = 12}>> ==
              22'713'216 - 384 * 384 - 384);

TEST_CASE("counts the parameters of encoders as the reference data does") {
  TYPEFORMER_NEEDS_SHARED(path, "anchors/models.json");
  std::ifstream file{path};
  std::stringstream text;
  text << file.rdbuf();
  const std::string all = text.str();
  for (const published& row : counts) {
    INFO(row.model);
    const std::size_t model = all.find("\"" + std::string(row.model) + "\"");
    REQUIRE(model != std::string::npos);
    const std::size_t key = all.find("\"params_published\"", model);
    REQUIRE(key != std::string::npos);
    CHECK(std::stoll(all.substr(all.find(':', key) + 1)) == row.parameters);
  }
}

constexpr bert_config small{.layers = 2, .width = 32, .heads = 4, .vocabulary = 100, .context = 48};
struct small_bert : bert<small> {};
struct small_roberta : roberta<roberta_config{.layers = 2, .width = 32, .heads = 4, .vocabulary = 100, .context = 48}> {
};
struct small_albert
    : albert<albert_config{
          .layers = 4, .width = 32, .heads = 4, .embedding_width = 16, .groups = 2, .vocabulary = 100, .context = 48}> {
};
struct small_classifier : bert_body<small, gelu_erf, first_token_pooler<>, classifier<3>> {};
struct small_body : bert_body<small, gelu_erf> {};
struct small_embedder : embedder<small> {};

template <class M, class... Options> constexpr bool is_exact() {
  using counted = footprint<M, evaluating_with<Options...>>;
  static_assert(sizeof(forward_pass<M, reads<canonical>, storage::in_place, Options...>) == counted::ram_bytes);
  using packed = footprint<M, evaluating_with<Options...>, native>;
  static_assert(sizeof(forward_pass<M, storage::in_place, Options...>) == packed::ram_bytes);
  static_assert(counted::state_bytes == 0);
  return true;
}
static_assert(is_exact<small_bert>());
static_assert(is_exact<small_bert, batch<3>, tokens<5>>());
static_assert(is_exact<small_bert, observing>());
static_assert(is_exact<small_roberta>());
static_assert(is_exact<small_roberta, batch<2>, tokens<1>>());
static_assert(is_exact<small_albert>());
static_assert(is_exact<small_albert, batch<4>, tokens<17>>());
static_assert(is_exact<small_classifier, batch<7>>());
static_assert(is_exact<small_embedder, batch<7>, observing>());

TEST_CASE("counts four bytes per token for segments") {
  using bert_tables = footprint<small_bert, evaluating_with<batch<3>, tokens<8>>>;
  struct without_segments
      : encoder_only<token_embedding<vocabulary<100>, width<32>>, learned_positions<context<48>>,
                     repeat<2, post_norm_block<self_attention<heads<4>, bidirectional>, feed_forward<128, gelu_erf>>>> {
  };
  using plain_tables = footprint<without_segments, evaluating_with<batch<3>, tokens<8>>>;
  CHECK(bert_tables::tables_bytes - plain_tables::tables_bytes == 4 * 3 * 8);
}

/// The operations of BERT by hand: 2 · rows · inputs · outputs for every matrix, 4 · width for every pair of a query and
/// a key, all of which it sees; 8 a column for norms and activations, 1 for sums.
constexpr std::int64_t by_hand(bert_config c, std::int64_t sequences, std::int64_t tokens) {
  const std::int64_t width = c.width, hidden = 4 * width, all = sequences * tokens;
  const std::int64_t attention = 2 * all * width * 4 * width + 4 * width * sequences * tokens * tokens;
  const std::int64_t feed_forward = 2 * 2 * all * width * hidden + 8 * all * hidden;
  const std::int64_t norms_and_sums = 2 * (8 + 1) * all * width;
  const std::int64_t embedding = 2 * all * width /* segments, positions */ + 8 * all * width;
  const std::int64_t masked_lm = 2 * all * width * width + 16 * all * width + 2 * all * width * c.vocabulary;
  const std::int64_t pair = 2 * sequences * width * width + 8 * sequences * width + 2 * sequences * width * 2;
  return c.layers * (attention + feed_forward + norms_and_sums) + embedding + masked_lm + pair;
}

static_assert(flops<small_bert, evaluating_with<tokens<24>>> == by_hand(small, 1, 24));
static_assert(flops<small_bert, evaluating_with<batch<3>, tokens<24>>> ==
              3 * flops<small_bert, evaluating_with<tokens<24>>>);

constexpr std::int64_t pooled_and_normalized = 3 * 24 * 32 + 3 * 3 * 32;
static_assert(flops<small_embedder, evaluating_with<batch<3>, tokens<24>>> ==
              flops<small_body, evaluating_with<batch<3>, tokens<24>>> + pooled_and_normalized);

struct albert_of_one_set : albert<albert_config{}> {};
struct albert_of_twelve_sets : albert<albert_config{.groups = 12}> {};

TEST_CASE("saves memory but no operations by sharing parameters") {
  CHECK(flops<albert_of_one_set, evaluating_with<tokens<128>>> ==
        flops<albert_of_twelve_sets, evaluating_with<tokens<128>>>);
  CHECK(parameter_count<albert_of_one_set> < parameter_count<albert_of_twelve_sets> / 7);
}

struct base_bert : bert<base> {};

TEST_CASE("counts pre-training as three forward passes and the scores again, and little for the head of pairs") {
  constexpr double forward = double(flops<base_bert, evaluating_with<tokens<512>>>);
  constexpr double training = double(flops<base_bert, training_with<bert_pretraining, tokens<512>>>);
  constexpr double scores = 2.0 * 12 * 768 * 512 * 512;  // the backward pass computes them a second time
  CHECK(training == Approx(3 * forward + scores).epsilon(0.002));
  constexpr double masked_only = double(flops<base_bert, training_with<masked_lm, tokens<512>>>);
  CHECK(masked_only < training);
  CHECK(masked_only / training == Approx(1).epsilon(1e-3));
}

}  // namespace
}  // namespace typeformer
