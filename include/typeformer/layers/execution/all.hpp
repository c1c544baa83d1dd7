// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/layers/execution/activation.hpp>
#include <typeformer/layers/execution/attention_dropout.hpp>
#include <typeformer/layers/execution/cross_attention.hpp>
#include <typeformer/layers/execution/dropout.hpp>
#include <typeformer/layers/execution/embedding.hpp>
#include <typeformer/layers/execution/first_token.hpp>
#include <typeformer/layers/execution/language_model_head.hpp>
#include <typeformer/layers/execution/layer_norm.hpp>
#include <typeformer/layers/execution/linear.hpp>
#include <typeformer/layers/execution/position_bias.hpp>
#include <typeformer/layers/execution/query_key_norm.hpp>
#include <typeformer/layers/execution/residual.hpp>
#include <typeformer/layers/execution/rms_norm.hpp>
#include <typeformer/layers/execution/scale.hpp>
#include <typeformer/layers/execution/self_attention.hpp>
#include <typeformer/layers/execution/transformer_xl_attention.hpp>
