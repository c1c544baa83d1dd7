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
