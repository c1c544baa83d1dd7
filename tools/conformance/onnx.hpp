// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "onnx_attention.hpp"
#include "onnx_loss_operators.hpp"
#include "onnx_matrix_operators.hpp"
#include "onnx_optimizers.hpp"
#include "onnx_quantization.hpp"
#include "onnx_row_operators.hpp"

namespace typeformer::conformance {

struct onnx_operator {
  std::string_view name;
  void (*compute)(onnx_case&);
};

inline constexpr onnx_operator onnx_operators[] = {
    {"Adagrad", compute_onnx_adagrad},
    {"Adam", compute_onnx_adam},
    {"Attention", compute_onnx_attention},
    {"DequantizeLinear", compute_onnx_dequantize},
    {"DynamicQuantizeLinear", compute_onnx_dynamic_quantize},
    {"Gather", compute_onnx_gather},
    {"Gelu", compute_onnx_gelu},
    {"Gemm", compute_onnx_gemm},
    {"HardSwish", compute_onnx_activation<hard_swish>},
    {"LayerNormalization", compute_onnx_layer_norm},
    {"LogSoftmax", compute_onnx_softmax<true>},
    {"MatMul", compute_onnx_matmul},
    {"Mish", compute_onnx_activation<mish>},
    {"Momentum", compute_onnx_momentum},
    {"NegativeLogLikelihoodLoss", compute_onnx_negative_log_likelihood},
    {"QuantizeLinear", compute_onnx_quantize},
    {"RMSNormalization", compute_onnx_rms_norm},
    {"RotaryEmbedding", compute_onnx_rotary},
    {"Softmax", compute_onnx_softmax<false>},
    {"SoftmaxCrossEntropyLoss", compute_onnx_softmax_cross_entropy},
    {"SwiGLU", compute_onnx_swiglu},
    {"Swish", compute_onnx_swish},
};

/// The outputs of a node, by their names in its file.
///
/// Throws `not_supported` if the operator, an attribute or an input has no counterpart, `wrong_case` if the case
/// contradicts itself.
inline tensors compute_onnx(onnx_case& c) {
  for (const onnx_operator& known : onnx_operators)
    if (known.name == c.operation()) {
      known.compute(c);
      return c.results();
    }
  throw not_supported("operator " + c.operation());
}

}  // namespace typeformer::conformance
