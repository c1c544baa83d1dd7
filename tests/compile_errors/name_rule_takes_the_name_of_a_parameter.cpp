// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: two_parameters_have_the_same_tensor<.*"position_embedding\.weight".*"position_embedding\.weight"
#include <typeformer/hosted.hpp>

namespace tf = typeformer;

struct shared
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::repeat<2, tf::pre_norm_block<tf::self_attention<tf::heads<4>, tf::causal>,
                                                        tf::feed_forward<256, tf::relu>>>,
                       tf::layer_norm<>, tf::tied_head> {
  static constexpr tf::file_tensor_rule rules[] = {
      {"position_embedding.weight", tf::file_layout::as_is, {"token_embedding.weight"}},
  };
  static constexpr tf::file_names huggingface{rules, int(std::size(rules))};
};

auto wrong = tf::load<shared>("model.safetensors");  // expect-own-line
