// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/composition/named.hpp>
#include <typeformer/composition/parallel.hpp>
#include <typeformer/composition/residual.hpp>
#include <typeformer/composition/sequential.hpp>
#include <typeformer/layers/dropout.hpp>
#include <typeformer/layers/layer_norm.hpp>

namespace typeformer {

/// A branch, with dropout at its end if the rate is not 0.
template <number Rate, class... Layers>
using residual_with_dropout =
    std::conditional_t<(Rate.value != 0), residual<Layers..., dropout<Rate>>, residual<Layers...>>;

/// x + attention(norm(x)), then the same with the feed-forward (GPT-2: Radford et al. 2019, §2.3).
template <class Attention, class FeedForward, class Norm = layer_norm<>, number Dropout = 0.0>
struct pre_norm_block
    : sequential<residual_with_dropout<Dropout, named<"attention_norm", Norm>, named<"attention", Attention>>,
                 residual_with_dropout<Dropout, named<"feed_forward_norm", Norm>, named<"feed_forward", FeedForward>>> {
};

/// x + attention(norm(x)) + feed_forward(norm(x)), where both read the same norm (Wang, Komatsuzaki 2021, GPT-J;
/// Chowdhery et al. 2022, arXiv:2204.02311, §2).
template <class Attention, class FeedForward, class Norm = layer_norm<>, number Dropout = 0.0>
struct parallel_block
    : residual_with_dropout<Dropout, named<"norm", Norm>,
                            parallel<named<"attention", Attention>, named<"feed_forward", FeedForward>>> {};

/// x + attention(norm(x)) + feed_forward(norm(x)), where each reads a norm of its own (Black et al. 2022,
/// arXiv:2204.06745, §2.1.2, GPT-NeoX).
template <class Attention, class FeedForward, class Norm = layer_norm<>>
struct parallel_block_of_two_norms
    : residual<parallel<sequential<named<"attention_norm", Norm>, named<"attention", Attention>>,
                        sequential<named<"feed_forward_norm", Norm>, named<"feed_forward", FeedForward>>>> {};

/// x + norm(attention(norm(x))), then the same with the feed-forward: norms on both sides of each branch (Gemma Team
/// 2024, arXiv:2408.00118, §2).
template <class Attention, class FeedForward, class Norm = layer_norm<>>
struct both_norms_block
    : sequential<
          residual<named<"attention_norm", Norm>, named<"attention", Attention>, named<"attention_output_norm", Norm>>,
          residual<named<"feed_forward_norm", Norm>, named<"feed_forward", FeedForward>,
                   named<"feed_forward_output_norm", Norm>>> {};

/// x + norm(attention(x)), then the same with the feed-forward: what is added is normalized (OLMo 2: Team OLMo 2024,
/// arXiv:2501.00656, §2.1).
template <class Attention, class FeedForward, class Norm = layer_norm<>>
struct output_norm_block
    : sequential<residual<named<"attention", Attention>, named<"attention_output_norm", Norm>>,
                 residual<named<"feed_forward", FeedForward>, named<"feed_forward_output_norm", Norm>>> {};

/// x + attention(norm(x)), x + cross_attention(norm(x)), x + feed_forward(norm(x)): the decoder's block of a pre-norm
/// encoder-decoder (T5: Raffel et al. 2020, arXiv:1910.10683, §2.1).
template <class Attention, class CrossAttention, class FeedForward, class Norm = layer_norm<>, number Dropout = 0.0>
struct pre_norm_decoder_block
    : sequential<
          residual_with_dropout<Dropout, named<"attention_norm", Norm>, named<"attention", Attention>>,
          residual_with_dropout<Dropout, named<"cross_attention_norm", Norm>, named<"cross_attention", CrossAttention>>,
          residual_with_dropout<Dropout, named<"feed_forward_norm", Norm>, named<"feed_forward", FeedForward>>> {};

/// norm(x + attention(x)), norm(x + cross_attention(x)), norm(x + feed_forward(x)): the decoder's block of Vaswani et
/// al. 2017, arXiv:1706.03762, §3.1.
template <class Attention, class CrossAttention, class FeedForward, class Norm = layer_norm<>, number Dropout = 0.0>
struct post_norm_decoder_block
    : sequential<residual_with_dropout<Dropout, named<"attention", Attention>>, named<"attention_norm", Norm>,
                 residual_with_dropout<Dropout, named<"cross_attention", CrossAttention>>,
                 named<"cross_attention_norm", Norm>,
                 residual_with_dropout<Dropout, named<"feed_forward", FeedForward>>, named<"feed_forward_norm", Norm>> {
};

/// norm(x + attention(x)), then the same with the feed-forward (Vaswani et al. 2017, arXiv:1706.03762, §3.1).
template <class Attention, class FeedForward, class Norm = layer_norm<>, number Dropout = 0.0>
struct post_norm_block
    : sequential<residual_with_dropout<Dropout, named<"attention", Attention>>, named<"attention_norm", Norm>,
                 residual_with_dropout<Dropout, named<"feed_forward", FeedForward>>, named<"feed_forward_norm", Norm>> {
};

}  // namespace typeformer
