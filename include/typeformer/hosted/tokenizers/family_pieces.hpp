// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/json_tree.hpp>
#include <typeformer/hosted/tokenizers/json_fields.hpp>
#include <typeformer/hosted/tokenizers/tokenizer_families.hpp>
#include <typeformer/text/sentencepiece_pieces.hpp>
#include <typeformer/text/tokenizer_error.hpp>

namespace typeformer {

namespace detail {

inline constexpr std::string_view mbart_languages =
    "ar_AR cs_CZ de_DE en_XX es_XX et_EE fi_FI fr_XX gu_IN hi_IN it_IT ja_XX kk_KZ ko_KR lt_LT lv_LV my_MM ne_NP nl_XX "
    "ro_RO ru_RU si_LK tr_TR vi_VN zh_CN";
inline constexpr std::string_view mbart50_languages =
    "af_ZA az_AZ bn_IN fa_IR he_IL hr_HR id_ID ka_GE km_KH mk_MK ml_IN mn_MN mr_IN pl_PL ps_AF pt_XX sv_SE sw_KE ta_IN "
    "te_IN th_TH tl_XX uk_UA ur_PK xh_ZA gl_ES sl_SI";

inline void add_languages(std::vector<sentencepiece_piece>& pieces, std::string_view codes) {
  constexpr std::size_t size = 5;
  for (; codes.size() >= size; codes.remove_prefix(codes.size() > size ? size + 1 : size))
    pieces.push_back({std::string(codes.substr(0, size)), 0, sentencepiece_type::control});
}

}  // namespace detail

/// The pieces of a SentencePiece model as a family numbers them. `extra` is the number of T5's `<extra_id_…>`. Error: the
/// model has fewer pieces than the family replaces.
inline result<std::vector<sentencepiece_piece>, tokenizer_error> family_pieces(
    const std::vector<sentencepiece_piece>& stored, piece_order order, std::int64_t extra) {
  constexpr std::size_t replaced = 3;
  if (stored.size() < replaced)
    return failure{tokenizer_error{"expected at least 3 pieces, found " + std::to_string(stored.size())}};
  std::vector<sentencepiece_piece> pieces;
  const auto add = [&](std::initializer_list<std::string_view> texts) {
    for (const std::string_view text : texts)
      pieces.push_back(
          {std::string(text), 0, text == "<unk>" ? sentencepiece_type::unknown : sentencepiece_type::control});
  };
  const auto add_stored = [&](std::size_t from) {
    pieces.insert(pieces.end(), stored.begin() + static_cast<std::ptrdiff_t>(from), stored.end());
  };
  switch (order) {
    case piece_order::as_stored: add_stored(0); break;
    case piece_order::mask_last: add_stored(0), add({"[MASK]"}); break;
    case piece_order::xlm_roberta: add({"<s>", "<pad>", "</s>", "<unk>"}), add_stored(3), add({"<mask>"}); break;
    case piece_order::camembert:
      add({"<s>NOTUSED", "<pad>", "</s>NOTUSED", "<unk>", "<unk>NOTUSED"}), add_stored(1), add({"<mask>"});
      break;
    case piece_order::mbart:
    case piece_order::mbart50:
      add({"<s>", "<pad>", "</s>", "<unk>"}), add_stored(3);
      detail::add_languages(pieces, detail::mbart_languages);
      if (order == piece_order::mbart50) detail::add_languages(pieces, detail::mbart50_languages);
      add({"<mask>"});
      break;
    case piece_order::pegasus:
      add({"<pad>", "</s>", "<mask_1>", "<mask_2>"});
      for (int i = 2; i <= 102; ++i) add({"<unk_" + std::to_string(i) + ">"});
      add_stored(2);
      break;
    case piece_order::t5:
      add_stored(0);
      for (std::int64_t i = extra; i > 0; --i) add({"<extra_id_" + std::to_string(i - 1) + ">"});
      break;
  }
  // A family's own tokens count where the model has the same ones.
  if (order == piece_order::mask_last || order == piece_order::t5)
    for (std::size_t i = stored.size(); i < pieces.size(); ++i)
      for (std::size_t j = 0; j < stored.size(); ++j)
        if (pieces[i].text == stored[j].text) return stored;
  return pieces;
}

/// The pieces of a SentencePiece model with the ids of a `vocab.json`, as Marian's. What is only in the vocabulary, such as
/// the pieces of another language, is not found in texts. Errors: the vocabulary is not an object of ids from 0 on.
inline result<std::vector<sentencepiece_piece>, tokenizer_error> pieces_with_ids(
    const std::vector<sentencepiece_piece>& stored, std::string_view vocabulary_json) {
  const auto tree = parse_json_tree(vocabulary_json, "vocab.json");
  if (!tree) return failure{tokenizer_error{tree.error().message()}};
  json_reader json{*tree};
  std::unordered_map<std::string_view, const sentencepiece_piece*> by_text;
  for (const sentencepiece_piece& each : stored) by_text[each.text] = &each;
  std::size_t count = 0;
  json.for_each(json.root(), [&](const json_node&) { ++count; });
  std::vector<sentencepiece_piece> pieces(count);
  json.for_each(json.root(), [&](const json_node& entry) {
    const std::int32_t id = json.id(entry);
    if (!json.ok()) return;
    if (static_cast<std::size_t>(id) >= count)
      return json.expected("vocab.json", "ids below " + std::to_string(count), std::to_string(id));
    const std::string_view text = json.key(entry);
    const auto found = by_text.find(text);
    const bool is_control = text == "</s>" || text == "<pad>" || text == "<s>";
    pieces[static_cast<std::size_t>(id)] = {std::string(text), found == by_text.end() ? 0 : found->second->score,
                                            text == "<unk>"          ? sentencepiece_type::unknown
                                            : is_control             ? sentencepiece_type::control
                                            : found == by_text.end() ? sentencepiece_type::unused
                                                                     : found->second->type};
  });
  if (!json.ok() || json.root().kind != json_kind::object)
    return failure{tokenizer_error{"vocab.json: " + (json.ok() ? std::string("expected an object") : json.problem())}};
  return pieces;
}

}  // namespace typeformer
