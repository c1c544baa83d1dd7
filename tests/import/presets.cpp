// SPDX-License-Identifier: BSL-1.0
#include <imported_cases.hpp>

#include <type_traits>

// Every number of a config.json is passed to its member of the preset. Here are those that differ from the family's
// defaults.
using namespace typeformer;

template <class Preset, class Imported> inline constexpr bool is_preset_of = std::is_base_of_v<Preset, Imported>;

static_assert(
    is_preset_of<gpt<gpt_config{.layers = 4, .width = 18, .heads = 2, .vocabulary = 40, .context = 12, .tied = false}>,
                 gpt_untied>);
static_assert(is_preset_of<gpt2<gpt2_config{.layers = 5,
                                            .width = 60,
                                            .heads = 3,
                                            .hidden = 77,
                                            .vocabulary = 101,
                                            .context = 50,
                                            .scales_scores = false,
                                            .scores_over_layer_number = true,
                                            .tied = false},
                                relu>,
                           gpt2_unscaled>);
static_assert(is_preset_of<gpt3<gpt3_config{.layers = 3,
                                            .width = 60,
                                            .heads = 5,
                                            .vocabulary = 101,
                                            .context = 50,
                                            .scales_scores = false,
                                            .scores_over_layer_number = true,
                                            .tied = false},
                                gelu_tanh, sliding_windows<listed_windows<9, 0, 9>>>,
                           gpt3_uneven_bands>);
static_assert(is_preset_of<gpt3<gpt3_config{.layers = 1, .width = 60, .heads = 5, .vocabulary = 101, .context = 50},
                                gelu_tanh, no_window>,
                           gpt3_without_bands>);
static_assert(
    is_preset_of<gpt_neo<gpt_neo_config{.layers = 3, .width = 18, .heads = 2, .vocabulary = 40, .context = 12},
                         gelu_tanh, sliding_windows<listed_windows<3, 0, 3>>>,
                 gpt_neo_uneven_bands>);
static_assert(is_preset_of<llama<llama_config{.layers = 1,
                                              .width = 56,
                                              .heads = 7,
                                              .key_value_heads = 1,
                                              .hidden = 19,
                                              .vocabulary = 33,
                                              .context = 31,
                                              .theta = 5e5,
                                              .epsilon = 0,
                                              .tied = true,
                                              .attention_bias = true}>,
                           llama_one_group>);
static_assert(is_preset_of<palm<palm_config{.layers = 2,
                                            .width = 20,
                                            .heads = 3,
                                            .head_width = 6,
                                            .hidden = 60,
                                            .vocabulary = 17,
                                            .context = 11,
                                            .logit_scale = 1}>,
                           palm_narrow_heads>);
static_assert(is_preset_of<gopher<gopher_config{.layers = 2,
                                                .width = 22,
                                                .heads = 3,
                                                .head_width = 5,
                                                .hidden = 31,
                                                .vocabulary = 21,
                                                .context = 11,
                                                .tied = false}>,
                           gopher_narrow_heads>);
static_assert(is_preset_of<bert<bert_config{.layers = 3,
                                            .width = 18,
                                            .heads = 3,
                                            .hidden = 11,
                                            .vocabulary = 40,
                                            .context = 20,
                                            .segments = 3,
                                            .padding_id = -1,
                                            .classifies_pairs = false}>,
                           bert_for_tokens>);
static_assert(is_preset_of<roberta<roberta_config{.layers = 3,
                                                  .width = 18,
                                                  .heads = 3,
                                                  .hidden = 11,
                                                  .vocabulary = 40,
                                                  .context = 15,
                                                  .epsilon = 1e-12,
                                                  .padding_id = 4,
                                                  .tied = false},
                                   gelu_tanh>,
                           roberta_late_padding>);
static_assert(is_preset_of<albert<albert_config{.layers = 5,
                                                .width = 18,
                                                .heads = 3,
                                                .embedding_width = 7,
                                                .groups = 4,
                                                .layers_in_group = 3,
                                                .hidden = 11,
                                                .vocabulary = 40,
                                                .context = 20,
                                                .classifies_pairs = false,
                                                .tied = false}>,
                           albert_uneven_groups>);
static_assert(is_preset_of<t5<t5_config{.layers = 2,
                                        .decoder_layers = 3,
                                        .width = 18,
                                        .heads = 3,
                                        .head_width = 5,
                                        .hidden = 23,
                                        .vocabulary = 40,
                                        .context = 11,
                                        .buckets = 6,
                                        .maximum_distance = 9,
                                        .gated = true},
                              silu>,
                           t5_deep_decoder>);
static_assert(is_preset_of<t5<t5_config{.layers = 4,
                                        .width = 18,
                                        .heads = 2,
                                        .head_width = 5,
                                        .hidden = 23,
                                        .vocabulary = 40,
                                        .context = 11,
                                        .tied = false},
                              gelu_erf>,
                           t5_ungated>);

// Encoders by their architecture: the same stack with other last layers.
namespace {

constexpr bert_config bert_numbers{
    .layers = 3, .width = 18, .heads = 3, .hidden = 11, .vocabulary = 40, .context = 20, .segments = 3};

}  // namespace

static_assert(is_preset_of<bert_body<bert_numbers, gelu_tanh, answer_span_head>, bert_for_answers>);
static_assert(is_preset_of<bert_body<bert_numbers, gelu_erf, with_pooled<first_token_pooler<>>>, bert_as_body>);
static_assert(is_preset_of<roberta_body<roberta_config{.layers = 3,
                                                       .width = 18,
                                                       .heads = 3,
                                                       .hidden = 11,
                                                       .vocabulary = 40,
                                                       .segments = 1,
                                                       .context = 18,
                                                       .epsilon = 1e-12},
                                        gelu_erf, first_token_pooler<>, classifier<4>>,
                           xlm_roberta_for_sequences>);
static_assert(is_preset_of<albert_body<albert_config{.layers = 5,
                                                     .width = 18,
                                                     .heads = 3,
                                                     .embedding_width = 7,
                                                     .groups = 4,
                                                     .layers_in_group = 3,
                                                     .hidden = 11,
                                                     .vocabulary = 40,
                                                     .context = 20},
                                       gelu_tanh, classifier<5>>,
                           albert_for_tokens>);
static_assert(
    is_preset_of<
        distilbert<
            distilbert_config{
                .layers = 2, .width = 18, .heads = 3, .hidden = 11, .vocabulary = 40, .context = 20, .padding_id = 7},
            relu, first_token_pooler<relu>, classifier<3>>,
        distilbert_for_sequences>);
static_assert(is_preset_of<electra<electra_config{.layers = 2,
                                                  .width = 18,
                                                  .heads = 3,
                                                  .embedding_width = 7,
                                                  .hidden = 11,
                                                  .vocabulary = 40,
                                                  .context = 20,
                                                  .segments = 3},
                                   relu, dense_transform<relu>, classifier<1>>,
                           electra_discriminator>);
static_assert(is_preset_of<electra<electra_config{.layers = 2,
                                                  .width = 18,
                                                  .heads = 3,
                                                  .embedding_width = 7,
                                                  .hidden = 11,
                                                  .vocabulary = 40,
                                                  .context = 20,
                                                  .tied = false},
                                   relu, masked_lm_head<gelu_erf, layer_norm<epsilon<1e-12>>, untied_head>>,
                           electra_generator>);
static_assert(
    is_preset_of<
        mpnet<mpnet_config{
                  .layers = 2, .width = 18, .heads = 3, .hidden = 11, .vocabulary = 40, .context = 18, .epsilon = 1e-5},
              gelu_erf, with_pooled<first_token_pooler<>>>,
        mpnet_as_body>);
static_assert(is_preset_of<roformer<roformer_config{.layers = 2,
                                                    .width = 18,
                                                    .heads = 3,
                                                    .embedding_width = 7,
                                                    .hidden = 11,
                                                    .vocabulary = 40,
                                                    .context = 20,
                                                    .segments = 3,
                                                    .rotates_values = true},
                                    gelu_erf, answer_span_head>,
                           roformer_for_answers>);
static_assert(is_preset_of<esm<esm_config{.layers = 2,
                                          .width = 18,
                                          .heads = 3,
                                          .hidden = 11,
                                          .vocabulary = 40,
                                          .context = 17,
                                          .epsilon = 1e-12,
                                          .rotates = false,
                                          .mask_id = 6,
                                          .norms_embedding = true,
                                          .padding_id = 2},
                               classifier<3>>,
                           esm_with_table>);
static_assert(is_preset_of<esm<esm_config{.layers = 2,
                                          .width = 18,
                                          .heads = 3,
                                          .hidden = 11,
                                          .vocabulary = 40,
                                          .context = 20,
                                          .epsilon = 1e-12,
                                          .theta = 500,
                                          .drops_tokens = false,
                                          .padding_id = 2},
                               first_token_pooler<>, classifier<3>>,
                           esm_with_rotation>);
static_assert(is_preset_of<deberta_v2<deberta_v2_config{.layers = 2,
                                                        .width = 18,
                                                        .heads = 3,
                                                        .embedding_width = 7,
                                                        .hidden = 11,
                                                        .vocabulary = 40,
                                                        .context = 20,
                                                        .segments = 3,
                                                        .maximum_distance = 9,
                                                        .position_buckets = 0,
                                                        .shares_projections = false,
                                                        .has_distance_queries = false,
                                                        .normalizes_distances = false,
                                                        .has_learned_positions = true},
                                      gelu_erf, first_token_pooler<relu>, classifier<3>>,
                           deberta_own_projections>);
static_assert(
    is_preset_of<modernbert<modernbert_config{.layers = 3,
                                              .width = 18,
                                              .heads = 3,
                                              .hidden = 11,
                                              .vocabulary = 40,
                                              .context = 20,
                                              .local_attention = 8,
                                              .global_theta = 700,
                                              .local_theta = 90,
                                              .mlp_bias = true,
                                              .norm_bias = true,
                                              .padding_id = 3},
                            silu, listed_rotary_tables<0, 1, 1>, mean_pooling,
                            dense_transform<relu, layer_norm<epsilon<1e-5>, with_bias>, with_bias>, classifier<3>>,
                 modernbert_listed_layers>);
static_assert(is_preset_of<t5_encoder<t5_encoder_config{.layers = 2,
                                                        .width = 18,
                                                        .heads = 3,
                                                        .head_width = 5,
                                                        .hidden = 23,
                                                        .vocabulary = 40,
                                                        .context = 11,
                                                        .buckets = 6,
                                                        .maximum_distance = 9,
                                                        .gated = true},
                                      silu>,
                           t5_encoder_gated>);
