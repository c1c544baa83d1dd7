// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/composition/named.hpp>
#include <typeformer/composition/residual.hpp>
#include <typeformer/layers/layer_norm.hpp>

namespace typeformer {

/// x + attention(norm(x)), then the same with the feed-forward (GPT-2: Radford et al. 2019, §2.3).
template <class Attention, class FeedForward, class Norm = layer_norm<>>
struct pre_norm_block
    : sequential<residual<named<"attention_norm", Norm>, named<"attention", Attention>>,
                 residual<named<"feed_forward_norm", Norm>, named<"feed_forward", FeedForward>>> {};

/// norm(x + attention(x)), then the same with the feed-forward (Vaswani et al. 2017, arXiv:1706.03762, §3.1).
template <class Attention, class FeedForward, class Norm = layer_norm<>>
struct post_norm_block
    : sequential<residual<named<"attention", Attention>>, named<"attention_norm", Norm>,
                 residual<named<"feed_forward", FeedForward>>, named<"feed_forward_norm", Norm>> {};

}  // namespace typeformer
