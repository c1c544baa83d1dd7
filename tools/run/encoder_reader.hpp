// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/objectives/likeliest_answer.hpp>
#include <typeformer/text/token_encoding.hpp>

#include "compiled/loaded_model.hpp"
#include "encoder_answer.hpp"
#include "model_folder.hpp"
#include "text_codec.hpp"

namespace running {

/// Computes the answers of an encoder by its architecture.
class encoder_reader {
 public:
  using outcome = tf::result<encoder_answer, std::string>;

  encoder_reader(loaded_model& model, const model_folder& folder, text_codec& codec)
      : model_{model}, folder_{folder}, codec_{codec} {}

  /// `pair` may be null. Errors, as a sentence: the tokenizer's and the model's; a text that does not suit the model.
  outcome read(const std::string& text, const std::string* pair) {
    const auto encoding = codec_.encode_whole(text, pair);
    if (!encoding) return tf::failure{encoding.error()};
    encoded_text computed;
    const std::span<const std::int32_t> segments{encoding->type_ids};
    std::string why =
        model_.encode(encoding->ids, model_.facts().segments > 1 ? segments : segments.first(0), computed);
    if (!why.empty()) return tf::failure{why};
    auto answer = answer_of(text, pair, *encoding, computed);
    if (answer) answer->ids = encoding->ids;
    return answer;
  }

 private:
  static constexpr std::size_t most_fills = 5;

  outcome answer_of(const std::string& text, const std::string* pair, const tf::token_encoding& encoding,
                    encoded_text& computed) const {
    const auto is = [&](std::string_view ending) { return folder_.architecture.ends_with(ending); };
    if (is("ForQuestionAnswering")) return passage_of(text, pair, encoding, computed.tokens);
    if (is("ForMaskedLM") || (computed.tokens.width == model_.facts().vocabulary && is("ForPreTraining")))
      return fills_of(encoding, computed.tokens);
    if (is("ForTokenClassification") || is("ForPreTraining")) return labels_of(text, encoding, computed.tokens);
    if (is("ForSequenceClassification")) return classes_of(computed.sequences);
    if (computed.sequences.width > 0) return encoder_answer{"embedding", std::move(computed.sequences)};
    return encoder_answer{"vectors", std::move(computed.tokens)};
  }

  std::string label(std::size_t number) const {
    return number < folder_.labels.size() ? folder_.labels[number] : "LABEL_" + std::to_string(number);
  }
  static double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
  /// Probabilities of logits.
  static std::vector<double> probabilities(std::span<const float> logits) {
    std::vector<double> all(logits.begin(), logits.end());
    const double greatest = *std::ranges::max_element(all);
    double sum = 0;
    for (double& each : all) sum += each = std::exp(each - greatest);
    for (double& each : all) each /= sum;
    return all;
  }
  static void sort(std::vector<scored_part>& parts) {
    std::ranges::stable_sort(parts, [](const auto& a, const auto& b) { return a.score > b.score; });
  }

  /// One number is a score; several are logits.
  outcome classes_of(const number_rows& rows) const {
    const auto logits = rows.row(0);
    std::vector<scored_part> parts;
    const std::vector<double> shares = probabilities(logits);
    for (std::size_t i = 0; i < logits.size(); ++i) {
      const double score = logits.size() == 1               ? double(logits[i])
                           : folder_.has_independent_labels ? sigmoid(logits[i])
                                                            : shares[i];
      parts.push_back({.label = label(i), .score = score});
    }
    sort(parts);
    return encoder_answer{"classes", {}, {std::move(parts)}};
  }

  outcome labels_of(const std::string& text, const tf::token_encoding& encoding, const number_rows& rows) const {
    std::vector<scored_part> parts;
    for (std::size_t i = 0; i < encoding.size(); ++i) {
      if (encoding.special_mask[i] != 0 || encoding.type_ids[i] != 0) continue;
      const auto logits = rows.row(std::int64_t(i));
      const std::vector<double> shares = probabilities(logits);
      const auto best = std::size_t(std::ranges::max_element(shares) - shares.begin());
      const tf::text_range range = encoding.offsets[i];
      // ELECTRA's discriminator has one number a token: that it was replaced.
      const bool is_one = logits.size() == 1;
      parts.push_back({text.substr(range.begin, range.end - range.begin), is_one ? "replaced" : label(best),
                       is_one ? sigmoid(logits[0]) : shares[best], range, true});
    }
    return encoder_answer{"tokens", {}, {std::move(parts)}};
  }

  outcome fills_of(const tf::token_encoding& encoding, const number_rows& rows) const {
    encoder_answer made{"fills", {}, {}, true};
    const auto mask = mask_token();
    for (std::size_t i = 0; mask >= 0 && i < encoding.size(); ++i) {
      if (encoding.ids[i] != mask) continue;
      const std::vector<double> shares = probabilities(rows.row(std::int64_t(i)));
      std::vector<std::int32_t> best(shares.size());
      std::iota(best.begin(), best.end(), 0);
      const auto end = best.begin() + std::ptrdiff_t(std::min(most_fills, best.size()));
      std::ranges::partial_sort(
          best, end, [&](std::int32_t a, std::int32_t b) { return shares[std::size_t(a)] > shares[std::size_t(b)]; });
      std::vector<scored_part> parts;
      for (const std::int32_t& id : std::span(best.begin(), end))
        parts.push_back({.text = codec_.tokens().decode({&id, 1}), .score = shares[std::size_t(id)]});
      made.lists.push_back(std::move(parts));
    }
    if (!made.lists.empty()) return made;
    const auto token = mask < 0 ? std::nullopt : codec_.tokens().token(mask);
    return tf::failure{"the model fills in hidden words: expected a text with " +
                       (token ? std::string(*token) : std::string("a token for them")) + ", found none"};
  }
  std::int32_t mask_token() const {
    for (const std::string_view token : {"[MASK]", "<mask>"})
      if (const auto id = codec_.tokens().id_of(token)) return *id;
    return -1;
  }

  outcome passage_of(const std::string& question, const std::string* passage, const tf::token_encoding& encoding,
                     const number_rows& rows) const {
    if (passage == nullptr || rows.width != 2)
      return tf::failure{std::string("the model answers questions: expected a question and a passage, found one text")};
    const auto before = codec_.plain_size(question);
    if (!before) return tf::failure{before.error()};
    std::vector<std::uint8_t> may_answer(encoding.size());
    for (std::size_t i = 0, count = 0; i < encoding.size(); ++i)  // the passage's tokens come after the question's
      may_answer[i] = encoding.special_mask[i] == 0 && ++count > *before;
    constexpr tf::index_type most_tokens = 30;
    const auto found =
        tf::likeliest_answer(tf::index_type(encoding.size()), tf::rows_view<const float>{rows.numbers.data(), 2},
                             most_tokens, may_answer.data());
    if (found.first < 0) return tf::failure{std::string("the passage has no tokens")};
    const tf::text_range range{encoding.offsets[std::size_t(found.first)].begin,
                               encoding.offsets[std::size_t(found.last)].end};
    return encoder_answer{"answers",
                          {},
                          {{{.text = passage->substr(range.begin, range.end - range.begin),
                             .score = found.score,
                             .range = range,
                             .has_range = true}}}};
  }

  loaded_model& model_;
  const model_folder& folder_;
  text_codec& codec_;
};

}  // namespace running
