// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: shape_in_the_file_has_other_values_than_the_parameter<.*"words".*held_values<32767>, typeformer::declared_values<32768>
#include <typeformer/hosted.hpp>

namespace tf = typeformer;

struct odd_table
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::repeat<2, tf::pre_norm_block<tf::self_attention<tf::heads<4>, tf::causal>,
                                                        tf::feed_forward<256, tf::relu>>>,
                       tf::layer_norm<>, tf::tied_head> {
  static constexpr tf::file_tensor_rule rules[] = {
      tf::in_shape("words", "token_embedding.weight", {1, 32767}),
  };
  static constexpr tf::file_names huggingface{rules, int(std::size(rules))};
};

auto wrong = tf::load<odd_table>("model.safetensors");  // expect-own-line
