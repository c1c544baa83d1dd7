// SPDX-License-Identifier: BSL-1.0
#include <import/read_model.hpp>

#include <string>

#include <support/catch.hpp>

namespace {

/// The error of a config.json; empty if there is none.
std::string sentence_about(const std::string& json, const importing::import_request& request = {.name = "imported"}) {
  const auto model = importing::read_model(json, "config.json", request);
  return model ? "" : model.error().message();
}

}  // namespace

TEST_CASE("rejects an encoder-decoder of another kind than its family's") {
  CHECK(sentence_about(R"({"model_type": "bart", "normalize_before": true})") ==
        "config.json: key \"normalize_before\" = true is not supported: expected false");
  CHECK(sentence_about(R"({"model_type": "mbart", "normalize_embedding": false})") ==
        "config.json: key \"normalize_embedding\" = false is not supported: expected true");
  CHECK(sentence_about(R"({"model_type": "pegasus", "static_position_embeddings": false})") ==
        "config.json: key \"static_position_embeddings\" = false is not supported: expected true");
  CHECK(sentence_about(R"({"model_type": "marian", "add_final_layer_norm": true})") ==
        "config.json: key \"add_final_layer_norm\" = true is not supported: expected false");
  CHECK(sentence_about(R"({"model_type": "whisper", "is_encoder_decoder": false})") ==
        "config.json: key \"is_encoder_decoder\" = false is not supported: expected true");
  CHECK(sentence_about(R"({"model_type": "bart", "architectures": ["BartForCausalLM"]})") ==
        "config.json: key \"architectures\" = [\"BartForCausalLM\"] is not supported: expected "
        "[\"BartForConditionalGeneration\"] or [\"BartModel\"]");
}

TEST_CASE("rejects numbers of an encoder-decoder that contradict one another") {
  CHECK(sentence_about(R"({"model_type": "bart", "encoder_layers": 3, "num_hidden_layers": 2})") ==
        "config.json: key \"num_hidden_layers\" = 2 and key \"encoder_layers\" = 3 mean the same thing: expected one "
        "value, found two");
  CHECK(sentence_about(R"({"model_type": "mbart", "d_model": 48, "decoder_attention_heads": 5,
                           "encoder_attention_heads": 4})") ==
        "config.json: key \"d_model\": expected a multiple of key \"decoder_attention_heads\" = 5, found 48");
  CHECK(sentence_about(R"({"model_type": "marian", "vocab_size": 60000, "decoder_vocab_size": 50000})") ==
        "config.json: key \"decoder_vocab_size\": expected as many as key \"vocab_size\" = 60000, found 50000");
  CHECK(sentence_about(R"({"model_type": "marian", "vocab_size": 60000, "decoder_vocab_size": 50000,
                           "share_encoder_decoder_embeddings": false})") ==
        "config.json: key \"pad_token_id\": expected an id below key \"decoder_vocab_size\" = 50000, found 58100");
  CHECK(sentence_about(R"({"model_type": "marian", "d_model": 45, "encoder_attention_heads": 5,
                           "decoder_attention_heads": 5})") ==
        "config.json: key \"d_model\": expected an even number, found 45");
}

TEST_CASE("scales the logits of a tied head only") {
  CHECK(sentence_about(R"({"model_type": "umt5", "scale_decoder_outputs": false, "tie_word_embeddings": false})")
            .empty());
  CHECK(sentence_about(R"({"model_type": "t5", "scale_decoder_outputs": true})").empty());
  CHECK(sentence_about(R"({"model_type": "t5", "scale_decoder_outputs": true, "tie_word_embeddings": false})") ==
        "config.json: key \"scale_decoder_outputs\" = true is not supported: expected false, where key "
        "\"tie_word_embeddings\" = false");
  CHECK(sentence_about(R"({"model_type": "mt5", "scale_decoder_outputs": true})") ==
        "config.json: key \"scale_decoder_outputs\" = true is not supported: what it changes would be lost");
}

TEST_CASE("ignores settings of Whisper's training and searches, unless a text was made by these") {
  const std::string json = R"({"model_type": "whisper", "suppress_tokens": [1, 2], "forced_decoder_ids": [[1, 5]],
                               "mask_time_prob": 0.05, "apply_spec_augment": true, "scale_embedding": true})";
  CHECK(sentence_about(json).empty());
  CHECK(sentence_about(json, {.name = "imported", .searches_are_published = true}) ==
        "config.json: key \"suppress_tokens\" = [1, 2] is not supported: what it changes would be lost");
}
