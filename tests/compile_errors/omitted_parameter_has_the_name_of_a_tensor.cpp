// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: two_parameters_have_the_same_tensor<.*"blocks\.\*\.attention_norm\.bias".*"blocks\.\*\.attention_norm\.bias"
#include <typeformer/hosted.hpp>

namespace tf = typeformer;

/// A changed bias would be saved under the name of another one.
struct omitted_and_named
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::repeat<2, tf::pre_norm_block<tf::self_attention<tf::heads<4>, tf::causal>,
                                                        tf::feed_forward<256, tf::relu>>>,
                       tf::named<"final_norm", tf::layer_norm<>>, tf::tied_head> {
  static constexpr tf::file_tensor_rule rules[] = {
      tf::not_in_file("blocks.*.attention_norm.bias", 0),
      {.file = "blocks.*.attention_norm.bias", .leaves = {"blocks.*.feed_forward_norm.bias"}},
  };
  static constexpr tf::file_names huggingface{rules, int(std::size(rules))};
};

auto wrong = tf::load<omitted_and_named>("model.safetensors");  // expect-own-line
