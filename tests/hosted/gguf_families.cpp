// SPDX-License-Identifier: BSL-1.0
#include <typeformer/hosted/formats/gguf_families.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <hosted/gguf_support.hpp>
#include <typeformer/hosted/formats/gguf_outputs.hpp>
#include <typeformer/models/distilbert.hpp>
#include <typeformer/models/falcon.hpp>
#include <typeformer/models/gemma.hpp>
#include <typeformer/models/gpt_neox.hpp>
#include <typeformer/models/roberta.hpp>
#include <typeformer/models/stablelm.hpp>

// Names and orders of the families that llama.cpp names, one small model for each kind of change.
namespace typeformer {
namespace {

using testing::check_gguf_round_trip, testing::gguf_metadata_for, testing::random_parameters, testing::save_both_ways,
    testing::scratch_folder;

struct name_pair {
  const char *model_type, *read, *stored;
};
/// As `get_tensor_name_map` of llama.cpp's Python package gguf 0.19 gives them; a model's own beginning of names is left
/// out where its converter removes it first.
constexpr name_pair names_of_llama_cpp[] = {
    {"llama", "model.embed_tokens.weight", "token_embd.weight"},
    {"llama", "model.layers.7.self_attn.q_proj.bias", "blk.7.attn_q.bias"},
    {"llama", "model.layers.7.post_attention_layernorm.weight", "blk.7.ffn_norm.weight"},
    {"llama", "lm_head.weight", "output.weight"},
    {"llama", "model.norm.weight", "output_norm.weight"},
    {"gemma3_text", "model.layers.7.post_attention_layernorm.weight", "blk.7.post_attention_norm.weight"},
    {"gemma3_text", "model.layers.7.pre_feedforward_layernorm.weight", "blk.7.ffn_norm.weight"},
    {"gemma3_text", "model.layers.7.post_feedforward_layernorm.weight", "blk.7.post_ffw_norm.weight"},
    {"gemma3_text", "model.layers.7.self_attn.k_norm.weight", "blk.7.attn_k_norm.weight"},
    {"falcon", "transformer.word_embeddings.weight", "token_embd.weight"},
    {"falcon", "transformer.h.7.ln_attn.weight", "blk.7.attn_norm_2.weight"},
    {"falcon", "transformer.h.7.ln_mlp.bias", "blk.7.attn_norm.bias"},
    {"falcon", "transformer.h.7.input_layernorm.weight", "blk.7.attn_norm.weight"},
    {"falcon", "transformer.h.7.self_attention.query_key_value.weight", "blk.7.attn_qkv.weight"},
    {"falcon", "transformer.h.7.mlp.dense_4h_to_h.weight", "blk.7.ffn_down.weight"},
    {"falcon", "transformer.ln_f.weight", "output_norm.weight"},
    {"bloom", "word_embeddings_layernorm.weight", "token_embd_norm.weight"},
    {"bloom", "h.7.post_attention_layernorm.bias", "blk.7.ffn_norm.bias"},
    {"bloom", "h.7.self_attention.query_key_value.bias", "blk.7.attn_qkv.bias"},
    {"gptj", "transformer.wte.weight", "token_embd.weight"},
    {"gptj", "transformer.h.7.attn.q_proj.weight", "blk.7.attn_q.weight"},
    {"gptj", "transformer.h.7.attn.out_proj.weight", "blk.7.attn_output.weight"},
    {"gptj", "transformer.h.7.mlp.fc_in.bias", "blk.7.ffn_up.bias"},
    {"gptj", "lm_head.bias", "output.bias"},
    {"gpt_neox", "gpt_neox.embed_in.weight", "token_embd.weight"},
    {"gpt_neox", "gpt_neox.layers.7.attention.dense.bias", "blk.7.attn_output.bias"},
    {"gpt_neox", "gpt_neox.final_layer_norm.weight", "output_norm.weight"},
    {"gpt_neox", "embed_out.weight", "output.weight"},
    {"gpt_bigcode", "transformer.wpe.weight", "position_embd.weight"},
    {"gpt_bigcode", "transformer.h.7.attn.c_attn.weight", "blk.7.attn_qkv.weight"},
    {"starcoder2", "model.layers.7.mlp.c_fc.bias", "blk.7.ffn_up.bias"},
    {"starcoder2", "model.layers.7.mlp.c_proj.weight", "blk.7.ffn_down.weight"},
    {"mpt", "transformer.blocks.7.norm_1.weight", "blk.7.attn_norm.weight"},
    {"mpt", "transformer.blocks.7.attn.Wqkv.weight", "blk.7.attn_qkv.weight"},
    {"mpt", "transformer.norm_f.weight", "output_norm.weight"},
    {"glm", "model.layers.7.mlp.gate_up_proj.weight", "blk.7.ffn_up.weight"},
    {"glm", "model.layers.7.self_attn.k_proj.bias", "blk.7.attn_k.bias"},
    {"phi", "model.final_layernorm.bias", "output_norm.bias"},
    {"phi", "model.layers.7.self_attn.dense.weight", "blk.7.attn_output.weight"},
    {"phi", "model.layers.7.mlp.fc2.weight", "blk.7.ffn_down.weight"},
    {"phi3", "model.layers.7.self_attn.qkv_proj.weight", "blk.7.attn_qkv.weight"},
    {"phi3", "model.layers.7.mlp.gate_up_proj.weight", "blk.7.ffn_up.weight"},
    {"cohere", "model.layers.7.self_attn.q_norm.weight", "blk.7.attn_q_norm.weight"},
    {"cohere", "model.layers.7.input_layernorm.weight", "blk.7.attn_norm.weight"},
    {"stablelm", "model.layers.7.self_attn.k_layernorm.norms.1.weight", "blk.7.attn_k_norm.weight"},
    {"bert", "embeddings.token_type_embeddings.weight", "token_types.weight"},
    {"bert", "encoder.layer.7.attention.output.LayerNorm.weight", "blk.7.attn_output_norm.weight"},
    {"bert", "encoder.layer.7.output.LayerNorm.bias", "blk.7.layer_output_norm.bias"},
    {"bert", "encoder.layer.7.output.dense.bias", "blk.7.ffn_down.bias"},
    {"roberta", "embeddings.position_embeddings.weight", "position_embd.weight"},
    {"roberta", "classifier.dense.weight", "cls.weight"},
    {"roberta", "classifier.out_proj.bias", "cls.output.bias"},
    {"distilbert", "transformer.layer.7.attention.q_lin.weight", "blk.7.attn_q.weight"},
    {"distilbert", "transformer.layer.7.sa_layer_norm.weight", "blk.7.attn_output_norm.weight"},
    {"distilbert", "transformer.layer.7.ffn.lin2.bias", "blk.7.ffn_down.bias"},
    {"distilbert", "pre_classifier.weight", "cls.weight"},
    {"modernbert", "embeddings.tok_embeddings.weight", "token_embd.weight"},
    {"modernbert", "layers.7.attn.Wqkv.weight", "blk.7.attn_qkv.weight"},
    {"modernbert", "layers.7.mlp.Wi.weight", "blk.7.ffn_up.weight"},
    {"modernbert", "layers.7.mlp_norm.weight", "blk.7.ffn_norm.weight"},
    {"modernbert", "final_norm.weight", "output_norm.weight"},
    {"modernbert", "head.norm.weight", "cls.norm.weight"},
    {"mt5", "encoder.block.7.layer.0.SelfAttention.relative_attention_bias.weight", "enc.blk.7.attn_rel_b.weight"},
    {"mt5", "encoder.block.7.layer.1.DenseReluDense.wi_1.weight", "enc.blk.7.ffn_up.weight"},
    {"mt5", "decoder.block.7.layer.1.EncDecAttention.q.weight", "dec.blk.7.cross_attn_q.weight"},
    {"mt5", "decoder.block.7.layer.2.DenseReluDense.wo.weight", "dec.blk.7.ffn_down.weight"},
    {"mt5", "decoder.block.7.layer.1.EncDecAttention.relative_attention_bias.weight",
     "dec.blk.7.cross_attn_rel_b.weight"},
    {"mt5", "shared.weight", "token_embd.weight"},
    {"mt5", "decoder.final_layer_norm.weight", "dec.output_norm.weight"},
};

constexpr gguf_facts four_heads_two_of_keys{.query_heads = 4, .key_heads = 2};
constexpr std::int64_t row_count = 48;

std::string gguf_name_of(const char* model_type, std::string_view name,
                         const gguf_facts& facts = four_heads_two_of_keys) {
  const gguf_family* const family = family_of_model_type(model_type);
  REQUIRE(family);
  const auto renamed = gguf_names{*family, facts}.write(name, row_count);
  return renamed ? renamed->name : "none";
}

std::vector<float> numbers_of(const stored_tensor* tensor) {
  REQUIRE(tensor);
  std::vector<float> numbers(tensor->element_count());
  REQUIRE(read_floats(*tensor, numbers));
  return numbers;
}

struct small_falcon : falcon<falcon_config{.layers = 2,
                                           .width = 24,
                                           .heads = 6,
                                           .key_value_heads = 2,
                                           .vocabulary = 20,
                                           .context = 8,
                                           .parallel_norms = 2}> {};
struct small_gpt_neox
    : gpt_neox<gpt_neox_config{
          .layers = 2, .width = 24, .heads = 3, .rotary_width = 4, .hidden = 32, .vocabulary = 20, .context = 8}> {};
struct small_stablelm : stablelm<stablelm_config{.layers = 2,
                                                 .width = 24,
                                                 .heads = 6,
                                                 .key_value_heads = 2,
                                                 .rotary_width = 2,
                                                 .hidden = 32,
                                                 .vocabulary = 20,
                                                 .context = 8,
                                                 .norms_queries_and_keys = true}> {};
struct small_gemma
    : gemma<gemma_config{
          .layers = 2, .width = 16, .heads = 2, .head_width = 6, .hidden = 24, .vocabulary = 20, .context = 8}> {};
struct small_roberta
    : roberta_body<roberta_config{.layers = 2, .width = 12, .heads = 2, .vocabulary = 20, .context = 8}, gelu_erf> {};
struct small_distilbert
    : distilbert<distilbert_config{.layers = 2, .width = 12, .heads = 2, .vocabulary = 20, .context = 8}> {};

/// Calls `change(value)` for the numbers in the first rows of the tensors that `chooses(name)`.
template <Model M, class Chooses, class Change>
void change_numbers(parameters<M>& values, const Chooses& chooses, index_type first_rows, const Change& change) {
  for_each_tensor(layout_of<M>, [&](const parameter_tensor& tensor) {
    const std::string name(tensor.name().view());
    if (!chooses(name)) return;
    for (index_type i = 0; i < std::min(first_rows, tensor.of->rows) * tensor.of->columns; ++i)
      change(values.data()[tensor.offset + i]);
  });
}

}  // namespace

TEST_CASE("gives tensors the names of llama.cpp", "[gguf]") {
  for (const auto& [model_type, read, stored] : names_of_llama_cpp) {
    INFO(model_type << ": " << read);
    CHECK(gguf_name_of(model_type, read) == stored);
  }
  CHECK(gguf_name_of("bert", "classifier.weight") == "cls.output.weight");
  CHECK(gguf_name_of("bert", "classifier.weight", {.names_classes = false}) == "cls.weight");
  CHECK(gguf_name_of("bert", "bert.embeddings.LayerNorm.gamma") == "token_embd_norm.weight");
  CHECK(gguf_name_of("bert", "bert.embeddings.LayerNorm.beta") == "token_embd_norm.bias");
  CHECK(gguf_name_of("cohere", "lm_head.weight") == "none");
  CHECK(gguf_name_of("gemma", "lm_head.weight") == "none");
  CHECK(gguf_name_of("falcon", "transformer.h.7.post_attention_layernorm.weight") == "none");
  CHECK(gguf_name_of("bert", "encoder.layer.x.output.dense.bias") == "none");
  CHECK(gguf_name_of("bert", "encoder.layer..output.dense.bias") == "none");
  CHECK(gguf_name_of("bert", "encoder.layer.1234567890.output.dense.bias") == "none");
  CHECK(gguf_name_of("stablelm", "model.layers.7.self_attn.k_layernorm.norms..weight") == "none");
}

TEST_CASE("translates every name of every family in both directions", "[gguf]") {
  for (const gguf_family& family : gguf_families)
    for (const bool has_both : {false, true}) {
      gguf_facts facts = four_heads_two_of_keys;
      facts.has_gate = facts.has_second_norm = has_both;
      const gguf_names names{family, facts};
      for (const auto& rules : {family.first, family.rest})
        for (const gguf_name_rule& rule : rules)
          for (const char* const ending : {".weight", ".bias"}) {
            if (rule.stored == "output" && !family.has_output) continue;
            if (rule.use == gguf_rule_use::with_unnamed_classes || rule.use == gguf_rule_use::never) continue;
            const std::string stored = detail::name_with_number(rule.stored, "17") + ending;
            INFO(family.model_type << ": " << stored);
            auto read = names.read(stored, row_count);
            REQUIRE(read);
            if (read->is_row) read->name.replace(read->name.find('#'), 1, "3");
            const auto other = names.write(read->name, row_count);
            REQUIRE(other);
            CHECK(other->name == stored);
            CHECK(other->order == read->order);
            CHECK(other->row == (read->is_row ? 3 : 0));
            CHECK_FALSE(read->lacks_heads);
          }
    }
  CHECK_FALSE(gguf_names{*family_of_architecture("bert"), {}}.read("blk.3.ffn_down", 1));
  const gguf_names gpt2{*family_of_architecture("gpt2"), {}}, bert{*family_of_architecture("bert"), {}};
  CHECK(gpt2.leaves_out("h.0.attn.bias"));
  CHECK_FALSE(gpt2.leaves_out("h.0.attn.c_attn.bias"));
  CHECK(bert.leaves_out("bert.pooler.dense.weight"));
  CHECK(bert.leaves_out("pooler.dense.bias"));
  CHECK(bert.leaves_out("cls.predictions.bias"));
  CHECK_FALSE(bert.leaves_out("classifier.bias"));
  CHECK(family_of_model_type("t5", "T5EncoderModel")->architecture == "t5encoder");
  CHECK(family_of_model_type("t5", "T5ForConditionalGeneration")->architecture == "t5");
  CHECK(family_of_architecture("bert", "distilbert")->model_type == "distilbert");
  CHECK(family_of_architecture("bert", "electra")->model_type == "bert");
  CHECK(family_of_model_type("helium") == nullptr);
}

TEST_CASE("saves, loads and saves the same bytes: the changes of llama.cpp's converter", "[gguf]") {
  check_gguf_round_trip<small_falcon>("falcon", 6, 2);
  check_gguf_round_trip<small_gpt_neox>("gptneox", 3, 3);
  check_gguf_round_trip<small_stablelm>("stablelm", 6, 2);
  check_gguf_round_trip<small_distilbert>("bert", 2, 2);
}

TEST_CASE("stores queries, keys and values of Falcon one after the other", "[gguf]") {
  const scratch_folder folder;
  const parameters<small_falcon> values = random_parameters<small_falcon>(7);
  const auto [given, stored] = save_both_ways(folder, values, gguf_metadata_for("falcon", 6, 2));
  const auto of_groups = numbers_of(given.find("transformer.h.1.self_attention.query_key_value.weight"));
  const auto in_file = numbers_of(stored.find("blk.1.attn_qkv.weight"));
  constexpr std::size_t head = 4, width = 24, queries_of_group = 3, queries = 6, groups = 2;
  REQUIRE(of_groups.size() == (queries + 2 * groups) * head * width);
  const auto heads_are_equal = [&](std::size_t of_given, std::size_t of_stored) {
    const auto begin = of_groups.begin() + std::ptrdiff_t(of_given * head * width);
    return std::equal(begin, begin + std::ptrdiff_t(head * width),
                      in_file.begin() + std::ptrdiff_t(of_stored * head * width));
  };
  for (std::size_t group = 0; group < groups; ++group) {
    const std::size_t begin = group * (queries_of_group + 2);
    for (std::size_t query = 0; query < queries_of_group; ++query)
      CHECK(heads_are_equal(begin + query, group * queries_of_group + query));
    CHECK(heads_are_equal(begin + queries_of_group, queries + group));
    CHECK(heads_are_equal(begin + queries_of_group + 1, queries + groups + group));
  }
  CHECK(stored.find("blk.0.attn_norm_2.weight"));
}

TEST_CASE("stores norms of heads as rows of one matrix", "[gguf]") {
  const scratch_folder folder;
  const parameters<small_stablelm> values = random_parameters<small_stablelm>(7);
  const auto [given, stored] = save_both_ways(folder, values, gguf_metadata_for("stablelm", 6, 2));
  const stored_tensor* const norms = stored.find("blk.1.attn_q_norm.weight");
  const auto all = numbers_of(norms);
  CHECK(shape_text(norms->shape) == "[6, 4]");
  for (std::size_t head = 0; head < 6; ++head) {
    const auto one =
        numbers_of(given.find("model.layers.1.self_attn.q_layernorm.norms." + std::to_string(head) + ".weight"));
    CHECK(std::equal(one.begin(), one.end(), all.begin() + std::ptrdiff_t(4 * head)));
  }

  std::vector<stored_tensor> tensors;
  for (const stored_tensor& tensor : given.tensors())
    if (!tensor.name.ends_with("q_layernorm.norms.2.weight")) tensors.push_back(tensor);
  const gguf_names names{*family_of_architecture("stablelm"), {.query_heads = 6, .key_heads = 2}};
  const auto outputs = gguf_outputs(tensors, names, "stablelm");
  REQUIRE_FALSE(outputs);
  CHECK(outputs.error().problem == "a row of its matrix is missing or there twice");
}

TEST_CASE("reads a fused projection as queries, keys and values", "[gguf]") {
  const scratch_folder folder;
  std::vector<float> numbers(24 * 8 + 24);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = float(i);
  const std::int64_t matrix[] = {24, 8}, vector[] = {24};
  const std::span<const float> all(numbers);
  const tensor_to_write tensors[] = {f32_tensor("blk.1.attn_qkv.weight", matrix, all.first(24 * 8)),
                                     f32_tensor("blk.1.attn_qkv.bias", vector, all.last(24))};
  const auto shape_and_first = [&](std::uint32_t heads, const char* name) -> std::string {
    if (!write_gguf(folder / "a.gguf", tensors, gguf_metadata_for("chatglm", heads, 1).entries())) return "not written";
    const auto file = model_file::open(folder / "a.gguf");
    if (!file) return file.error().problem;
    const stored_tensor* const tensor = file->find(name);
    return tensor ? shape_text(tensor->shape) + " " + std::to_string(int(numbers_of(tensor)[0])) : "none";
  };
  CHECK(shape_and_first(4, "model.layers.1.self_attn.q_proj.weight") == "[16, 8] 0");
  CHECK(shape_and_first(4, "model.layers.1.self_attn.k_proj.weight") == "[4, 8] 128");
  CHECK(shape_and_first(4, "model.layers.1.self_attn.v_proj.weight") == "[4, 8] 160");
  CHECK(shape_and_first(4, "model.layers.1.self_attn.q_proj.bias") == "[16] 192");
  CHECK(shape_and_first(4, "model.layers.1.self_attn.v_proj.bias") == "[4] 212");
  CHECK(shape_and_first(5, "model.layers.1.self_attn.v_proj.bias") == "its order depends on the number of heads");
}

TEST_CASE("stores norms with the 1 that Gemma adds to their weights", "[gguf]") {
  const scratch_folder folder;
  parameters<small_gemma> values = random_parameters<small_gemma>(7);
  // Rounding 1 + weight must lose nothing, if the same numbers are to come back.
  change_numbers(
      values, [](const std::string& name) { return name.ends_with("norm.weight"); }, 1 << 20,
      [](float& value) { value = std::round(value * 1024) / 1024; });
  const auto metadata = gguf_metadata_for("gemma", 2, 1);
  const auto [given, stored] = save_both_ways(folder, values, metadata);
  const auto weights = numbers_of(given.find("model.layers.1.input_layernorm.weight"));
  const auto sums = numbers_of(stored.find("blk.1.attn_norm.weight"));
  for (std::size_t i = 0; i < weights.size(); ++i) CHECK(sums[i] == weights[i] + 1);
  const auto again = load_parameters<small_gemma, model_file>(folder / "a.gguf");
  REQUIRE(again);
  CHECK(std::equal(values.data(), values.data() + values.size(), again->data()));
}

TEST_CASE("stores positions of RoBERTa from the first one after padding", "[gguf]") {
  const scratch_folder folder;
  parameters<small_roberta> values = random_parameters<small_roberta>(7);
  const auto save_positions = [&](std::int32_t padding) {
    auto metadata = gguf_metadata_for("bert", 2, 2);
    if (padding >= 0) metadata.set("tokenizer.ggml.padding_token_id", padding);
    REQUIRE(save_gguf(folder / "a.gguf", values, metadata.entries()));
    const auto stored = gguf_file::open(folder / "a.gguf");
    REQUIRE(stored);
    return shape_text(stored->find("position_embd.weight")->shape);
  };
  const auto error_of_loading = [&] {
    const auto again = load_parameters<small_roberta, model_file>(folder / "a.gguf");
    return again ? std::string("loaded") : again.error().message();
  };
  CHECK(save_positions(-1) == "[8, 12]");
  CHECK(error_of_loading() == "loaded");
  CHECK(save_positions(3) == "[6, 12]");
  CHECK(error_of_loading() == "loaded");
  CHECK(save_positions(1) == "[8, 12]");
  CHECK(error_of_loading() == "loaded");

  change_numbers(
      values, [](const std::string& name) { return name == "position_embedding.weight"; }, 2,
      [](float& value) { value = 0; });
  const auto again = load_parameters<small_roberta, model_file>(folder / "a.gguf");
  REQUIRE(again);
  CHECK(std::equal(values.data(), values.data() + values.size(), again->data()));
  auto metadata = gguf_metadata_for("bert", 2, 2);
  metadata.set("tokenizer.ggml.padding_token_id", 100);
  const auto saved = save_gguf(folder / "b.gguf", values, metadata.entries());
  REQUIRE_FALSE(saved);
  CHECK(saved.error().problem == "has no row after that of padding");
}

}  // namespace typeformer
