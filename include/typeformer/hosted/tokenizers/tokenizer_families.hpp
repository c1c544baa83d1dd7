// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <string_view>

namespace typeformer {

/// How the tokens of a family's vocabulary are numbered.
enum class piece_order {
  as_stored,
  xlm_roberta,  ///< `<s> <pad> </s> <unk>`, the pieces from the fourth on, and `<mask>`
  camembert,    ///< four others, `<unk>NOTUSED`, the pieces from the second on, and `<mask>`
  mbart,        ///< as XLM-RoBERTa's, with the codes of languages before `<mask>`
  mbart50,
  pegasus,  ///< `<pad> </s>`, masks and 101 unknown tokens, and the pieces from the third on
  t5,       ///< the pieces, and `<extra_id_99>` to `<extra_id_0>`
  mask_last
};

/// How special tokens stand between two texts.
enum class pair_form {
  segments,  ///< `begin A end B end`; the second text has segment 1
  plain,     ///< the same without segments
  doubled,   ///< `begin A end end B end`
  joined,    ///< `begin A B end`
  repeated   ///< `begin A end begin B end`
};

/// What a family's tokenizer adds to its files, which do not say it (Hugging Face's transformers, `tokenization_….py`).
struct tokenizer_family {
  std::string_view name;                          ///< `tokenizer_class`, without `Tokenizer` and `Fast`
  std::array<std::string_view, 4> model_types{};  ///< of `config.json`, where there is no `tokenizer_class`
  std::string_view begin{}, end{};                ///< around a text; `language` stands for the source's
  pair_form pair = pair_form::doubled;
  piece_order order = piece_order::as_stored;
  bool mask_strips_left = true;  ///< the mask token takes the space before it
  std::string_view last{};       ///< after `end`

  static constexpr std::string_view language = "src_lang";
};

inline constexpr auto tokenizer_families = std::to_array<tokenizer_family>({
    {"Roberta", {"roberta", "bart", "longformer", "led"}, "<s>", "</s>"},
    {"Bart", {"mvp"}, "<s>", "</s>"},
    {"Longformer", {}, "<s>", "</s>"},
    {"LED", {}, "<s>", "</s>"},
    {"MPNet", {"mpnet"}, "<s>", "</s>"},
    {"XLMRoberta",
     {"xlm-roberta", "xlm-roberta-xl", "xmod"},
     "<s>",
     "</s>",
     pair_form::doubled,
     piece_order::xlm_roberta},
    {"Camembert", {"camembert"}, "<s>", "</s>", pair_form::doubled, piece_order::camembert},
    {"MBart", {"mbart"}, "", "</s>", pair_form::joined, piece_order::mbart, true, tokenizer_family::language},
    {"MBart50", {}, tokenizer_family::language, "</s>", pair_form::joined, piece_order::mbart50},
    {"Albert", {"albert"}, "[CLS]", "[SEP]", pair_form::segments},
    {"BigBird", {"big_bird"}, "[CLS]", "[SEP]", pair_form::segments},
    {"DebertaV2", {"deberta-v2"}, "[CLS]", "[SEP]", pair_form::segments, piece_order::mask_last, false},
    {"T5", {"t5", "mt5", "umt5", "longt5"}, "", "</s>", pair_form::plain, piece_order::t5},
    {"MT5", {}, "", "</s>", pair_form::plain, piece_order::t5},
    {"Pegasus", {"pegasus"}, "", "</s>", pair_form::joined, piece_order::pegasus},
    {"Marian", {"marian"}, "", "</s>", pair_form::joined},
    {"Esm", {"esm"}, "<cls>", "<eos>", pair_form::plain},
});

/// The family of a `tokenizer_class`, or else of a `model_type`; null if there is none.
constexpr const tokenizer_family* family_of_tokenizer(std::string_view tokenizer_class, std::string_view model_type) {
  if (tokenizer_class.ends_with("Fast")) tokenizer_class.remove_suffix(4);
  for (const tokenizer_family& family : tokenizer_families) {
    constexpr std::string_view ending = "Tokenizer";
    if (tokenizer_class.size() == family.name.size() + ending.size() && tokenizer_class.starts_with(family.name) &&
        tokenizer_class.ends_with(ending))
      return &family;
  }
  for (const tokenizer_family& family : tokenizer_families)
    for (const std::string_view type : family.model_types)
      if (tokenizer_class.empty() && !type.empty() && type == model_type) return &family;
  return nullptr;
}

}  // namespace typeformer
