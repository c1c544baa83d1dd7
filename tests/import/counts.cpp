// SPDX-License-Identifier: BSL-1.0
#include <imported_cases.hpp>

// Parameters, bytes of a session's cache and operations of a step, for 3 sequences of 11 tokens, added layer by layer
// from the numbers of each config.json.
template <class M, class Memory, class Step>
constexpr bool has_counts(std::int64_t parameters, std::int64_t state_bytes, std::int64_t flops) {
  return typeformer::parameter_count<M> == parameters && Memory::weights_bytes == 4 * parameters &&
         Memory::state_bytes == state_bytes && typeformer::flops<M, Step> == flops;
}

#define HAS_COUNTS(name, parameters, state_bytes, flops) \
  static_assert(has_counts<name, name##_memory, name##_step>(parameters, state_bytes, flops))

HAS_COUNTS(gpt_untied, 18'144, 23'328, 36'450);
HAS_COUNTS(gpt2_unscaled, 136'525, 97'200, 258'740);
HAS_COUNTS(gpt3_uneven_bands, 147'180, 58'320, 281'580);
HAS_COUNTS(gpt3_without_bands, 53'160, 19'440, 102'300);
HAS_COUNTS(gpt_neo_uneven_bands, 13'176, 17'496, 27'846);
HAS_COUNTS(llama_one_group, 12'504, 2'592, 25'795);
HAS_COUNTS(palm_narrow_heads, 9'520, 3'888, 20'854);
HAS_COUNTS(gopher_narrow_heads, 7'228, 11'880, 14'228);
HAS_COUNTS(bert_for_tokens, 7'183, 0, 179'520);
HAS_COUNTS(roberta_late_padding, 7'867, 0, 179'520);
HAS_COUNTS(albert_uneven_groups, 23'439, 0, 770'726);
HAS_COUNTS(t5_deep_decoder, 15'876, 29'160, 183'927);
HAS_COUNTS(t5_ungated, 17'228, 25'920, 224'584);
HAS_COUNTS(vit_wide_images, 13'433, 0, 342'970);
HAS_COUNTS(vit_as_body, 10'350, 0, 264'374);
HAS_COUNTS(deit_with_teacher, 10'167, 0, 260'976);
HAS_COUNTS(spectrogram_with_gaps, 10'430, 0, 268'810);
HAS_COUNTS(patchtst_of_channels, 11'077, 0, 266'684);
HAS_COUNTS(patchtst_that_predicts, 10'494, 0, 255'544);
HAS_COUNTS(patchtst_forecast, 11'519, 0, 257'244);

// The same without operations.
#define HAS_SIZE(name, parameters, bytes)                                                \
  static_assert(typeformer::parameter_count<name> == parameters &&                       \
                name##_memory::weights_bytes == 4 * typeformer::parameter_count<name> && \
                name##_memory::state_bytes == bytes)

HAS_SIZE(mt5_tied, 15'876, 29'160);
HAS_SIZE(umt5_untied, 11'520, 19'440);
HAS_SIZE(umt5_unscaled, 16'320, 29'160);
HAS_SIZE(bart_untied, 19'487, 34'992);
HAS_SIZE(mbart_relu, 18'155, 34'992);
HAS_SIZE(pegasus_shallow, 10'177, 11'664);
HAS_SIZE(marian_two_tables, 17'846, 34'992);
HAS_SIZE(whisper_deep_decoder, 19'609, 33'696);
