// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: name_rule_is_for_no_parameter_of_the_model<.*"layers\.\*\.mlp\.".*"blocks\.\*\.feed_foward\."
#include <typeformer/hosted.hpp>

namespace tf = typeformer;

struct misspelt
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::repeat<2, tf::pre_norm_block<tf::self_attention<tf::heads<4>, tf::causal>,
                                                        tf::feed_forward<256, tf::relu>>>,
                       tf::named<"final_norm", tf::layer_norm<>>, tf::tied_head> {
  static constexpr tf::file_tensor_rule rules[] = {
      {.file = "layers.*.mlp.", .leaves = {"blocks.*.feed_foward."}},
  };
  static constexpr tf::file_names huggingface{rules, int(std::size(rules))};
};

auto wrong = tf::load<misspelt>("model.safetensors");  // expect-own-line
