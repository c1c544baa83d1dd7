// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <type_traits>

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/with_pooled.hpp>
#include <typeformer/layers/classifier.hpp>
#include <typeformer/layers/first_token.hpp>
#include <typeformer/layers/first_token_pooler.hpp>
#include <typeformer/layers/patch_embedding.hpp>
#include <typeformer/layers/projected_rows.hpp>
#include <typeformer/models/vision_stack.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a vision transformer; the defaults are ViT-Base with patches of 16 × 16 (Dosovitskiy et al. 2021,
/// arXiv:2010.11929, table 1).
struct vit_config {
  index_type layers = 12, width = 768, heads = 12;
  index_type hidden = 0;  ///< of the feed-forward; 0: 4 · width
  index_type channels = 3, image_height = 224, image_width = 224, patch_height = 16, patch_width = 16;
  index_type classes = 0;       ///< 0: no classifier; the model delivers hidden states and the pooled class token
  index_type pooled_width = 0;  ///< of the pooled class token; 0: width
  double epsilon = 1e-12;
  bool query_key_value_bias = true;
  double dropout = 0;              ///< after the embedding and at the end of each branch, in training
  double attention_dropout = 0;    ///< of the probabilities of attention, in training
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

template <vit_config C> using vit_embedding = vision_embedding<C, class_token>;

/// The body of a vision transformer (Dosovitskiy et al. 2021, arXiv:2010.11929, §3.1) and the layers after it. From the
/// published code: dropout and biases in all layers, ε, weights that are initialized normally with 0.02. Tensor names are
/// those of Hugging Face's ViT, which begin with `Prefix`.
template <vit_config C, fixed_string Prefix, class Function, class... Layers>
struct vit_body : vision_stack<C, vit_embedding<C>, Function, Layers...> {
  static constexpr vit_config config = C;
  static constexpr auto tensors =
      vision_tensors<Prefix, vit_embedding<C>>(where_present({.file = "pooler.dense.", .leaves = {"pooler.dense."}}));
  static constexpr file_names huggingface{tensors.data(), int(tensors.size()), Prefix.characters};
};

/// A vision transformer that classifies images by the class token, with `classes`; without, its body and the pooler of
/// the class token, which applies `PoolerFunction`. Images are [channels][height][width].
template <vit_config C, class Function = gelu_erf, class PoolerFunction = tanh_activation>
struct vit
    : std::conditional_t<(C.classes > 0),
                         vit_body<C, "vit.", Function, first_token, classifier<C.classes ? C.classes : 1>>,
                         vit_body<C, "", Function, with_pooled<first_token_pooler<PoolerFunction, C.pooled_width>>>> {};

}  // namespace typeformer
