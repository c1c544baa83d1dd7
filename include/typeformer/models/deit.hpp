// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <type_traits>

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/with_pooled.hpp>
#include <typeformer/layers/classifier.hpp>
#include <typeformer/layers/distilled_classifier.hpp>
#include <typeformer/layers/first_token.hpp>
#include <typeformer/layers/first_token_pooler.hpp>
#include <typeformer/layers/patch_embedding.hpp>
#include <typeformer/layers/projected_rows.hpp>
#include <typeformer/models/vision_stack.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a DeiT; the defaults are DeiT-B (Touvron et al. 2021, arXiv:2012.12877, table 1).
struct deit_config {
  index_type layers = 12, width = 768, heads = 12;
  index_type hidden = 0;  ///< of the feed-forward; 0: 4 · width
  index_type channels = 3, image_height = 224, image_width = 224, patch_height = 16, patch_width = 16;
  index_type classes = 0;       ///< 0: no classifier; the model delivers hidden states and the pooled class token
  bool has_teacher = false;     ///< classifiers of class and distillation token, whose logits are averaged
  index_type pooled_width = 0;  ///< of the pooled class token; 0: width
  double epsilon = 1e-12;
  bool query_key_value_bias = true;
  double dropout = 0;              ///< after the embedding and at the end of each branch, in training
  double attention_dropout = 0;    ///< of the probabilities of attention, in training
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

template <deit_config C> using deit_embedding = vision_embedding<C, class_and_distillation_token>;

/// The body of DeiT, a vision transformer with a second learned row (Touvron et al. 2021, arXiv:2012.12877, §4), and the
/// layers after it. Tensor names are those of Hugging Face's DeiT, which begin with `Prefix`.
template <deit_config C, fixed_string Prefix, class Function, class... Layers>
struct deit_body : vision_stack<C, deit_embedding<C>, Function, Layers...> {
  static constexpr deit_config config = C;
  static constexpr auto tensors = vision_tensors<Prefix, deit_embedding<C>>(
      where_present({.file = "pooler.dense.", .leaves = {"pooler.dense."}}),
      where_present({.file = C.has_teacher ? "cls_classifier." : "classifier.", .leaves = {"classifier."}}));
  static constexpr file_names huggingface{tensors.data(), int(tensors.size()), Prefix.characters};
};

/// DeiT that classifies images, with `classes`: by the class token, or, with `has_teacher`, by both learned rows.
/// Without classes its body and the pooler of the class token, which applies `PoolerFunction`. Images are
/// [channels][height][width].
template <deit_config C, class Function = gelu_erf, class PoolerFunction = tanh_activation>
struct deit
    : std::conditional_t<
          (C.classes > 0),
          std::conditional_t<C.has_teacher,
                             deit_body<C, "deit.", Function, distilled_classifier<C.classes ? C.classes : 1>>,
                             deit_body<C, "deit.", Function, first_token, classifier<C.classes ? C.classes : 1>>>,
          deit_body<C, "", Function, with_pooled<first_token_pooler<PoolerFunction, C.pooled_width>>>> {};

}  // namespace typeformer
