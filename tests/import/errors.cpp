// SPDX-License-Identifier: BSL-1.0
#include <import/command_line.hpp>
#include <import/read_model.hpp>

#include <string>

#include <support/catch.hpp>

#include "texts.hpp"

namespace {

/// The error of a config.json; empty if there is none.
std::string sentence_about(const std::string& json, const importing::import_request& request = {.name = "imported"}) {
  const auto model = importing::read_model(json, "config.json", request);
  return model ? "" : model.error().message();
}
std::string command_sentence(const std::vector<std::string_view>& arguments) {
  const auto command = importing::parse_command(arguments);
  return command ? "" : command.error();
}

}  // namespace

TEST_CASE("rejects what is not a configuration") {
  check_text(sentence_about("{\"model_type\": \"gpt2\""), {.begins = "config.json: invalid JSON: "});
  CHECK(sentence_about("[]") == "config.json: invalid JSON: expected an object, found an array");
  check_text(sentence_about(""), {.begins = "config.json: invalid JSON: "});
  CHECK(sentence_about("{}") == "config.json: key \"model_type\" is missing");
  check_text(sentence_about(R"({"model_type": "mamba"})"),
             {.holds = "key \"model_type\": expected one of \"openai-gpt\"", .ends = "found \"mamba\""});
}

TEST_CASE("never ignores a key that would change the result") {
  CHECK(sentence_about(R"({"model_type": "gpt2", "alibi": true})") ==
        "config.json: key \"alibi\" = true is not supported: what it changes would be lost");
  CHECK(sentence_about(R"({"model_type": "gpt2", "alibi": null, "use_cache": true})").empty());
  CHECK(sentence_about(R"({"model_type": "gpt2", "id2label": {"0": "LABEL_0"}, "top_k": 50, "torchscript": false,
                           "pruned_heads": {}, "is_decoder": false, "tie_encoder_decoder": false})")
            .empty());
  CHECK(sentence_about(R"({"model_type": "llama", "is_decoder": true})") ==
        "config.json: key \"is_decoder\" = true is not supported: expected false");
  CHECK(sentence_about(R"({"model_type": "gpt2", "pruned_heads": {"1": [0]}})") ==
        "config.json: key \"pruned_heads\" = {\"1\": [0]} is not supported: expected {}");
  CHECK(sentence_about(R"({"model_type": "llama", "rope_scaling": {"type": "longrope", "factor": 2.5}})") ==
        "config.json: key \"rope_scaling.type\" = \"longrope\" is not supported: expected \"default\", \"linear\", "
        "\"dynamic\", \"llama3\" or \"yarn\"");
  CHECK(sentence_about(R"({"model_type": "stablelm", "head_dim": 96})") ==
        "config.json: key \"head_dim\" = 96 is not supported: expected 80");
  CHECK(sentence_about(R"({"model_type": "roberta", "architectures": ["RobertaForMultipleChoice"]})") ==
        "config.json: key \"architectures\" = [\"RobertaForMultipleChoice\"] is not supported: expected "
        "[\"RobertaForMaskedLM\"] or [\"RobertaModel\"] or [\"RobertaForSequenceClassification\"] or "
        "[\"RobertaForTokenClassification\"] or [\"RobertaForQuestionAnswering\"]");
  CHECK(sentence_about(R"({"model_type": "deberta-v2", "conv_kernel_size": 3})") ==
        "config.json: key \"conv_kernel_size\" = 3 is not supported: expected 0");
  CHECK(sentence_about(R"({"model_type": "deberta-v2", "pos_att_type": ["p2p"]})") ==
        "config.json: key \"pos_att_type\" = [\"p2p\"] is not supported: expected \"c2p\" and \"p2c\"");
  CHECK(sentence_about(R"({"model_type": "modernbert", "classifier_pooling": "max"})") ==
        "config.json: key \"classifier_pooling\" = \"max\" is not supported: expected \"cls\" or \"mean\"");
  CHECK(
      sentence_about(R"({"model_type": "modernbert", "num_hidden_layers": 1, "layer_types": ["linear_attention"]})") ==
      "config.json: key \"layer_types\" = [\"linear_attention\"] is not supported: expected a list of "
      "\"full_attention\" and \"sliding_attention\"");
  CHECK(sentence_about(R"({"model_type": "mpnet", "relative_attention_num_buckets": 16})") ==
        "config.json: key \"relative_attention_num_buckets\" = 16 is not supported: expected 32");
  CHECK(sentence_about(R"({"model_type": "bert", "position_embedding_type": "relative_key"})") ==
        "config.json: key \"position_embedding_type\" = \"relative_key\" is not supported: expected \"absolute\"");
  CHECK(sentence_about(R"({"model_type": "t5", "is_gated_act": true})") ==
        "config.json: key \"is_gated_act\" = true is not supported: expected false");
  CHECK(sentence_about(R"({"model_type": "gpt2", "n_layer": 1, "gpt3_attention": {"layers": ["strided"]}})") ==
        "config.json: key \"gpt3_attention.layers\" = [\"strided\"] is not supported: expected lists of "
        "\"global\" and \"local\", or [list, how often]");
  CHECK(sentence_about(R"({"model_type": "gpt2", "n_layer": 1,
                           "gpt3_attention": {"layers": ["global"], "stride": 2}})") ==
        "config.json: key \"gpt3_attention.stride\" = 2 is not supported: what it changes would be lost");
}

TEST_CASE("never ignores a key that would change what a model makes of images, spectrograms and time series") {
  CHECK(sentence_about(R"({"model_type": "vit", "image_size": [12, 12, 3]})") ==
        "config.json: key \"image_size\": expected a whole number from 1 to 67108864, or two as [height, width], found "
        "[12, 12, 3]");
  CHECK(sentence_about(R"({"model_type": "vit", "image_size": 12, "patch_size": 16})") ==
        "config.json: the length of a patch: expected no more than 12, found 16");
  CHECK(sentence_about(R"({"model_type": "vit", "architectures": ["ViTForMaskedImageModeling"]})") ==
        "config.json: key \"architectures\" = [\"ViTForMaskedImageModeling\"] is not supported: expected "
        "[\"ViTForImageClassification\"] or [\"ViTModel\"]");
  CHECK(sentence_about(R"({"model_type": "vit"})", {.name = "imported", .context = 100}) ==
        "config.json: a context of 100 tokens is asked for: expected the model's 197, which it reads at once");
  CHECK(sentence_about(R"({"model_type": "patchtst", "channel_attention": true})") ==
        "config.json: key \"channel_attention\" = true is not supported: expected false");
  CHECK(sentence_about(R"({"model_type": "patchtst", "share_embedding": false})") ==
        "config.json: key \"share_embedding\" = false is not supported: expected true");
  CHECK(sentence_about(R"({"model_type": "patchtst", "pooling_type": null})") ==
        "config.json: key \"pooling_type\" = null is not supported: expected one of mean, max");
  CHECK(sentence_about(R"({"model_type": "patchtst", "scaling": "max"})") ==
        "config.json: key \"scaling\" = \"max\" is not supported: expected one of std, mean, true, false");
  CHECK(sentence_about(R"({"model_type": "patchtst", "architectures": ["PatchTSTModel"], "do_mask_input": true})") ==
        "config.json: key \"do_mask_input\" = true is not supported: expected false");
  CHECK(sentence_about(R"({"model_type": "patchtst", "architectures": ["PatchTSTForRegression"], "loss": "nll"})") ==
        "config.json: key \"loss\" = \"nll\" is not supported: expected \"mse\"");
  CHECK(sentence_about(R"({"model_type": "patchtst", "architectures": ["PatchTSTForRegression"],
                           "output_range": [0, 1]})") ==
        "config.json: key \"output_range\" = [0, 1] is not supported: expected null");
  CHECK(sentence_about(R"({"model_type": "patchtst", "scaling": null, "loss": "nll", "num_targets": 3,
                           "do_mask_input": null})")
            .empty());
}

TEST_CASE("ignores what older and newer programs write that changes nothing") {
  for (const char* json : {
           R"({"model_type": "openai-gpt", "n_special": 0, "predict_special_tokens": true})",
           R"({"model_type": "gpt2", "_num_labels": 1, "id2label": {"0": "LABEL_0"}, "label2id": {"LABEL_0": 0}})",
           R"({"model_type": "gpt2", "torchscript": false, "pruned_heads": {}, "is_decoder": false, "max_length": 20})",
           R"({"model_type": "albert", "layers_to_keep": []})",
           R"({"model_type": "llama", "hidden_dropout": 0.1})",
           R"({"model_type": "llama", "rope_scaling": {"rope_type": "default"}, "max_sequence_length": 2048})",
       }) {
    INFO(json);
    CHECK(sentence_about(json).empty());
  }
  CHECK(sentence_about(R"({"model_type": "openai-gpt", "n_special": 40})") ==
        "config.json: key \"n_special\" = 40 is not supported: expected 0");
  check_text(sentence_about(R"({"model_type": "albert", "layers_to_keep": [0]})"),
             {.holds = "\"layers_to_keep\" = [0]"});
  check_text(sentence_about(R"({"model_type": "gpt2", "is_decoder": true})"), {.holds = "\"is_decoder\" = true"});
}

TEST_CASE("accepts rotary positions in an object of their own, scaled like those of texts within the context") {
  const auto theta_of = [](const std::string& json) {
    const auto model = importing::read_model(json, "config.json", {.name = "imported"});
    return model ? model->type() : model.error().message();
  };
  check_text(theta_of(R"({"model_type": "llama", "rope_parameters": {"rope_type": "default", "rope_theta": 5e5}})"),
             {.holds = ".theta = 5e+05"});
  check_text(theta_of(R"({"model_type": "llama", "rope_theta": 300, "rope_scaling": {"type": "default"}})"),
             {.holds = ".theta = 300.0"});
  check_text(sentence_about(R"({"model_type": "llama", "rope_parameters": {"rope_type": "su", "factor": 4}})"),
             {.holds = "key \"rope_parameters.rope_type\" = \"su\" is not supported"});
  CHECK(sentence_about(R"({"model_type": "llama", "rope_scaling": {"rope_type": "default", "factor": 2}})") ==
        "config.json: key \"rope_scaling.factor\" = 2 is not supported: what it changes would be lost");
  check_text(theta_of(R"({"model_type": "llama", "rope_scaling": {"type": "linear", "factor": 2.5}})"),
             {.ends = "typeformer::silu,\n    typeformer::position_divisor<2.5>>"});
  check_text(theta_of(R"({"model_type": "llama", "rope_scaling": {"rope_type": "dynamic", "factor": 4}})"),
             {.ends = "typeformer::silu>"});
  CHECK(sentence_about(R"({"model_type": "llama", "rope_scaling": {"type": "linear", "factor": 0.5}})") ==
        "config.json: key \"rope_scaling.factor\": expected a number from 1 on, found 0.5");
  CHECK(sentence_about(R"({"model_type": "llama", "rope_scaling": {"type": "linear", "factor": 2, "beta": 1}})") ==
        "config.json: key \"rope_scaling.beta\" = 1 is not supported: what it changes would be lost");
  CHECK(sentence_about(R"({"model_type": "llama", "rope_theta": 0})") ==
        "config.json: key \"rope_theta\": expected a number above 0, found 0");
}

TEST_CASE("counts a scale of positions in both spellings once") {
  const auto model = [](const std::string& keys) {
    const auto read =
        importing::read_model(R"({"model_type": "llama", )" + keys + "}", "config.json", {.name = "imported"});
    return read ? read->type() : read.error().message();
  };
  for (
      const char* keys : {
          R"("rope_scaling": {"type": "linear", "factor": 4.0}, "rope_parameters": {"rope_type": "linear", "factor": 4}, "rope_theta": 500)",
          R"("rope_scaling": {"type": "linear", "factor": 4.0, "rope_theta": 500}, "rope_parameters": {"rope_theta": 500})",
          R"("rope_parameters": {"factor": 4, "rope_type": "linear", "type": "linear", "rope_theta": 5e2}, "rope_scaling": null)",
          R"("rope_scaling": {"rope_type": "linear"}, "rope_parameters": {"factor": 4}, "rope_theta": 500)",
      }) {
    INFO(keys);
    check_text(model(keys), {.holds = ".theta = 500.0"});
    check_text(model(keys), {.ends = "position_divisor<4.0>>"});
  }
  CHECK(
      model(
          R"("rope_scaling": {"type": "linear", "factor": 4}, "rope_parameters": {"rope_type": "linear", "factor": 2})") ==
      "config.json: key \"rope_scaling.factor\" = 4 and key \"rope_parameters.factor\" = 2 mean the same thing: "
      "expected "
      "one value, found two");
  check_text(model(R"("rope_scaling": {"type": "linear", "factor": 4}, "rope_parameters": {"rope_type": "default"})"),
             {.holds = R"(key "rope_scaling.type" = "linear" and key "rope_parameters.rope_type" = "default")"});
  check_text(model(R"("rope_theta": 1e4, "rope_parameters": {"rope_type": "default", "rope_theta": 5e5})"),
             {.holds = R"(key "rope_theta" = 10000 and key "rope_parameters.rope_theta" = 5e+05)"});
  check_text(
      model(R"("rope_scaling": {"type": "linear"})"),
      {.ends =
           R"(key "rope_scaling.factor" or "rope_parameters.factor" or "rope_parameters.full_attention.factor" is missing)"});
  check_text(model(R"("rope_scaling": {"type": "default"}, "rope_parameters": {"mscale": 2})"),
             {.holds = R"(key "rope_parameters.mscale" = 2 is not supported)"});
  check_text(model(R"("rope_parameters": "linear")"),
             {.holds = R"(key "rope_parameters" = "linear" is not supported)"});
}

TEST_CASE("requires one value of a key with several spellings") {
  const auto read = [](const std::string& json) {
    const auto model = importing::read_model(json, "config.json", {.name = "imported"});
    return model ? model->type() : model.error().message();
  };
  check_text(read(R"({"model_type": "gpt2", "n_embd": 96, "hidden_size": 96, "n_layer": 3, "num_hidden_layers": 3.0,
                      "n_ctx": 64, "n_positions": 64, "activation_function": "swish", "hidden_act": "silu",
                      "torch_dtype": "float16", "dtype": "torch.float16"})"),
             {.holds = ".layers = 3, .width = 96,"});
  check_text(read(R"({"model_type": "gpt2", "num_attention_heads": 3, "hidden_size": 96, "n_ctx": 64})"),
             {.holds = ".width = 96, .heads = 3, .vocabulary = 50257, .context = 64"});
  check_text(read(R"({"model_type": "gpt2", "n_embd": null, "hidden_size": 96})"), {.holds = ".width = 96"});
  for (const auto& [first, second] : {std::pair{R"("hidden_size": 24)", R"("n_embd": 48)"},
                                      {R"("n_layer": 1)", R"("num_layers": 2)"},
                                      {R"("num_attention_heads": 4)", R"("n_head": 2)"},
                                      {R"("n_positions": 1024)", R"("n_ctx": 512)"},
                                      {R"("intermediate_size": 96)", R"("n_inner": 192)"},
                                      {R"("hidden_act": "gelu")", R"("activation_function": "gelu_new")"},
                                      {R"("layer_norm_eps": 1e-05)", R"("layer_norm_epsilon": 1e-12)"},
                                      {R"("torch_dtype": "float32")", R"("dtype": "bfloat16")"},
                                      {R"("attn_pdrop": 0.1)", R"("attention_dropout": 0)"}}) {
    const auto as_shown = [](std::string pair) {
      pair.replace(pair.find(':'), 2, " = ");
      return "key " + pair;
    };
    const std::string error = read(std::string(R"({"model_type": "gpt2", )") + first + ", " + second + "}");
    INFO(error);
    CHECK(error.find(as_shown(first)) != std::string::npos);
    CHECK(error.find(as_shown(second)) != std::string::npos);
    check_text(error, {.ends = "mean the same thing: expected one value, found two"});
  }
  CHECK(read(R"({"model_type": "gpt2", "hidden_size": "wide"})")
            .starts_with("config.json: key \"hidden_size\": expected a whole number from 1 to "));
}

TEST_CASE("writes sentences of one line for any key") {
  CHECK(sentence_about(R"({"model_type": "gpt2", "a\nb": 1})") ==
        "config.json: key \"a\\nb\" = 1 is not supported: what it changes would be lost");
}

TEST_CASE("names the key of missing keys without a default, wrong types and values") {
  CHECK(sentence_about(R"({"model_type": "palm", "dim": 64, "num_tokens": 9})") ==
        "config.json: key \"num_hidden_layers\" or \"n_layer\" or \"num_layers\" or \"depth\" or \"n_layers\" or "
        "\"encoder_layers\" is missing");
  check_text(sentence_about(R"({"model_type": "gpt2", "n_layer": "3"})"),
             {.begins = "config.json: key \"n_layer\": expected a whole number from 1 to ", .ends = ", found \"3\""});
  for (const char* layers : {"0", "-1", "2.5", "1e2", "true", "[1]", "9223372036854775808", "100000000"})
    check_text(sentence_about(std::string(R"({"model_type": "gpt2", "n_layer": )") + layers + "}"),
               {.holds = "key \"n_layer\": expected a whole number"});
  CHECK(sentence_about(R"({"model_type": "gpt2", "scale_attn_weights": 1})") ==
        "config.json: key \"scale_attn_weights\": expected true or false, found 1");
  CHECK(sentence_about(R"({"model_type": "gpt2", "layer_norm_epsilon": -1})") ==
        "config.json: key \"layer_norm_epsilon\": expected a number from 0 to below 1, found -1");
  CHECK(sentence_about(R"({"model_type": "llama", "rms_norm_eps": 1e300})") ==
        "config.json: key \"rms_norm_eps\": expected a number from 0 to below 1, found 1e+300");
  check_text(sentence_about(R"({"model_type": "gpt2", "activation_function": "laplace"})"),
             {.holds = "key \"activation_function\": expected one of", .ends = "found \"laplace\""});
  check_text(sentence_about(R"({"model_type": "openai-gpt", "afn": "quick_gelu"})"), {.holds = "key \"afn\""});
  check_text(sentence_about(R"({"model_type": "t5", "feed_forward_proj": "geglu"})"),
             {.holds = "key \"feed_forward_proj\": expected one of \"relu\""});
  check_text(sentence_about(R"({"model_type": "gpt_neo", "attention_types": [["local", 2]]})"),
             {.holds = "key \"attention_types\" = [[\"local\", 2]] is not supported: expected lists of"});
  check_text(sentence_about(R"({"model_type": "gpt_neo", "attention_types": [[["global"], 9223372036854775807]]})"),
             {.holds = "key \"attention_types\": expected a kind of attention for each of 24 layers"});
  check_text(sentence_about(R"({"model_type": "roberta", "pad_token_id": 9223372036854775807})"),
             {.holds = "key \"pad_token_id\": expected an id below"});
}

TEST_CASE("rejects numbers that do not fit together before a compiler sees them") {
  CHECK(sentence_about(R"({"model_type": "gpt2", "n_embd": 10, "n_head": 3})") ==
        "config.json: key \"n_embd\": expected a multiple of key \"n_head\" = 3, found 10");
  CHECK(sentence_about(R"({"model_type": "llama", "num_key_value_heads": 5})") ==
        "config.json: key \"num_attention_heads\": expected a multiple of key \"num_key_value_heads\" = 5, found 32");
  check_text(sentence_about(R"({"model_type": "palm", "dim": 6, "depth": 1, "num_tokens": 9, "dim_head": 3})"),
             {.holds = "expected an even number"});
  check_text(sentence_about(R"({"model_type": "albert", "num_hidden_groups": 13})"),
             {.holds = "expected no more than key \"num_hidden_layers\" = 12, found 13"});
  check_text(sentence_about(R"({"model_type": "roberta", "max_position_embeddings": 2})"),
             {.holds = "expected more than 2, the first position's row, found 2"});
  check_text(sentence_about(R"({"model_type": "t5", "relative_attention_max_distance": 16})"),
             {.holds = "more than half of the 32 buckets, found 16"});
  CHECK(sentence_about(R"({"model_type": "gpt2"})", {.name = "long", .context = 1025}) ==
        "config.json: a context of 1025 tokens is asked for: expected no more than the model's 1024");
  check_text(sentence_about(R"({"model_type": "llama", "hidden_size": 67108864, "num_attention_heads": 1,
                                "intermediate_size": 67108864, "num_hidden_layers": 67108864})"),
             {.holds = "the model is too large"});
}

TEST_CASE("rejects heads that the rest of a file contradicts") {
  CHECK(sentence_about(R"({"model_type": "bert", "architectures": ["BertForQuestionAnswering"],
                           "id2label": {"0": "a", "1": "b", "2": "c"}})") ==
        "config.json: key \"id2label\": expected 2 classes: where an answer begins, and where it ends, found 3");
  check_text(
      sentence_about(R"({"model_type": "bert", "architectures": ["BertForTokenClassification"], "num_labels": 0})"),
      {.holds = "key \"num_labels\": expected a whole number from 1 to"});
  check_text(sentence_about(R"({"model_type": "esm", "vocab_size": 33, "token_dropout": true, "mask_token_id": 33})"),
             {.holds = "key \"mask_token_id\": expected an id below key \"vocab_size\" = 33, found 33"});
  CHECK(sentence_about(R"({"model_type": "esm", "vocab_size": 33})") == "config.json: key \"pad_token_id\" is missing");
  check_text(sentence_about(R"({"model_type": "modernbert", "layer_types": ["full_attention"]})"),
             {.holds = "key \"layer_types\": expected a kind of attention for each of 22 layers, found 1"});
  check_text(sentence_about(R"({"model_type": "deberta-v2", "position_buckets": 256, "max_relative_positions": 128})"),
             {.holds = "key \"position_buckets\": expected from 4 on, and less than twice the largest distance"});
}

TEST_CASE("rejects a wrong command") {
  check_text(command_sentence({}), {.holds = "no folder is given"});
  CHECK(command_sentence({"a", "--context"}) == "--context needs a value");
  CHECK(command_sentence({"a", "-o", ""}) == "-o needs the name of a file");
  for (const char* number : {"0", "-1", "1.5", "x", "", "99999999999999999999"})
    check_text(command_sentence({"a", "--batch", number}), {.holds = "is not a whole number from 1 to "});
  for (const char* name : {"3d", "a-b", "class", "typeformer", "", "_a", "a__b", "main", "config", "index", "a_", "log",
                           "errno", "size_t", "EOF", "si_addr"})
    check_text(command_sentence({"a", "--name", name}), {.ends = "is not the name of a C++ type"});
  check_text(command_sentence({"a", "b"}), {.holds = "\"b\" is not understood"});
  check_text(command_sentence({"a", "--format", "f64"}), {.holds = "expected f32, bf16, int8 or int4"});
  check_text(command_sentence({"a", "--lanes", "3"}), {.holds = "expected 1, 4, 8 or 16"});
  check_text(command_sentence({"a", "--golden", ""}), {.holds = "--golden needs a value"});
  check_text(command_sentence({"a", "--golden", "1"}), {.holds = "--golden is an option of --embed"});
  check_text(command_sentence({"--frob"}), {.holds = "\"--frob\" is not understood"});
}

TEST_CASE("names a type like its folder as far as C++ allows it") {
  CHECK(importing::parse_command({"/models/TinyLlama-1.1B/"})->request.name == "tinyllama_1_1b");
  CHECK(importing::parse_command({"/models/7B"})->request.name == "model_7b");
  CHECK(importing::parse_command({"/models/log"})->request.name == "model_log");
  CHECK(importing::parse_command({"/models/__GPT__2__"})->request.name == "gpt_2");
  CHECK(importing::parse_command({"/models/size_t"})->request.name == "model_size_t_model");
  CHECK(importing::parse_command({"/models/---"})->request.name == "model");
  CHECK(importing::parse_command({"/models/TinyLlama-1.1B"})->header == "tinyllama_1_1b.hpp");
}

TEST_CASE("rejects settings of searches only if published texts must be found again") {
  const importing::import_request published{.name = "imported", .searches_are_published = true};
  const std::string json = R"({"model_type": "gpt2", "repetition_penalty": 1.2, "temperature": 0.7})";
  CHECK(sentence_about(json).empty());
  CHECK(sentence_about(json, published) ==
        "config.json: key \"repetition_penalty\" = 1.2 is not supported: expected 1");
  CHECK(sentence_about(R"({"model_type": "gpt2", "repetition_penalty": 1.0, "min_length": 0, "max_new_tokens": null})",
                       published)
            .empty());
  check_text(sentence_about(R"({"model_type": "t5", "suppress_tokens": [1]})", published),
             {.holds = "\"suppress_tokens\" = [1]"});
}

TEST_CASE("has one table of names of functions, which also serves the names of T5's feed-forward") {
  const auto type_of = [](const std::string& json) {
    const auto model = importing::read_model(json, "config.json", {.name = "imported"});
    return model ? model->type() : model.error().message();
  };
  for (const auto& [name, function] :
       {std::pair{"mish", "mish"}, {"relu2", "squared_relu"}, {"gelu_python", "gelu_erf"}}) {
    check_text(type_of(std::string(R"({"model_type": "gpt2", "activation_function": ")") + name + "\"}"),
               {.ends = std::string("typeformer::") + function + ">"});
    check_text(type_of(std::string(R"({"model_type": "t5", "feed_forward_proj": "gated-)") + name + "\"}"),
               {.holds = ".gated = true", .ends = std::string("typeformer::") + function + ">"});
  }
  check_text(type_of(R"({"model_type": "t5", "feed_forward_proj": "gated-gelu"})"), {.ends = "typeformer::gelu_tanh>"});
}
