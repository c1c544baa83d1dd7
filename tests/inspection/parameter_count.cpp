// SPDX-License-Identifier: BSL-1.0
#include <typeformer/types.hpp>

#include "support/catch.hpp"

namespace tf = typeformer;

namespace {

struct gpt2_small : tf::gpt2<tf::gpt2_config{}> {};
struct gpt2_xl : tf::gpt2<tf::gpt2_config{.layers = 48, .width = 1600, .heads = 25}> {};
struct llama_7b : tf::llama<tf::llama_config{}> {};
struct llama_65b : tf::llama<tf::llama_config{.layers = 80, .width = 8192, .heads = 64, .hidden = 22016}> {};
struct llama2_70b
    : tf::llama<tf::llama_config{
          .layers = 80, .width = 8192, .heads = 64, .key_value_heads = 8, .hidden = 28672, .context = 4096}> {};

template <auto Share>
struct blocks_shared
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<10>, tf::width<4>>, tf::learned_positions<tf::context<6>>,
                       tf::repeat<5, tf::residual<tf::named<"map", tf::linear<4>>>, Share>, tf::untied_head> {};

}  // namespace

TEST_CASE("counts the published number of parameters of published models") {
  CHECK(tf::parameter_count<gpt2_small> == 124'439'808);
  CHECK(tf::parameter_count<gpt2_xl> == 1'557'611'200);
  CHECK(tf::parameter_count<llama_7b> == 6'738'415'616);
  CHECK(tf::parameter_count<llama_65b> == 65'285'660'672);
  CHECK(tf::parameter_count<llama2_70b> == 68'976'648'192);
}

TEST_CASE("counts a shared block once, and an untied head") {
  constexpr std::int64_t outside = 10 * 4 + 6 * 4 + 10 * 4, block = 4 * 4 + 4;
  CHECK(tf::parameter_count<blocks_shared<tf::own_block>> == outside + 5 * block);
  CHECK(tf::parameter_count<blocks_shared<tf::shared_block>> == outside + block);
}
