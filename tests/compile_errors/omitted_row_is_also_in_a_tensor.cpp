// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: two_name_rules_hold_the_same_rows<.*"token_embedding\.weight".*"\(no tensor\)".*"words"
#include <typeformer/hosted.hpp>

namespace tf = typeformer;

/// Row 1 is in two places.
struct held_twice
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::repeat<2, tf::pre_norm_block<tf::self_attention<tf::heads<4>, tf::causal>,
                                                        tf::feed_forward<256, tf::relu>>>,
                       tf::named<"final_norm", tf::layer_norm<>>, tf::tied_head> {
  static constexpr tf::file_tensor_rule rules[] = {
      tf::rows_not_in_file("token_embedding.weight", 0, 2, 0),
      tf::rows_of("token_embedding.weight", 1, 511, "words"),
  };
  static constexpr tf::file_names huggingface{rules, int(std::size(rules))};
};

auto wrong = tf::load<held_twice>("model.safetensors");  // expect-own-line
