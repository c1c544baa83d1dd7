// SPDX-License-Identifier: BSL-1.0
#include <import/import_folder.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <typeformer/hosted/formats/gguf_metadata_builder.hpp>
#include <typeformer/hosted/formats/gguf_writer.hpp>

// Models whose configuration is that of a GGUF file.
namespace {

namespace tf = typeformer;
using shape = std::vector<std::int64_t>;

/// A file with zeros, which is written, imported and removed.
class lone_file {
 public:
  explicit lone_file(std::string_view architecture) : architecture_{architecture} {
    metadata.set("general.architecture", architecture);
    add("token_embd.weight", {32, 16});
  }
  lone_file& with(const std::string& key, std::uint32_t value) {
    metadata.set(key.starts_with('.') ? architecture_ + key : key, value);
    return *this;
  }
  lone_file& with(const std::string& key, float value) { return metadata.set(architecture_ + key, value), *this; }
  /// The numbers that all have.
  lone_file& usual() {
    return with(".block_count", 2U)
        .with(".embedding_length", 16U)
        .with(".attention.head_count", 4U)
        .with(".context_length", 64U);
  }
  lone_file& add(const std::string& name, shape extents, const std::vector<float>& values = {}) {
    std::size_t count = 1;
    for (const std::int64_t extent : extents) count *= std::size_t(extent);
    tensors_.push_back({name, std::move(extents), values.empty() ? std::vector<float>(count) : values});
    return *this;
  }

  /// The type, or the error.
  std::string imported() const {
    const tf::testing::scratch_folder folder;
    const std::string path = folder / "model.gguf";
    std::vector<tf::tensor_to_write> list;
    for (const tensor& each : tensors_) list.push_back(tf::f32_tensor(each.name, each.extents, each.values));
    REQUIRE(tf::write_gguf(path, list, metadata.entries()));
    const auto of_file = importing::import_folder(path, {});
    const auto of_folder = importing::import_folder(folder.path(), {});
    REQUIRE(of_file.has_value() == of_folder.has_value());
    if (!of_file) return of_file.error().substr(path.size());
    CHECK(of_file->weights == path);
    CHECK(of_file->model.type() == of_folder->model.type());
    return of_file->model.type();
  }

  tf::gguf_metadata_builder metadata;

 private:
  struct tensor {
    std::string name;
    shape extents;
    std::vector<float> values;
  };
  std::string architecture_;
  std::vector<tensor> tensors_;
};

void check_parts(const std::string& type, std::initializer_list<std::string_view> parts) {
  std::string line = type;
  for (char& c : line) c = c == '\n' ? ' ' : c;
  for (std::size_t at; (at = line.find("     ")) != line.npos;) line.erase(at, 4);
  for (const std::string_view part : parts) {
    INFO(line << "\n" << part);
    CHECK(line.find(part) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("imports decoders from GGUF files: numbers, and flags that tensors tell") {
  check_parts(
      lone_file("llama")
          .usual()
          .with(".attention.key_length", 8U)
          .with(".attention.layer_norm_rms_epsilon", 1e-5F)
          .with(".rope.freq_base", 500000.0F)
          .add("blk.0.attn_q.bias", {32})
          .imported(),
      {"typeformer::llama<", ".layers = 2", ".heads = 4", ".key_value_heads = 4", ".head_width = 8", ".vocabulary = 32",
       ".theta = 5e+05", ".epsilon = 1e-05", ".tied = true", ".attention_bias = true", ".mlp_bias = false"});
  check_parts(lone_file("falcon")
                  .usual()
                  .with(".attention.head_count_kv", 2U)
                  .add("blk.0.attn_norm_2.weight", {16})
                  .add("output.weight", {32, 16})
                  .imported(),
              {".key_value_heads = 2", ".parallel_norms = 2", ".tied = false", ".theta = 10000.0"});
  check_parts(lone_file("falcon").usual().with(".attention.head_count_kv", 1U).imported(),
              {".key_value_heads = 1", ".parallel_norms = 1"});
  check_parts(lone_file("stablelm")
                  .usual()
                  .with(".rope.dimension_count", 2U)
                  .add("blk.0.attn_q_norm.weight", {4, 4})
                  .add("blk.0.attn_q.bias", {16})
                  .imported(),
              {".rotary_width = 2", ".query_key_value_bias = true", ".norms_queries_and_keys = true"});
  check_parts(lone_file("starcoder").usual().with(".attention.head_count_kv", 1U).imported(),
              {"typeformer::gpt_bigcode<", ".key_value_heads = 1"});
  check_parts(lone_file("gptj").usual().with(".rope.dimension_count", 4U).imported(), {".rotary_width = 4"});
  check_parts(lone_file("gemma2")
                  .usual()
                  .with(".attention.key_length", 8U)
                  .with(".attention.sliding_window", 5U)
                  .with(".attn_logit_softcapping", 1.5F)
                  .imported(),
              {".scores_over_root_of = 8.0", ".score_cap = 1.5", ".head_width = 8"});
}

TEST_CASE("imports encoders and encoder-decoders from GGUF files") {
  check_parts(lone_file("bert").usual().add("token_types.weight", {2, 16}).with(".pooling_type", 1U).imported(),
              {"typeformer::bert_body<", ".context = 64", ".segments = 2", "typeformer::mean_pooling"});
  check_parts(lone_file("bert")
                  .usual()
                  .add("token_types.weight", {1, 16})
                  .with("tokenizer.ggml.padding_token_id", 1U)
                  .imported(),
              {"typeformer::roberta_body<", ".context = 64", ".segments = 1", ".padding_id = 1"});
  check_parts(lone_file("bert").usual().imported(), {"typeformer::distilbert<"});
  check_parts(lone_file("t5")
                  .usual()
                  .with(".attention.key_length", 6U)
                  .with(".attention.relative_buckets_count", 8U)
                  .with(".decoder_block_count", 3U)
                  .add("enc.blk.0.ffn_gate.weight", {8, 16})
                  .imported(),
              {"typeformer::t5<", ".decoder_layers = 3", ".head_width = 6", ".buckets = 8", ".gated = true"});
  check_parts(lone_file("t5encoder").usual().with(".attention.key_length", 4U).imported(), {"typeformer::t5_encoder<"});
}

TEST_CASE("tells the rotary scaling of Llama 3 from its table, and no other one") {
  lone_file file("llama");
  file.usual().with(".attention.key_length", 16U).with(".rope.freq_base", 500000.0F);
  const tf::reference::llama3_scaling scaling{32, 1, 4, 8192};
  std::vector<float> divisors;
  for (int pair = 0; pair < 8; ++pair) {
    const double frequency = std::pow(500000.0, -pair / 8.0);
    divisors.push_back(float(frequency / tf::reference::llama3_frequency(frequency, scaling)));
  }
  lone_file published = file;
  check_parts(published.add("rope_freqs.weight", {8}, divisors).imported(),
              {"typeformer::llama3_frequencies<32.0, 1.0, 4.0, 8192>"});
  // Other numbers are told by a key of our own.
  const tf::reference::llama3_scaling short_context{8, 2, 6, 16};
  lone_file own = file;
  own.metadata.set(tf::gguf_llama3_scaling_key, std::span<const float>(tf::gguf_llama3_scaling(short_context)));
  check_parts(own.add("rope_freqs.weight", {8}, tf::gguf_rotary_divisors(16, 500000.0, short_context)).imported(),
              {"typeformer::llama3_frequencies<8.0, 2.0, 6.0, 16>"});
  divisors[6] *= 1.1F;
  const std::string sentence = "only the numbers of Llama 3 can be told from a table of rotary frequencies";
  CHECK(lone_file(file).add("rope_freqs.weight", {8}, divisors).imported().find(sentence) != std::string::npos);
  CHECK(lone_file(file).add("rope_freqs.weight", {4}).imported().find(sentence) != std::string::npos);
  CHECK(lone_file(file).add("rope_freqs.weight", {0}).imported().find(sentence) != std::string::npos);
  constexpr float largest = 3e38F;
  for (const auto& wrong : {std::array{8.0F, 2.0F, 6.0F, largest}, std::array{std::nanf(""), 2.0F, 6.0F, 16.0F}}) {
    own.metadata.set(tf::gguf_llama3_scaling_key, std::span<const float>(wrong));
    CHECK(own.imported().find(sentence) != std::string::npos);
  }
}

TEST_CASE("imports a GGUF file that keeps its config.json by this, an encoder without its head") {
  lone_file file("gemma2");
  file.usual().with(".attention.key_length", 8U);
  file.metadata.set("typeformer.config", R"({"model_type": "gemma2", "architectures": ["Gemma2ForCausalLM"],
      "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 4, "head_dim": 8,
      "intermediate_size": 24, "vocab_size": 32, "query_pre_attn_scalar": 5, "hidden_activation": "gelu_pytorch_tanh"})");
  check_parts(file.imported(), {"typeformer::gemma2<", ".scores_over_root_of = 5.0", ".hidden = 24"});
  lone_file encoder("bert");
  encoder.metadata.set("typeformer.config",
                       R"({"model_type": "bert", "architectures": ["BertForSequenceClassification"],
      "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 24, "vocab_size": 32,
      "max_position_embeddings": 64, "hidden_act": "relu"})");
  check_parts(encoder.imported(), {"typeformer::bert_body<", "typeformer::relu", ".hidden = 24"});
  encoder.metadata.set("typeformer.config", "{");
  CHECK(encoder.imported().find("invalid JSON") != std::string::npos);
}

TEST_CASE("says which GGUF file cannot be imported, and why") {
  CHECK(lone_file("mamba").usual().imported() ==
        ": a model of this architecture cannot be imported: expected one of gguf_families, found mamba");
  CHECK(lone_file("llama").usual().with(".attention.head_count", 0U).imported().find("num_attention_heads") !=
        std::string::npos);
  CHECK(lone_file("llama").usual().with(".rope.freq_base", std::nanf("")).imported() ==
        ": key \"llama.rope.freq_base\" is not finite");
  CHECK(importing::import_folder("absent.gguf", {}).error().find("absent.gguf: cannot be opened") == 0);
}
