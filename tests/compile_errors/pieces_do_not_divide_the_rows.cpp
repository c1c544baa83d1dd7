// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: name_rule_asks_for_rows_that_the_parameter_does_not_have<.*"h\.\*\.head\.#\.q".*"blocks\.\*\.attention\.query\.weight"
#include <typeformer/hosted.hpp>

namespace tf = typeformer;

struct uneven
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::repeat<2, tf::pre_norm_block<tf::self_attention<tf::heads<4>, tf::causal>,
                                                        tf::feed_forward<256, tf::relu>>>,
                       tf::layer_norm<>, tf::tied_head> {
  static constexpr tf::file_tensor_rule rules[] = {
      tf::in_pieces("h.*.head.#.q", tf::file_layout::as_is, {"blocks.*.attention.query.weight"}, 3),
  };
  static constexpr tf::file_names huggingface{rules, int(std::size(rules))};
};

auto wrong = tf::load<uneven>("model.safetensors");  // expect-own-line
