// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "readings.hpp"

/// How rows of encoders are read whose value is not simply a member of the preset's configuration.
namespace importing {

/// For rotary positions over the whole width of a head.
inline void even_head_width(model_reader& r, const row&) {
  r.require(head_width_of(r) % 2 == 0, "the width of a head", "an even number, for rotary positions", head_width_of(r));
}
inline void same_as_width(model_reader& r, const row& of) { r.config.only(of.name, r.text_of("width")); }

/// MPNet's code has 1 in place of `pad_token_id`.
inline void padding_of_mpnet(model_reader& r, const row& of) {
  constexpr std::int64_t first = 2;
  const std::int64_t rows = r.value_of("context");
  r.config.find(of.name);
  r.set(of.name, first - 1);
  r.require(rows > first, "context", "more than 2, the first position's row");
  r.set("context", rows - first);
}

/// ESM has rotary positions, or a table that begins as RoBERTa's.
inline void positions_of_esm(model_reader& r, const row& of) {
  const std::string kind = r.config.text(of.name, of.otherwise);
  if (kind != "absolute" && kind != "rotary") r.config.unsupported(of.name, "\"absolute\" or \"rotary\"");
  r.set("rotates", kind == "rotary" ? "true" : "false");
  if (kind == "rotary") r.set("theta", r.config.value("theta", "10000.0"));
  else r.config.find("theta");
}
inline void padding_of_esm(model_reader& r, const row& of) {
  const bool is_absent = r.config.find(of.name) == nullptr;
  if (r.text_of("rotates") != "true" && is_absent) r.config.wrong(of.name, "an id, after which positions are counted");
  else if (is_absent) r.set(of.name, -1);
  else if (r.text_of("rotates") == "true") padding(r, of);
  else padding_before_text(r, of);
}
/// The token whose embeddings are 0; without a key there is none.
inline void mask_of_esm(model_reader& r, const row& of) {
  const tf::json_node* const node = r.config.find(of.name);
  if (r.text_of("drops_tokens") != "true") return;
  const bool is_id = node != nullptr && node->kind == tf::json_kind::integer && node->integer >= 0;
  if (!is_id || node->integer >= r.value_of("vocabulary"))
    return r.config.wrong(of.name, "an id below " + r.described("vocabulary"));
  r.set("mask_id", node->integer);
}

/// A count that may be 0.
inline void segments_or_none(model_reader& r, const row& of) {
  const tf::json_node* const node = r.config.find(of.name);
  if (node == nullptr || (node->kind == tf::json_kind::integer && node->integer == 0)) return;
  if (!is_count(*node)) return r.config.wrong(of.name, "0, or " + std::string(count.expected));
  r.set("segments", node->integer);
}

/// The head of versions 2 and 3 has no matrix of its own, whatever a file says.
inline void head_of_deberta(model_reader& r, const row& of) {
  set_member(r, of);
  if (r.text_of(of.name) == "false") r.set("tied", "true");
}
/// The largest distance, -1 for the context's, and the buckets, -1 for none.
inline void distances_of_deberta(model_reader& r, const row& of) {
  const auto positive = [&](std::string_view key) {
    const tf::json_node* const node = r.config.find(key);
    if (node != nullptr && node->kind != tf::json_kind::integer) r.config.wrong(key, "a whole number");
    return node == nullptr ? std::int64_t{0} : std::max(node->integer, std::int64_t{0});
  };
  const std::int64_t farthest = positive(of.name), buckets = positive("position_buckets");
  if (farthest > 0) r.set("maximum_distance", farthest);
  r.set("position_buckets", buckets);
  const std::int64_t reach = farthest > 0 ? farthest : r.value_of("context");
  r.require(buckets == 0 || (buckets >= 4 && reach - 1 > buckets / 2), "key \"position_buckets\"",
            "from 4 on, and less than twice the largest distance", buckets);
}
/// "c2p" and "p2c", in a list or with | between them.
inline void products_of_deberta(model_reader& r, const row& of) {
  const tf::json_node* const node = r.config.find(of.name);
  const std::string kinds = node == nullptr ? std::string() : r.config.text_of(*node);
  std::string rest = kinds;
  for (const std::string known : {"c2p", "p2c"}) {
    const std::size_t at = rest.find(known);
    if (at != std::string::npos) rest.erase(at, known.size());
  }
  if (rest.find_first_not_of("[]\"|, ") != std::string::npos) r.config.unsupported(of.name, "\"c2p\" and \"p2c\"");
  r.set("has_distance_keys", kinds.find("c2p") != std::string::npos ? "true" : "false");
  r.set("has_distance_queries", kinds.find("p2c") != std::string::npos ? "true" : "false");
}
inline void norm_of_distances(model_reader& r, const row& of) {
  const std::string kind = r.config.text(of.name, of.otherwise);
  if (kind != "layer_norm" && kind != "none") r.config.unsupported(of.name, "\"layer_norm\" or \"none\"");
  r.set("normalizes_distances", kind == "layer_norm" ? "true" : "false");
}

/// Which layers see a window: as `layer_types` lists, or all but every n-th one.
inline void local_layers_of_modernbert(model_reader& r, const row& of) {
  const std::int64_t layers = r.value_of("layers");
  const tf::json_node *const listed = r.config.find(of.name), *const every =
                                                                  r.config.find("global_attn_every_n_layers");
  if (every != nullptr && !is_count(*every)) r.config.wrong("global_attn_every_n_layers", count.expected);
  if (listed == nullptr)
    return r.set_argument("global_every<" + std::to_string(every == nullptr ? 3 : every->integer) + ">");
  std::string numbers;
  std::int64_t found = 0;
  if (listed->kind == tf::json_kind::array)
    r.config.tree().for_each_child(*listed, [&](const tf::json_node& one) {
      const std::string kind = r.config.text_of(one);
      if (kind != "\"full_attention\"" && kind != "\"sliding_attention\"")
        r.config.unsupported(of.name, "a list of \"full_attention\" and \"sliding_attention\"");
      numbers += (found++ == 0 ? "" : ", ") + std::string(kind == "\"sliding_attention\"" ? "1" : "0");
    });
  r.require(found == layers, r.config.named(of.name),
            "a kind of attention for each of " + r.text_of("layers") + " layers", found);
  r.set_argument("listed_rotary_tables<" + numbers + ">");
}

}  // namespace importing
