// SPDX-License-Identifier: BSL-1.0
// runs-in-tests
// 3. A model is a type. The compiler knows its parameters and every byte that it will use, so a budget is a
//    static_assert: a model that does not fit into your device does not compile.
#include <cstdio>

#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

// clang-format off
struct my_gpt : tf::decoder_only<
    tf::token_embedding<tf::vocabulary<512>, tf::width<64>>,
    tf::learned_positions<tf::context<128>>,
    tf::repeat<4, tf::pre_norm_block<
        tf::self_attention<tf::heads<4>, tf::causal>,
        tf::feed_forward<256, tf::gelu_tanh>>>,
    tf::layer_norm<>,
    tf::tied_head> {};
// clang-format on

static_assert(tf::parameter_count<my_gpt> == 241'024);

// Reading a prompt in passes of 16 tokens needs less memory than reading 64 tokens at once.
using in_small_pieces = tf::decoding_with<tf::tokens<16>>;
static_assert(tf::footprint<my_gpt, tf::decoding>::ram_bytes <= 360 * 1024);
static_assert(tf::footprint<my_gpt, in_small_pieces>::ram_bytes <= 300 * 1024);

// What a device has. If a limit is exceeded, the error names what is needed, the limit and the three largest parts.
using my_board = tf::budget<tf::flash<1024 * 1024>, tf::ram<300 * 1024>>;
static_assert(tf::fits<my_gpt, in_small_pieces, my_board>);

// `in_place` puts everything into the session, which is static here: there is no heap, and sizeof is all the memory.
// The session lies in .bss. It takes no space in the image, and nothing is cleared at start-up.
using session = tf::session<my_gpt, tf::tokens<16>, tf::storage::in_place, tf::reads<tf::canonical>>;
static_assert(sizeof(session) == tf::footprint<my_gpt, in_small_pieces>::ram_bytes);

int main() {
  static float flash[std::size_t(tf::parameter_count<my_gpt>)];  // a device would have a const array of trained weights
  tf::philox random{1};
  for (float& value : flash) value = float(tf::standard_normal(random)) / 50;
  const tf::canonical_weights<my_gpt> weights{flash};
  static session run{weights};

  tf::summarize<my_gpt>([](std::string_view line) { std::printf("%.*s", int(line.size()), line.data()); });
  std::printf("RAM %td bytes, flash %td bytes\n", std::ptrdiff_t(tf::footprint<my_gpt, in_small_pieces>::ram_bytes),
              std::ptrdiff_t(tf::footprint<my_gpt, in_small_pieces>::flash_bytes));

  const std::int32_t prompt[] = {1, 2, 3};  // the capacity is static, the length is not
  const auto logits = run.prefill(prompt);
  return logits && logits->size() == 512 ? 0 : 1;
}
