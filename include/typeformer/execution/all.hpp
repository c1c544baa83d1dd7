// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <typeformer/execution/activation.hpp>
#include <typeformer/execution/answer_span.hpp>
#include <typeformer/execution/attention_dropout.hpp>
#include <typeformer/execution/buffer_operations.hpp>
#include <typeformer/execution/cross_attention.hpp>
#include <typeformer/execution/cross_entropy.hpp>
#include <typeformer/execution/disentangled_attention.hpp>
#include <typeformer/execution/dropout.hpp>
#include <typeformer/execution/embedding.hpp>
#include <typeformer/execution/first_token.hpp>
#include <typeformer/execution/frame_convolution.hpp>
#include <typeformer/execution/language_model_head.hpp>
#include <typeformer/execution/layer_norm.hpp>
#include <typeformer/execution/learned_rotary_positions.hpp>
#include <typeformer/execution/linear.hpp>
#include <typeformer/execution/max_pooling.hpp>
#include <typeformer/execution/mean_pooling.hpp>
#include <typeformer/execution/objective_sum.hpp>
#include <typeformer/execution/position_bias.hpp>
#include <typeformer/execution/query_key_norm.hpp>
#include <typeformer/execution/real_inputs.hpp>
#include <typeformer/execution/regression.hpp>
#include <typeformer/execution/rms_norm.hpp>
#include <typeformer/execution/rotary_positions.hpp>
#include <typeformer/execution/scale.hpp>
#include <typeformer/execution/self_attention.hpp>
#include <typeformer/execution/self_attention_back.hpp>
#include <typeformer/execution/shaw_attention.hpp>
#include <typeformer/execution/soft_cap.hpp>
#include <typeformer/execution/token_dropout.hpp>
#include <typeformer/execution/transformer_xl_attention.hpp>
#include <typeformer/execution/unit_length.hpp>
#include <typeformer/execution/zero_hidden_rows.hpp>
