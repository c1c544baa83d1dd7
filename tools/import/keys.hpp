// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "values.hpp"

namespace importing {

/// Keys of config.json with the same meaning. A value counts under any of them; different values are an error. A dot
/// leads into an object.
struct meaning {
  std::string_view name;  ///< of the member in the presets' configurations, if it is one
  value_kind kind;
  std::string_view keys[8];
};

/// Keys whose meaning depends on the family are not here, such as GPT's `afn`, whose "gelu" is another function than
/// that of `hidden_act`.
inline constexpr meaning meanings[] = {
    {"layers", count, {"num_hidden_layers", "n_layer", "num_layers", "depth", "n_layers", "encoder_layers"}},
    {"decoder_layers", count, {"num_decoder_layers", "decoder_layers"}},
    {"groups", count, {"num_hidden_groups"}},
    {"layers_in_group", count, {"inner_group_num"}},
    {"width", count, {"hidden_size", "n_embd", "d_model", "dim", "n_embed"}},
    {"embedding_width", count, {"embedding_size"}},
    {"heads", count, {"num_attention_heads", "n_head", "num_heads", "heads", "n_heads", "encoder_attention_heads"}},
    {"key_value_heads", count, {"num_key_value_heads", "num_kv_heads"}},
    {"head_width", count, {"head_dim", "d_kv", "d_head", "dim_head"}},
    {"hidden",
     count,
     {"intermediate_size", "n_inner", "d_ff", "d_inner", "hidden_dim", "encoder_ffn_dim", "ffn_dim",
      "ffn_hidden_size"}},
    {"widths_of_hidden", count, {"ff_mult"}},
    {"vocabulary", count, {"vocab_size", "n_vocab", "num_tokens"}},
    {"context",
     count,
     {"max_position_embeddings", "n_positions", "n_ctx", "max_sequence_length", "max_target_positions", "max_seq_len",
      "seq_length"}},
    {"window", count, {"window_size", "gpt3_attention.window_size"}},
    {"segments", count, {"type_vocab_size"}},
    {"padding_id", special, {"pad_token_id"}},
    {"buckets", count, {"relative_attention_num_buckets"}},
    {"maximum_distance", count, {"relative_attention_max_distance"}},
    // Of rotary positions: of all layers, or of those that see all tokens.
    {"theta",
     number_above_0,
     {"rope_theta", "rope_parameters.rope_theta", "rope_scaling.rope_theta", "rotary_emb_base",
      "rope_parameters.full_attention.rope_theta"}},
    {"rotary_scaling",
     special,
     {"rope_scaling.rope_type", "rope_scaling.type", "rope_parameters.rope_type", "rope_parameters.type",
      "rope_parameters.full_attention.rope_type", "rope_parameters.full_attention.type"}},
    {"factor", number, {"rope_scaling.factor", "rope_parameters.factor", "rope_parameters.full_attention.factor"}},
    {"low_factor",
     number_above_0,
     {"rope_scaling.low_freq_factor", "rope_parameters.low_freq_factor",
      "rope_parameters.full_attention.low_freq_factor"}},
    {"high_factor",
     number_above_0,
     {"rope_scaling.high_freq_factor", "rope_parameters.high_freq_factor",
      "rope_parameters.full_attention.high_freq_factor"}},
    {"original_context",
     count,
     {"rope_scaling.original_max_position_embeddings", "rope_parameters.original_max_position_embeddings",
      "rope_parameters.full_attention.original_max_position_embeddings", "original_max_position_embeddings"}},
    {"beta_fast",
     number_above_0,
     {"rope_scaling.beta_fast", "rope_parameters.beta_fast", "rope_parameters.full_attention.beta_fast"}},
    {"beta_slow",
     number_above_0,
     {"rope_scaling.beta_slow", "rope_parameters.beta_slow", "rope_parameters.full_attention.beta_slow"}},
    {"attention_factor",
     number_above_0,
     {"rope_scaling.attention_factor", "rope_parameters.attention_factor",
      "rope_parameters.full_attention.attention_factor"}},
    {"mscale", number, {"rope_scaling.mscale", "rope_parameters.mscale", "rope_parameters.full_attention.mscale"}},
    {"mscale_all_dim",
     number,
     {"rope_scaling.mscale_all_dim", "rope_parameters.mscale_all_dim",
      "rope_parameters.full_attention.mscale_all_dim"}},
    {"truncate", flag, {"rope_scaling.truncate", "rope_parameters.truncate"}},
    {"rotary_part",
     number_above_0,
     {"partial_rotary_factor", "rope_parameters.partial_rotary_factor", "rope_scaling.partial_rotary_factor",
      "rotary_pct"}},
    {"local_theta",
     number_above_0,
     {"rope_local_base_freq", "local_rope_theta", "rope_parameters.sliding_attention.rope_theta"}},
    {"local_scaling",
     special,
     {"rope_parameters.sliding_attention.rope_type", "rope_parameters.sliding_attention.type"}},
    {"epsilon", number_below_1, {"layer_norm_eps", "layer_norm_epsilon", "rms_norm_eps", "norm_epsilon", "norm_eps"}},
    {"logit_scale", number, {"logit_scale"}},
    {"scales_scores", flag, {"scale_attn_weights"}},
    {"scores_over_layer_number", flag, {"scale_attn_by_inverse_layer_idx"}},
    {"attention_bias", flag, {"attention_bias"}},
    {"query_key_value_bias", flag, {"use_qkv_bias", "qkv_bias"}},
    {"tied", flag, {"tie_word_embeddings"}},
    {"activation", special, {"hidden_act", "activation_function", "activation", "hidden_activation"}},
    {"mlp_bias", flag, {"mlp_bias"}},
    {"has_bias", flag, {"use_bias", "enable_bias", "bias"}},
    {"parallel", flag, {"use_parallel_residual"}},
    {"norms_queries_and_keys", flag, {"use_qk_norm", "qk_layernorm"}},
    {"adds_to_the_norm", flag, {"apply_residual_connection_post_layernorm"}},
    {"norms_first", flag, {"do_layer_norm_before"}},
    {"norms_have_weights", flag, {"layer_norm_elementwise_affine"}},
    {"has_alibi", flag, {"alibi"}},
    {"largest_projection", number, {"clip_qkv", "attn_config.clip_qkv"}},
    {"score_scale", number_above_0, {"attn_config.softmax_scale"}},
    {"scores_over_root_of", number_above_0, {"query_pre_attn_scalar"}},
    {"score_cap", number_above_0, {"attn_logit_softcapping"}},
    {"logit_cap", number_above_0, {"final_logit_softcapping"}},
    {"embedding_multiplier", number, {"embedding_multiplier"}},
    {"attention_multiplier", number, {"attention_multiplier"}},
    {"residual_multiplier", number, {"residual_multiplier"}},
    {"logits_scaling", number_above_0, {"logits_scaling"}},
    {"sliding_window", count, {"sliding_window"}},
    {"use_sliding_window", flag, {"use_sliding_window"}},
    {"window_pattern", count, {"sliding_window_pattern", "_sliding_window_pattern"}},
    {"no_rope_layer_interval", count, {"no_rope_layer_interval"}},
    {"word_embed_proj_dim", count, {"word_embed_proj_dim"}},
    {"rotary_dim", count, {"rotary_dim"}},
    {"global_theta", number_above_0, {"global_rope_theta", "rope_parameters.full_attention.rope_theta"}},
    {"local_attention", count, {"local_attention"}},
    {"norm_bias", flag, {"norm_bias"}},
    {"rotates_values", flag, {"rotary_value"}},
    {"drops_tokens", flag, {"token_dropout"}},
    {"norms_embedding", flag, {"emb_layer_norm_before"}},
    {"attends_by_distance", flag, {"relative_attention"}},
    {"shares_projections", flag, {"share_att_key"}},
    {"has_learned_positions", flag, {"position_biased_input"}},
    {"head_of_version_1", flag, {"legacy"}},
    {"decoder_heads", count, {"decoder_attention_heads"}},
    {"decoder_hidden", count, {"decoder_ffn_dim"}},
    {"decoder_vocabulary", count, {"decoder_vocab_size"}},
    {"source_context", count, {"max_source_positions"}},
    {"mel_bins", count, {"num_mel_bins"}},
    {"scales_embedding", flag, {"scale_embedding"}},
    {"shares_embeddings", flag, {"share_encoder_decoder_embeddings"}},
    {"scales_logits", flag, {"scale_decoder_outputs"}},
    {"channels", count, {"num_channels", "num_input_channels"}},
    {"frequency_stride", count, {"frequency_stride"}},
    {"time", count, {"max_length"}},
    {"time_stride", count, {"time_stride"}},
    {"length", count, {"context_length"}},
    {"patch_length", count, {"patch_length"}},
    {"patch_step", count, {"patch_stride"}},
    {"pooled_width", count, {"pooler_output_size"}},
    {"norms_before", flag, {"pre_norm"}},
    {"scaling of series", special, {"scaling"}},
    {"type of numbers", without_effect, {"torch_dtype", "dtype"}},
    {"dropout of attention",
     without_effect,
     {"attn_pdrop", "attention_dropout", "attention_probs_dropout_prob", "attn_config.attn_pdrop"}},
    {"dropout of branches",
     without_effect,
     {"resid_pdrop", "resid_dropout", "hidden_dropout_prob", "hidden_dropout", "residual_dropout"}},
    {"dropout of embeddings", without_effect, {"embd_pdrop", "embed_dropout", "emb_pdrop", "embedding_dropout"}},
};

constexpr const meaning* meaning_of(std::string_view name) {
  const auto* const found = std::ranges::find(meanings, name, &meaning::name);
  return found == std::end(meanings) ? nullptr : found;
}

/// All spellings of a meaning. The name of none is a key itself.
inline std::vector<std::string_view> keys_of(std::string_view name) {
  const meaning* const found = meaning_of(name);
  if (found == nullptr) return {name};
  return {found->keys, std::ranges::find(found->keys, std::string_view{})};
}

/// Keys of config.json that change no number that a trained model computes.
inline constexpr std::string_view keys_without_effect[] = {
    "transformers_version", "_name_or_path", "name_or_path", "use_cache", "initializer_range", "bos_token_id",
    "eos_token_id", "pad_token_id", "sep_token_id", "unk_token_id", "cls_token_id", "mask_token_id",
    "task_specific_params", "gradient_checkpointing", "output_past", "output_attentions", "output_hidden_states",
    "return_dict", "dropout", "dropout_rate", "classifier_dropout", "classifier_dropout_prob", "initializer_factor",
    "summary_type", "summary_use_proj", "summary_activation", "summary_proj_to_labels", "summary_first_dropout",
    "summary_last_dropout", "qa_dropout", "seq_classif_dropout", "sinusoidal_pos_embds", "mlp_dropout",
    "initializer_cutoff_factor", "deterministic_flash_attn", "reference_compile", "repad_logits_with_grad",
    "sparse_prediction", "sparse_pred_ignore_index", "pooler_dropout", "vocab_list", "_attn_implementation",
    "attn_implementation", "_attn_implementation_autoset", "predict_special_tokens", "chunk_size_feed_forward",
    "tokenizer_class", "_commit_hash", "torchscript", "tf_legacy_loss", "cross_attention_hidden_size", "auto_map",
    "cache_implementation", "layerdrop",
    // of classifiers; how many classes there are is read where it matters
    "id2label", "label2id", "num_labels", "_num_labels", "problem_type", "finetuning_task",
    // of the training of encoder-decoders
    "init_std", "activation_dropout", "classif_dropout", "encoder_layerdrop", "decoder_layerdrop", "apply_spec_augment",
    "mask_time_prob", "mask_time_length", "mask_time_min_masks", "mask_feature_prob", "mask_feature_length",
    "mask_feature_min_masks",
    // of other uses of Whisper
    "median_filter_width", "use_weighted_layer_sum", "classifier_proj_size",
    // of the pre-training of models of images and time series, and of other heads than the architecture's
    "encoder_stride", "path_dropout", "positional_dropout", "ff_dropout", "head_dropout", "random_mask_ratio",
    "mask_type", "mask_value", "num_forecast_mask_patches", "channel_consistent_masking", "unmasked_channel_indices",
    "num_parallel_samples", "distribution_output", "prediction_length", "share_projection",
    // other orders of the same products
    "reorder_and_upcast_attn", "pretraining_tp", "slow_but_exact", "attention_softmax_in_fp32",
    "scale_attention_softmax_in_fp32", "masked_softmax_fusion", "bias_dropout_fusion", "skip_bias_add",
    "skip_bias_add_qkv", "offset_alibi", "inference_runner", "pad_key_length", "pre_allocate_kv_cache",
    "validate_runner_input", "max_batch_size",
    // of published files, never read
    "is_llama_config", "directionality", "pooler_fc_size", "pooler_num_attention_heads", "pooler_num_fc_layers",
    "pooler_size_per_head", "pooler_type", "extra_pos_embeddings", "add_bias_logits", "scalable_attention",
    "down_scale_factor", "gap_size", "net_structure_type", "num_memory_blocks",
    // of generation: how a search begins and is selected
    "decoder_start_token_id", "max_length", "do_sample", "early_stopping", "num_beams", "num_beam_groups",
    "diversity_penalty", "temperature", "top_k", "top_p", "typical_p", "length_penalty", "num_return_sequences",
    "output_scores", "return_dict_in_generate", "prefix"};

/// Keys of generation that change the result of every search. They do not change the model: the caller of a search
/// gives its settings, but a published text may have been made with these.
inline constexpr std::string_view keys_of_searches[] = {
    "min_length", "min_new_tokens", "max_new_tokens", "exponential_decay_length_penalty",
    // tokens that are given or rejected
    "repetition_penalty", "no_repeat_ngram_size", "encoder_no_repeat_ngram_size", "bad_words_ids", "suppress_tokens",
    "begin_suppress_tokens", "forced_bos_token_id", "forced_eos_token_id", "forced_decoder_ids",
    "force_bos_token_to_be_generated", "remove_invalid_values"};

/// Values that change nothing, of those keys, of keys that older programs wrote for every model, and of other kinds of
/// models. No other value is supported where a family does not read the key.
inline constexpr std::pair<std::string_view, std::string_view> harmless_values[] = {
    {"use_bfloat16", "false"},
    {"layers_to_keep", "[]"},
    {"n_special", "0"},
    {"rope_interleaved", "false"},
    {"partial_rotary_factor", "1"},
    {"rope_parameters.partial_rotary_factor", "1"},
    {"min_length", "0"},
    {"min_new_tokens", "0"},
    {"repetition_penalty", "1"},
    {"no_repeat_ngram_size", "0"},
    {"encoder_no_repeat_ngram_size", "0"},
    {"remove_invalid_values", "false"},
    {"is_decoder", "false"},
    {"is_encoder_decoder", "false"},
    {"add_cross_attention", "false"},
    {"tie_encoder_decoder", "false"},
    {"tie_weights_", "true"},
    {"is_folding_model", "false"},
    {"pruned_heads", "{}"}};

/// Whether a key that a family does not read may have any value.
inline bool is_without_effect(std::string_view key, bool searches_are_published) {
  return std::ranges::count(keys_without_effect, key) > 0 ||
         (!searches_are_published && std::ranges::count(keys_of_searches, key) > 0);
}

}  // namespace importing
