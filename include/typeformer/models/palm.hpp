// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/checkpoint.hpp>
#include <typeformer/composition/decoder_only.hpp>
#include <typeformer/composition/repeat.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/layers/scaled_logits.hpp>
#include <typeformer/layers/self_attention.hpp>
#include <typeformer/layers/token_embedding.hpp>
#include <typeformer/parameters/file_names.hpp>
#include <typeformer/parameters/initialize.hpp>

namespace typeformer {

/// The numbers of a PaLM; the defaults are PaLM 8B (Chowdhery et al. 2022, arXiv:2204.02311, table 1).
struct palm_config {
  index_type layers = 32, width = 4096, heads = 16;
  index_type head_width = 256;
  index_type hidden = 0;  ///< of the feed-forward; 0: 4 · width
  index_type vocabulary = 256000, context = 2048;
  double theta = 10000, epsilon = 1e-5;
  double logit_scale = 0;          ///< 0: 1 / √width
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

inline constexpr palm_config palm_8b{}, palm_62b{.layers = 64, .width = 8192, .heads = 32},
    palm_540b{.layers = 118, .width = 18432, .heads = 48};

namespace detail {

/// In PaLM-pytorch the embedding has number 0, blocks are numbered from 1, and the last norm follows them.
template <index_type Layers> struct palm_files {
  static constexpr tensor_name final_norm = [] {
    tensor_name name;
    name.append(Layers + 1);
    name.append(".gamma");
    return name;
  }();
  static constexpr file_tensor_rule tensors[] = {
      {"0.weight", file_layout::as_is, {"token_embedding.weight"}},
      {"*.fn.norm.gamma", file_layout::as_is, {"blocks.*.norm.weight"}},
      {"*.fn.fused_attn_ff_proj.weight",
       file_layout::as_is,
       {"blocks.*.attention.query.weight", "blocks.*.attention.key.weight", "blocks.*.attention.value.weight",
        "blocks.*.feed_forward.up.weight", "blocks.*.feed_forward.gate.weight"}},
      {"*.fn.attn_out.weight", file_layout::as_is, {"blocks.*.attention.output.weight"}},
      {"*.fn.ff_out.1.weight", file_layout::as_is, {"blocks.*.feed_forward.down.weight"}},
      {final_norm.view().data(), file_layout::as_is, {"final_norm.weight"}},
  };
};

}  // namespace detail

/// PaLM (Chowdhery et al. 2022, arXiv:2204.02311, §2): blocks whose attention and feed-forward read one norm and run in
/// parallel; one head of keys and values for all queries (Shazeer 2019, arXiv:1911.02150); SwiGLU; rotary positions; no
/// biases, not even in norms; a head tied to the token table; a vocabulary of 256,000 (all §2). Heads of 256 and a
/// feed-forward of four widths are those of §2.1.
///
/// Weights are initialized normally with 1/√inputs and the table with 1, so logits are scaled by 1/√width; texts have
/// 2048 tokens (all §5). The paper does not give ε, θ and the pairing of columns. Here they are as in lucidrains'
/// PaLM-pytorch, whose tensor names are used and whose logits are not scaled.
template <palm_config C, class Function = silu>
struct palm
    : decoder_only<
          token_embedding<vocabulary<C.vocabulary>, width<C.width>>,
          rotary_positions<context<C.context>, rotary_width<C.head_width>, half_split_pairs, theta<C.theta>>,
          repeat<C.layers, checkpoint_if<C.recomputes_blocks,
                                         parallel_block<self_attention<heads<C.heads>, key_value_heads<1>,
                                                                       head_width<C.head_width>, causal, without_bias>,
                                                        gated_feed_forward<C.hidden ? C.hidden : 4 * C.width, Function>,
                                                        layer_norm<epsilon<C.epsilon>, without_bias>>>>,
          named<"final_norm", layer_norm<epsilon<C.epsilon>, without_bias>>,
          scaled_logits<tied_head, (C.logit_scale > 0 ? C.logit_scale : 1 / math::sqrt(double(C.width)))>> {
  static constexpr palm_config config = C;
  static constexpr file_names huggingface{detail::palm_files<C.layers>::tensors,
                                          int(std::size(detail::palm_files<C.layers>::tensors)),
                                          "",
                                          {"*.beta", "*.fn.rotary_emb.inv_freq"},
                                          {},
                                          {},
                                          {},
                                          1};

 private:
  static constexpr double from(index_type inputs) { return 1 / math::sqrt(double(inputs)); }
  static constexpr initial_values starts[] = {{"token_embedding.weight", 1.0},
                                              {"*norm.weight", 0, 1},
                                              {"*.output.weight", from(C.heads* C.head_width)},
                                              {"*.down.weight", from(C.hidden ? C.hidden : 4 * C.width)},
                                              {"*", from(C.width)}};

 public:
  static constexpr initialization initial{starts, int(std::size(starts))};
};

}  // namespace typeformer
