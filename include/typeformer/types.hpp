// SPDX-License-Identifier: BSL-1.0
#pragma once
/// Models as types: their parameters, memory and mistakes, without any kernel.
#include <typeformer/foundation/config.hpp>  // first, so that a flag that it rejects is named near the user's line

#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <typeformer/composition/checkpoint.hpp>
#include <typeformer/composition/decoder_only.hpp>
#include <typeformer/composition/encoder_decoder.hpp>
#include <typeformer/composition/encoder_only.hpp>
#include <typeformer/composition/named.hpp>
#include <typeformer/composition/parallel.hpp>
#include <typeformer/composition/repeat.hpp>
#include <typeformer/composition/residual.hpp>
#include <typeformer/composition/sequential.hpp>
#include <typeformer/composition/token_and_sequence_heads.hpp>
#include <typeformer/inspection/flops.hpp>
#include <typeformer/inspection/footprint.hpp>
#include <typeformer/inspection/parameter_count.hpp>
#include <typeformer/inspection/summary.hpp>
#include <typeformer/layers/activation.hpp>
#include <typeformer/layers/adapted_attention.hpp>
#include <typeformer/layers/alibi_positions.hpp>
#include <typeformer/layers/answer_span_head.hpp>
#include <typeformer/layers/attention_dropout.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/classifier.hpp>
#include <typeformer/layers/cross_attention.hpp>
#include <typeformer/layers/dropout.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/first_token.hpp>
#include <typeformer/layers/first_token_pooler.hpp>
#include <typeformer/layers/gated_activation.hpp>
#include <typeformer/layers/language_model_head.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/layers/learned_positions.hpp>
#include <typeformer/layers/linear.hpp>
#include <typeformer/layers/low_rank_linear.hpp>
#include <typeformer/layers/masked_lm_head.hpp>
#include <typeformer/layers/mean_pooling.hpp>
#include <typeformer/layers/query_key_norm.hpp>
#include <typeformer/layers/relative_position_bias.hpp>
#include <typeformer/layers/relative_positions.hpp>
#include <typeformer/layers/rms_norm.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/layers/scaled_embedding.hpp>
#include <typeformer/layers/scaled_logits.hpp>
#include <typeformer/layers/segment_embedding.hpp>
#include <typeformer/layers/self_attention.hpp>
#include <typeformer/layers/sentence_embedding.hpp>
#include <typeformer/layers/shaw_attention.hpp>
#include <typeformer/layers/sinusoidal_positions.hpp>
#include <typeformer/layers/token_embedding.hpp>
#include <typeformer/layers/transformer_xl_attention.hpp>
#include <typeformer/layers/unit_length.hpp>
#include <typeformer/models/albert.hpp>
#include <typeformer/models/bert.hpp>
#include <typeformer/models/gopher.hpp>
#include <typeformer/models/gpt.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/models/gpt3.hpp>
#include <typeformer/models/gpt_neo.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/models/palm.hpp>
#include <typeformer/models/roberta.hpp>
#include <typeformer/models/t5.hpp>
