// SPDX-License-Identifier: BSL-1.0
#include <imported_cases.hpp>

// Parameters, bytes of a session's cache and operations of a step, for 3 sequences of 11 tokens, added layer by layer
// from the numbers of each config.json.
template <class M, class Memory, class Step>
constexpr bool has_counts(std::int64_t parameters, std::int64_t state_bytes, std::int64_t flops) {
  return typeformer::parameter_count<M> == parameters && Memory::weights_bytes == 4 * parameters &&
         Memory::state_bytes == state_bytes && typeformer::flops<M, Step> == flops;
}

static_assert(has_counts<gpt_untied, gpt_untied_memory, gpt_untied_step>(18'144, 23'328, 36'450));
static_assert(has_counts<gpt2_unscaled, gpt2_unscaled_memory, gpt2_unscaled_step>(136'525, 97'200, 258'740));
static_assert(has_counts<gpt3_uneven_bands, gpt3_uneven_bands_memory, gpt3_uneven_bands_step>(147'180, 58'320,
                                                                                              281'580));
static_assert(has_counts<gpt3_without_bands, gpt3_without_bands_memory, gpt3_without_bands_step>(53'160, 19'440,
                                                                                                 102'300));
static_assert(has_counts<gpt_neo_uneven_bands, gpt_neo_uneven_bands_memory, gpt_neo_uneven_bands_step>(13'176, 17'496,
                                                                                                       27'846));
static_assert(has_counts<llama_one_group, llama_one_group_memory, llama_one_group_step>(12'504, 2'592, 25'795));
static_assert(has_counts<palm_narrow_heads, palm_narrow_heads_memory, palm_narrow_heads_step>(9'520, 3'888, 20'854));
static_assert(has_counts<gopher_narrow_heads, gopher_narrow_heads_memory, gopher_narrow_heads_step>(7'228, 11'880,
                                                                                                    14'228));
static_assert(has_counts<bert_for_tokens, bert_for_tokens_memory, bert_for_tokens_step>(7'183, 0, 179'520));
static_assert(has_counts<roberta_late_padding, roberta_late_padding_memory, roberta_late_padding_step>(7'867, 0,
                                                                                                       179'520));
static_assert(has_counts<albert_uneven_groups, albert_uneven_groups_memory, albert_uneven_groups_step>(23'439, 0,
                                                                                                       770'726));
static_assert(has_counts<t5_deep_decoder, t5_deep_decoder_memory, t5_deep_decoder_step>(15'876, 29'160, 183'927));
static_assert(has_counts<t5_ungated, t5_ungated_memory, t5_ungated_step>(17'228, 25'920, 224'584));
static_assert(has_counts<vit_wide_images, vit_wide_images_memory, vit_wide_images_step>(13'433, 0, 342'970));
static_assert(has_counts<vit_as_body, vit_as_body_memory, vit_as_body_step>(10'350, 0, 264'374));
static_assert(has_counts<deit_with_teacher, deit_with_teacher_memory, deit_with_teacher_step>(10'167, 0, 260'976));
static_assert(has_counts<spectrogram_with_gaps, spectrogram_with_gaps_memory, spectrogram_with_gaps_step>(10'430, 0,
                                                                                                          268'810));
static_assert(has_counts<patchtst_of_channels, patchtst_of_channels_memory, patchtst_of_channels_step>(11'077, 0,
                                                                                                       266'684));
static_assert(has_counts<patchtst_that_predicts, patchtst_that_predicts_memory, patchtst_that_predicts_step>(10'494, 0,
                                                                                                             255'544));
static_assert(has_counts<patchtst_forecast, patchtst_forecast_memory, patchtst_forecast_step>(11'519, 0, 257'244));

// The same without operations.
template <class M, class Memory> constexpr bool has_size(std::int64_t parameters, std::int64_t state_bytes) {
  return typeformer::parameter_count<M> == parameters && Memory::weights_bytes == 4 * parameters &&
         Memory::state_bytes == state_bytes;
}

static_assert(has_size<mt5_tied, mt5_tied_memory>(15'876, 29'160));
static_assert(has_size<umt5_untied, umt5_untied_memory>(11'520, 19'440));
static_assert(has_size<umt5_unscaled, umt5_unscaled_memory>(16'320, 29'160));
static_assert(has_size<bart_untied, bart_untied_memory>(19'487, 34'992));
static_assert(has_size<mbart_relu, mbart_relu_memory>(18'155, 34'992));
static_assert(has_size<pegasus_shallow, pegasus_shallow_memory>(10'177, 11'664));
static_assert(has_size<marian_two_tables, marian_two_tables_memory>(17'846, 34'992));
static_assert(has_size<whisper_deep_decoder, whisper_deep_decoder_memory>(19'609, 33'696));
