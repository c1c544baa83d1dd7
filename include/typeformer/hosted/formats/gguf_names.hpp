// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/formats/detail/gguf_name_pattern.hpp>
#include <typeformer/hosted/formats/gguf_families.hpp>
#include <typeformer/hosted/formats/stored_order.hpp>

namespace typeformer {

/// What the names and orders of a model's tensors depend on.
struct gguf_facts {
  std::int64_t query_heads = 0, key_heads = 0;  ///< 0: not known
  std::int64_t padding_rows = 2;                ///< before a table of positions that counts from after the padding
  bool has_gate = true;                         ///< in the feed-forward
  bool has_second_norm = true;                  ///< before the attention
  bool names_classes = true;
};

/// A tensor's other name, and how its order in GGUF differs from Hugging Face's.
struct gguf_renamed {
  std::string name;
  stored_order order = {};
  bool lacks_heads = false;  ///< the order depends on a number of heads that is not known, or does not divide the rows
  bool is_fused =
      false;            ///< queries, keys and values are tensors of Hugging Face's; their letter takes the place of `?`
  bool is_row = false;  ///< Hugging Face's tensor is a row of GGUF's; its number takes the place of `#` in `name`
  std::int64_t row = 0;  ///< this number, if `name` is GGUF's
};

namespace detail {

TYPEFORMER_RARE inline stored_order order_of_change(gguf_change change, const gguf_facts& facts, std::int64_t rows,
                                                    bool& lacks_heads) {
  const std::int64_t queries = facts.query_heads, keys = facts.key_heads;
  const auto divided = [&](std::int64_t by) {
    lacks_heads = by <= 0 || rows <= 0 || rows % by != 0;
    return lacks_heads ? 1 : rows / by;
  };
  switch (change) {
    case gguf_change::none: return {};
    case gguf_change::transposed: return {.is_transposed = true};
    case gguf_change::without_padding_rows: return {.absent_rows = std::min(facts.padding_rows, rows)};
    case gguf_change::rotates_adjacently: return {.outer = 2, .inner = divided(2 * queries)};
    case gguf_change::rotates_keys_adjacently: return {.outer = 2, .inner = divided(2 * keys)};
    case gguf_change::part_by_part: break;
  }
  const std::int64_t run = divided(keys > 0 && queries % keys == 0 ? queries + 2 * keys : 0);
  return lacks_heads ? stored_order{} : stored_order{.outer = keys, .inner = 3, .run = run, .first = queries / keys};
}

}  // namespace detail

/// Translates between the names in a family's GGUF files and Hugging Face's.
class gguf_names {
 public:
  gguf_names(const gguf_family& family, const gguf_facts& facts, rotary_order pairs = rotary_order::half_split)
      : family_{family}, facts_{facts}, pairs_{pairs} {}

  /// Hugging Face's name for a tensor of a GGUF file whose first extent is `rows`. No value: it has none.
  TYPEFORMER_RARE std::optional<gguf_renamed> read(std::string_view stored, std::int64_t rows) const {
    std::string_view ending;
    const std::string_view base = without_ending(stored, ending);
    for (const auto& rules : {family_.first, family_.rest})
      for (const gguf_name_rule& rule : rules) {
        if (rule.use == gguf_rule_use::with_gate && !facts_.has_gate) continue;
        if (rule.use == gguf_rule_use::with_second_norm && !facts_.has_second_norm) continue;
        if (ending.empty()) continue;
        const auto found = detail::match_numbers(rule.stored, base);
        if (!found) continue;
        gguf_renamed other{detail::name_with_number(full(rule), found->block)};
        other.is_row = other.name.ends_with('#');
        other.is_fused = other.name.find('?') != other.name.npos;
        other.name += ending;
        set_order(other, rule, ending, rows);
        return other;
      }
    return std::nullopt;
  }
  /// GGUF's name for one of Hugging Face's, which may lack the body's, such as `model.`.
  TYPEFORMER_RARE std::optional<gguf_renamed> write(std::string_view name, std::int64_t rows) const {
    std::string_view ending;
    const std::string_view base = without_ending(name, ending);
    for (const auto& rules : {family_.first, family_.rest})
      for (const gguf_name_rule& rule : rules) {
        if (rule.use == gguf_rule_use::never) continue;
        if (rule.use == gguf_rule_use::with_unnamed_classes && facts_.names_classes) continue;
        if (ending.empty() || (rule.stored == "output" && !family_.has_output)) continue;
        auto found = detail::match_numbers(full(rule), base);
        if (!found && rule.read.starts_with('.')) found = detail::match_numbers(rule.read.substr(1), base);
        if (!found) continue;
        gguf_renamed other{detail::joined({detail::name_with_number(rule.stored, found->block), ending})};
        other.is_row = !found->row.empty();
        for (const char digit : found->row) other.row = 10 * other.row + (digit - '0');
        set_order(other, rule, ending, rows);
        return other;
      }
    return std::nullopt;
  }
  const gguf_facts& facts() const { return facts_; }
  /// Whether llama.cpp has no use for one of Hugging Face's tensors: buffers that follow from the configuration, heads of
  /// masked tokens, and a head that is the token table.
  TYPEFORMER_RARE bool leaves_out(std::string_view name) const {
    for (const std::string_view ending :
         {".attn.bias", ".attn.masked_bias", ".attention.bias", ".attention.masked_bias", ".rotary_emb.inv_freq",
          ".rotary.inv_freq", "embeddings.position_ids"})
      if (name.ends_with(ending)) return true;
    if (!family_.has_output && name == "lm_head.weight") return true;
    for (const std::string_view beginning : family_.unused)
      if (name.starts_with(beginning.starts_with('.') ? detail::joined({family_.body, beginning}) : beginning) ||
          (beginning.starts_with('.') && name.starts_with(beginning.substr(1))))
        return true;
    return false;
  }

 private:
  /// A name without its ending, and that: `.weight` or `.bias`, which older files call `.gamma` and `.beta`; or empty.
  static std::string_view without_ending(std::string_view name, std::string_view& ending) {
    constexpr std::string_view endings[][2] = {
        {".weight", ".weight"}, {".bias", ".bias"}, {".gamma", ".weight"}, {".beta", ".bias"}};
    for (const auto& [given, meant] : endings)
      if (name.ends_with(given)) return ending = meant, name.substr(0, name.size() - given.size());
    return name;
  }
  std::string full(const gguf_name_rule& rule) const {
    return rule.read.starts_with('.') ? detail::joined({family_.body, rule.read}) : std::string(rule.read);
  }
  void set_order(gguf_renamed& other, const gguf_name_rule& rule, std::string_view ending, std::int64_t rows) const {
    const bool is_weight = ending == ".weight";
    const bool is_of_turned_rows =
        rule.change == gguf_change::rotates_adjacently || rule.change == gguf_change::rotates_keys_adjacently;
    const bool stays = is_of_turned_rows ? !family_.rotates_adjacently || pairs_ == rotary_order::adjacent
                                         : rule.change == gguf_change::transposed && !is_weight;
    if (!stays) other.order = detail::order_of_change(rule.change, facts_, rows, other.lacks_heads);
    if (is_weight && rule.stored.ends_with("norm")) other.order.added = family_.added_to_norms;
  }

  const gguf_family& family_;
  gguf_facts facts_;
  rotary_order pairs_;
};

/// The families whose rules contain all of the names; Hugging Face's, or with `stored` GGUF's.
template <class Names> std::vector<std::string_view> families_with_names(const Names& names, bool stored = false) {
  std::vector<std::string_view> found;
  for (const gguf_family& family : gguf_families) {
    const gguf_names translator{family, {}}, other{family, {.has_gate = false, .has_second_norm = false}};
    bool has_all = names.begin() != names.end();
    for (const auto& name : names)
      has_all = has_all && (stored ? translator.read(name, 0) || other.read(name, 0)
                                   : translator.leaves_out(name) || translator.write(name, 0));
    if (has_all && std::find(found.begin(), found.end(), family.model_type) == found.end())
      found.push_back(family.model_type);
  }
  return found;
}

}  // namespace typeformer
