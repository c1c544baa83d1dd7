// SPDX-License-Identifier: BSL-1.0
// Compiled once for each instruction set.
#include "reader.hpp"

#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

namespace {

// clang-format off
struct small_gpt : tf::decoder_only<
    tf::token_embedding<tf::vocabulary<512>, tf::width<192>>,
    tf::learned_positions<tf::context<128>>,
    tf::repeat<4, tf::pre_norm_block<
        tf::self_attention<tf::heads<6>, tf::causal>,
        tf::feed_forward<768, tf::gelu_tanh>>>,
    tf::layer_norm<>,
    tf::tied_head> {};
// clang-format on

class small_gpt_reader final : public reader {
 public:
  explicit small_gpt_reader(const tf::parameters<small_gpt>& values) : weights_{values}, run_{weights_} {}

  std::span<const float> read(std::span<const std::int32_t> ids) override {
    run_.reset();
    const auto logits = run_.prefill(ids);
    return logits ? *logits : std::span<const float>{};
  }

 private:
  tf::weights<small_gpt> weights_;  // packed for the kernels of this instruction set
  tf::session<small_gpt> run_;
};

std::unique_ptr<reader> make() {
  tf::parameters<small_gpt> values;
  tf::initialize(values, tf::philox{1, 2});
  return std::make_unique<small_gpt_reader>(values);
}

}  // namespace

TYPEFORMER_DEFINE_DISPATCHED(readers) = {.make = make};
