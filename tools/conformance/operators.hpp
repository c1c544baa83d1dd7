// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "loss_operators.hpp"
#include "transformer_xl_operators.hpp"

namespace typeformer::conformance {

template <class S> struct named_operator {
  std::string_view kind;  ///< the name of a case is this, or this and `_anything`; the longest match counts
  void (*compute)(given_case&, attributes&, tensors&);
};

template <class S>
constexpr named_operator<S> operators[] = {
    {"softmax", compute_softmax<S, false>},
    {"log_softmax", compute_softmax<S, true>},
    {"layer_norm", compute_layer_norm<S>},
    {"rms_norm", compute_rms_norm<S>},
    {"gelu", compute_gelu<S>},
    {"gelu_erf", compute_activation<S, gelu_erf>},
    {"gelu_tanh", compute_activation<S, gelu_tanh>},
    {"gelu_new", compute_activation<S, gelu_tanh>},
    {"silu", compute_activation<S, silu>},
    {"swish", compute_activation<S, silu>},
    {"relu", compute_activation<S, relu>},
    {"tanh", compute_activation<S, tanh_activation>},
    {"sigmoid", compute_activation<S, sigmoid>},
    {"quick_gelu", compute_activation<S, quick_gelu>},
    {"swiglu_mlp", compute_gated_mlp<S, silu>},
    {"geglu_mlp", compute_gated_mlp<S, gelu_tanh>},
    {"swiglu_palm", compute_swiglu_palm<S>},
    {"embedding", compute_embedding<S>},
    {"linear", compute_linear<S, false>},
    {"conv1d", compute_linear<S, true>},
    {"rope_half", compute_rope_half<S>},
    {"rope_interleaved", compute_rope_interleaved<S>},
    {"cross_entropy", compute_cross_entropy<S>},
    {"clip_grad_norm", compute_clipping<S>},
    {"t5_buckets", compute_buckets<S>},
};

inline bool is_of_kind(std::string_view name, std::string_view kind) {
  return name.starts_with(kind) && (name.size() == kind.size() || name[kind.size()] == '_');
}

/// The results of a case of an operator, by their names in its file.
///
/// Throws `not_supported` if the operator, an attribute or an input has no counterpart, `wrong_case` if the case
/// contradicts itself.
template <class S> tensors compute_operator(const std::string& name, given_case& c) {
  attributes a(c.json());
  for (const char* const text : {"note", "formula", "layout", "convention"}) a.ignore(text);
  tensors results;
  if (is_of_kind(name, "sdpa")) {
    compute_attention<S>(c, a, results, name);
  } else if (is_of_kind(name, "txl_rel_attention")) {
    compute_transformer_xl<S>(c, a, results, name);
  } else {
    const named_operator<S>* best = nullptr;
    for (const named_operator<S>& known : operators<S>)
      if (is_of_kind(name, known.kind) && (!best || known.kind.size() > best->kind.size())) best = &known;
    if (!best) throw not_supported("operator " + name);
    best->compute(c, a, results);
  }
  a.require_all_asked();
  c.require_all_asked();
  return results;
}

}  // namespace typeformer::conformance
