// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/formats/gguf_families.hpp>
#include <typeformer/hosted/formats/stored_order.hpp>

namespace typeformer {

/// The numbers of a model that the orders of its tensors depend on. 0: not known.
struct gguf_heads {
  std::int64_t queries = 0, keys = 0;
};

/// A tensor's other name, and how its order in GGUF differs from Hugging Face's.
struct gguf_renamed {
  std::string name;
  stored_order order = {};
  bool lacks_heads = false;  ///< the order depends on a number of heads that is not known, or does not divide the rows
};

namespace detail {

/// The text for `*` in `pattern` if it is `name`; an empty one for a pattern without `*`.
TYPEFORMER_RARE inline std::optional<std::string_view> number_in_name(std::string_view pattern, std::string_view name) {
  const std::size_t star = pattern.find('*');
  if (star == pattern.npos) return pattern == name ? std::optional<std::string_view>("") : std::nullopt;
  const std::string_view ending = pattern.substr(star + 1);
  if (name.size() < star + 1 + ending.size() || !name.starts_with(pattern.substr(0, star)) || !name.ends_with(ending))
    return std::nullopt;
  const std::string_view number = name.substr(star, name.size() - star - ending.size());
  if (number.find_first_not_of("0123456789") != number.npos) return std::nullopt;
  return number;
}
TYPEFORMER_RARE inline std::string with_number(std::string_view pattern, std::string_view number) {
  const std::size_t star = pattern.find('*');
  if (star == pattern.npos) return std::string(pattern);
  return joined({pattern.substr(0, star), number, pattern.substr(star + 1)});
}

TYPEFORMER_RARE inline stored_order order_of_change(gguf_change change, const gguf_family& family, gguf_heads heads,
                                                    std::int64_t rows, bool& lacks_heads) {
  const auto divided = [&](std::int64_t by) {
    lacks_heads = by <= 0 || rows % by != 0;
    return lacks_heads ? 1 : rows / by;
  };
  switch (change) {
    case gguf_change::none: return {};
    case gguf_change::transposed: return {.is_transposed = true};
    case gguf_change::part_by_part: return {.outer = heads.queries, .inner = 3, .run = divided(3 * heads.queries)};
    default: break;
  }
  if (!family.rotates_adjacently) return {};
  const bool is_of_keys = change == gguf_change::rotates_keys_adjacently;
  return {.outer = 2, .inner = divided(2 * (is_of_keys ? heads.keys : heads.queries))};
}

}  // namespace detail

/// Translates between the names in a family's GGUF files and Hugging Face's.
class gguf_names {
 public:
  /// `is_gated`: the feed-forward has a gate.
  gguf_names(const gguf_family& family, gguf_heads heads, bool is_gated, rotary_order pairs = rotary_order::half_split)
      : family_{family}, heads_{heads}, is_gated_{is_gated}, pairs_{pairs} {}

  /// Hugging Face's name for a tensor of a GGUF file whose first extent is `rows`. No value: it has none.
  std::optional<gguf_renamed> read(std::string_view stored, std::int64_t rows) const {
    return translated(stored, rows, &gguf_name_rule::stored, &gguf_name_rule::read);
  }
  /// GGUF's name for one of Hugging Face's, which may lack the body's prefix (`model.`, `transformer.`).
  std::optional<gguf_renamed> write(std::string_view name, std::int64_t rows) const {
    auto renamed = translated(name, rows, &gguf_name_rule::read, &gguf_name_rule::stored);
    const std::string_view body = family_.rest.front().read;
    if (renamed) return renamed;
    return translated(detail::joined({body.substr(0, body.find('.') + 1), name}), rows, &gguf_name_rule::read,
                      &gguf_name_rule::stored);
  }
  /// Whether llama.cpp's converter leaves a tensor out: buffers that follow from the configuration, and BERT's heads.
  static bool is_left_out(std::string_view name) {
    for (const std::string_view ending :
         {".attn.bias", ".attn.masked_bias", ".attention.bias", ".attention.masked_bias", ".rotary_emb.inv_freq",
          "embeddings.position_ids", "pooler.dense.weight", "pooler.dense.bias"})
      if (name.ends_with(ending)) return true;
    return name.starts_with("cls.");
  }

 private:
  using name_of_rule = std::string_view gguf_name_rule::*;

  TYPEFORMER_RARE std::optional<gguf_renamed> translated(std::string_view name, std::int64_t rows, name_of_rule from,
                                                         name_of_rule to) const {
    const std::size_t dot = name.rfind('.');
    if (dot == name.npos) return std::nullopt;
    const std::string_view base = name.substr(0, dot), ending = name.substr(dot);
    const bool is_weight = ending == ".weight";
    if (!is_weight && ending != ".bias") return std::nullopt;
    for (const auto& rules : {family_.first, family_.rest})
      for (const gguf_name_rule& rule : rules) {
        if (rule.is_for_gated && !is_gated_) continue;
        const auto number = detail::number_in_name(rule.*from, base);
        if (!number) continue;
        gguf_renamed other{detail::joined({detail::with_number(rule.*to, *number), ending})};
        const bool is_of_turned_rows =
            rule.change == gguf_change::rotates_adjacently || rule.change == gguf_change::rotates_keys_adjacently;
        if (!(rule.change == gguf_change::transposed && !is_weight) &&
            !(is_of_turned_rows && pairs_ == rotary_order::adjacent))
          other.order = detail::order_of_change(rule.change, family_, heads_, rows, other.lacks_heads);
        if (is_weight && rule.stored.ends_with("norm")) other.order.added = family_.added_to_norms;
        return other;
      }
    return std::nullopt;
  }

  const gguf_family& family_;
  gguf_heads heads_;
  bool is_gated_;
  rotary_order pairs_;
};

/// The families whose rules contain all of the names; Hugging Face's, or with `stored` GGUF's.
template <class Names> std::vector<std::string_view> families_with_names(const Names& names, bool stored = false) {
  std::vector<std::string_view> found;
  for (const gguf_family& family : gguf_families) {
    const gguf_names translator{family, {}, true}, other{family, {}, false};
    bool has_all = names.begin() != names.end();
    for (const auto& name : names)
      has_all =
          has_all && (gguf_names::is_left_out(name) || (stored ? translator.read(name, 0) || other.read(name, 0)
                                                               : translator.write(name, 0) || other.write(name, 0)));
    if (has_all) found.push_back(family.model_type);
  }
  return found;
}

}  // namespace typeformer
