// SPDX-License-Identifier: BSL-1.0
// runs-in-tests
// 4. A trained model generates a story. The type says which tensors its file must hold, under their Hugging Face names.
//
//    04_generate FOLDER [PROMPT]
//    FOLDER holds stories260K.safetensors and tok512.bin (Karpathy's llama2.c, "tinyllamas").
#include <cstdio>
#include <string>
#include <vector>

#include <typeformer/hosted.hpp>

namespace tf = typeformer;

struct stories : tf::llama<tf::llama_config{.layers = 5,
                                            .width = 64,
                                            .heads = 8,
                                            .key_value_heads = 4,
                                            .hidden = 172,
                                            .vocabulary = 512,
                                            .context = 512,
                                            .epsilon = 1e-5,
                                            .tied = true,
                                            .turns_adjacent_pairs = true}> {};
static_assert(tf::parameter_count<stories> == 260'032);

int main(int count, char** arguments) {
  if (count < 2) {
    std::printf("usage: %s FOLDER [PROMPT]\nFOLDER holds stories260K.safetensors and tok512.bin\n", arguments[0]);
    return 0;
  }
  const std::string folder = arguments[1];
  const auto weights = tf::load<stories>(folder + "/stories260K.safetensors");
  if (!weights) {
    std::fprintf(stderr, "%s\n", weights.error().message().c_str());
    return 1;
  }
  const auto file = tf::mapped_file::open(folder + "/tok512.bin");
  if (!file) {
    std::fprintf(stderr, "%s\n", file.error().message().c_str());
    return 1;
  }
  const auto tokenizer = tf::llama2c_tokenizer::parse(file->bytes(), stories::vocabulary);
  if (!tokenizer) {
    std::fprintf(stderr, "%s/tok512.bin is not a tokenizer of llama2.c\n", folder.c_str());
    return 1;
  }

  tf::session<stories> run{*weights};
  const std::string text = count > 2 ? arguments[2] : "Once upon a time";
  const std::vector<std::int32_t> prompt = tokenizer->encode(text, true);
  const tf::sampling sampler{*tf::temperature::of(0.8f), *tf::top_p::of(0.9f)};
  std::vector<tf::candidate> workspace(std::size_t(sampler.workspace_size(stories::vocabulary)));
  tf::philox random{2026};

  std::printf("%s", text.c_str());
  std::int32_t previous = prompt.back();
  const auto chosen = tf::generate(run, prompt, 200, sampler, workspace, random, [&](std::int32_t id) {
    if (id == tf::llama2c_tokenizer::begin_of_sequence) return false;  // the model ends a story with it
    const auto piece = tokenizer->decode(previous, id);
    if (!piece) return false;  // an id that the tokenizer does not have
    std::printf("%.*s", int(piece->size()), piece->data());
    std::fflush(stdout);
    previous = id;
    return true;
  });
  std::printf("\n");
  return chosen ? 0 : 1;
}
