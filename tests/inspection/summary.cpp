// SPDX-License-Identifier: BSL-1.0
#include <string>

#include "inspection/models.hpp"
#include "support/catch.hpp"

namespace tf = typeformer;

namespace {

template <class M> std::string summary_of() {
  std::string text;
  tf::summarize<M>([&](std::string_view line) { text += line; });
  return text;
}

struct nested
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<10>, tf::width<4>>, tf::learned_positions<tf::context<6>>,
                       tf::repeat<12, tf::repeat<2, tf::residual<tf::linear<8>, tf::linear<4>>>>, tf::tied_head> {};

constexpr std::size_t lines_of_nested() {
  std::size_t lines = 0;
  tf::summarize<nested>([&](std::string_view line) { lines += line.ends_with('\n'); });
  return lines;
}
static_assert(lines_of_nested() == 8);

}  // namespace

TEST_CASE("names every tensor of a block once in the summary of a GPT-2") {
  CHECK(summary_of<inspected::small_gpt2>() ==
        R"(parameter                          shape     blocks  scalars
token_embedding.weight             100 x 32            3,200
position_embedding.weight          48 x 32             1,536
blocks.*.attention_norm.weight     32             2       64
blocks.*.attention_norm.bias       32             2       64
blocks.*.attention.query.weight    32 x 32        2    2,048
blocks.*.attention.key.weight      32 x 32        2    2,048
blocks.*.attention.value.weight    32 x 32        2    2,048
blocks.*.attention.query.bias      32             2       64
blocks.*.attention.key.bias        32             2       64
blocks.*.attention.value.bias      32             2       64
blocks.*.attention.output.weight   32 x 32        2    2,048
blocks.*.attention.output.bias     32             2       64
blocks.*.feed_forward_norm.weight  32             2       64
blocks.*.feed_forward_norm.bias    32             2       64
blocks.*.feed_forward.up.weight    128 x 32       2    8,192
blocks.*.feed_forward.up.bias      128            2      256
blocks.*.feed_forward.down.weight  32 x 128       2    8,192
blocks.*.feed_forward.down.bias    32             2       64
final_norm.weight                  32                     32
final_norm.bias                    32                     32
total                                                 30,208
)");
}

TEST_CASE("shows grouped keys and values and the untied head in the summary of a Llama") {
  CHECK(summary_of<inspected::small_llama>() ==
        R"(parameter                          shape     blocks  scalars
token_embedding.weight             512 x 64           32,768
blocks.*.attention_norm.weight     64             3      192
blocks.*.attention.query.weight    64 x 64        3   12,288
blocks.*.attention.key.weight      32 x 64        3    6,144
blocks.*.attention.value.weight    32 x 64        3    6,144
blocks.*.attention.output.weight   64 x 64        3   12,288
blocks.*.feed_forward_norm.weight  64             3      192
blocks.*.feed_forward.gate.weight  96 x 64        3   18,432
blocks.*.feed_forward.up.weight    96 x 64        3   18,432
blocks.*.feed_forward.down.weight  64 x 96        3   18,432
final_norm.weight                  64                     64
head.weight                        512 x 64           32,768
total                                                158,144
)");
}

TEST_CASE("shows both counts of nested repeats") {
  CHECK(summary_of<nested>() ==
        R"(parameter                   shape   blocks  scalars
token_embedding.weight      10 x 4               40
position_embedding.weight   6 x 4                24
blocks.*.blocks.*.0.weight  8 x 4   12 x 2      768
blocks.*.blocks.*.0.bias    8       12 x 2      192
blocks.*.blocks.*.1.weight  4 x 8   12 x 2      768
blocks.*.blocks.*.1.bias    4       12 x 2       96
total                                         1,888
)");
}

TEST_CASE("shows the parameter count as total, in groups of three digits") {
  struct gpt2_small : tf::gpt2<tf::gpt2_config{}> {};
  const std::string text = summary_of<gpt2_small>();
  CHECK(text.ends_with(" 124,439,808\n"));
  CHECK(text.find("token_embedding.weight             50257 x 768           38,597,376\n") != std::string::npos);
}
