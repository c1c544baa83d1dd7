// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/text/chat_template.hpp>

#include "compiled/loaded_model.hpp"
#include "encoder_answer.hpp"
#include "encoder_reader.hpp"
#include "generation.hpp"
#include "model_folder.hpp"
#include "text_codec.hpp"

namespace running {

/// A text for a model.
struct text_request {
  std::string text;
  std::optional<std::string> pair{};   ///< a second text, for an encoder
  std::vector<tf::chat_turn> turns{};  ///< instead of the text
  std::string system{};                ///< before a text that is a turn
  bool is_turn = false;                ///< the text is what a user says
  generation_settings how{};
};

/// A folder's model and its texts.
class text_model {
 public:
  text_model(std::unique_ptr<loaded_model> model, model_folder folder, text_codec codec)
      : model_{std::move(model)}, folder_{std::move(folder)}, codec_{std::move(codec)} {
    const model_facts facts = model_->facts();
    if (facts.kind == model_kind::encoder) codec_.limit(facts.context);
    if (facts.kind == model_kind::encoder_decoder) codec_.end_sources();
  }

  model_facts facts() const { return model_->facts(); }
  bool is_encoder() const { return facts().kind == model_kind::encoder; }
  bool has_chat() const { return codec_.has_chat(); }

  /// The text that a decoder or an encoder-decoder writes. Errors, as a sentence.
  template <class OnPiece> text_writer::outcome write(const text_request& request, OnPiece on_piece) {
    const model_facts facts = model_->facts();
    generation_settings how = request.how;
    auto ids = tokens_of(request);
    if (!ids) return tf::failure{ids.error()};
    std::vector<std::int32_t> source;
    how.continues_prompt = facts.kind == model_kind::decoder && !is_chat(request);
    if (facts.kind == model_kind::encoder_decoder) {
      if (folder_.begins.empty())
        return tf::failure{folder_.path + "/config.json: key \"decoder_start_token_id\" is missing"};
      source = std::exchange(*ids, folder_.begins);
      if (std::int64_t(source.size()) > facts.source)
        return tf::failure{"the text has " + std::to_string(source.size()) + " tokens; the context holds " +
                           std::to_string(facts.source) + " (see --context)"};
    }
    if (std::string why = model_->start(source); !why.empty()) return tf::failure{why};
    return text_writer{*model_, codec_.tokens(), codec_.ends(), folder_.banned}.write(*ids, how, on_piece);
  }

  /// What an encoder says of a text. Errors, as a sentence.
  encoder_reader::outcome read(const text_request& request) {
    return encoder_reader{*model_, folder_, codec_}.read(request.text, request.pair ? &*request.pair : nullptr);
  }

 private:
  static bool is_chat(const text_request& request) { return request.is_turn || !request.turns.empty(); }

  text_codec::outcome<text_codec::ids> tokens_of(const text_request& request) {
    if (!request.turns.empty()) return codec_.encode_turns(request.turns);
    if (!request.is_turn) {
      auto ids = codec_.encode(request.text);
      // A text without tokens begins where texts end, as GPT-2's do.
      if (ids && ids->empty() && !codec_.ends().empty()) ids->push_back(codec_.ends().front());
      return ids;
    }
    std::vector<tf::chat_turn> turns;
    if (!request.system.empty()) turns.push_back({"system", request.system});
    turns.push_back({"user", request.text});
    return codec_.encode_turns(turns);
  }

  std::unique_ptr<loaded_model> model_;
  model_folder folder_;
  text_codec codec_;
};

}  // namespace running
