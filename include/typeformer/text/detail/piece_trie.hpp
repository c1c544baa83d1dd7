// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace typeformer::detail {

/// The pieces of a vocabulary as a tree of bytes, with a node for every prefix of a piece.
class piece_trie {
 public:
  using node_number = std::uint32_t;
  static constexpr node_number root = 0;

  struct spelled_piece {
    std::string_view spelling;
    std::int32_t id;
  };
  struct match {
    std::int32_t id;
    std::size_t size;
  };

  /// Precondition: the pieces are distinct, not empty and in ascending order. They are not referenced afterwards.
  explicit piece_trie(const std::vector<spelled_piece>& sorted) {
    struct stretch {
      std::size_t begin, end, depth;  ///< the pieces below a node, and the length of their common prefix
    };
    std::vector<stretch> below{{0, sorted.size(), 0}};
    nodes_.push_back({});
    labels_.push_back(0);
    for (std::size_t number = 0; number < below.size(); ++number) {  // level by level, so that siblings are adjacent
      auto [begin, end, depth] = below[number];
      if (begin < end && sorted[begin].spelling.size() == depth) nodes_[number].id = sorted[begin++].id;
      nodes_[number].first_child = static_cast<node_number>(nodes_.size());
      while (begin < end) {
        const char label = sorted[begin].spelling[depth];
        std::size_t next = begin;
        while (next < end && sorted[next].spelling[depth] == label) ++next;
        nodes_.push_back({});
        labels_.push_back(static_cast<unsigned char>(label));
        below.push_back({begin, next, depth + 1});
        begin = next;
      }
      nodes_[number].after_children = static_cast<node_number>(nodes_.size());
    }
  }

  /// The node of a prefix.
  std::optional<node_number> find(std::string_view spelling) const {
    node_number at = root;
    for (const char byte : spelling) {
      const auto next = child(at, byte);
      if (!next) return {};
      at = *next;
    }
    return at;
  }

  /// The piece that ends at a node; negative: none.
  std::int32_t id(node_number at) const { return nodes_[at].id; }

  /// The longest piece below a node that is a prefix of the text; of size 0 if there is none.
  match longest(node_number from, std::string_view text) const {
    match best{no_piece, 0};
    node_number at = from;
    for (std::size_t size = 1; size <= text.size(); ++size) {
      const auto next = child(at, text[size - 1]);
      if (!next) break;
      at = *next;
      if (nodes_[at].id >= 0) best = {nodes_[at].id, size};
    }
    return best;
  }

  /// The node of a prefix with one more byte.
  std::optional<node_number> child(node_number of, char byte) const {
    const auto label = static_cast<unsigned char>(byte);
    const unsigned char* const end = labels_.data() + nodes_[of].after_children;
    const unsigned char* const found = std::lower_bound(labels_.data() + nodes_[of].first_child, end, label);
    if (found == end || *found != label) return {};
    return static_cast<node_number>(found - labels_.data());
  }

 private:
  static constexpr std::int32_t no_piece = -1;

  struct node {
    node_number first_child = 0, after_children = 0;
    std::int32_t id = no_piece;
  };

  std::vector<node> nodes_;
  std::vector<unsigned char> labels_;  ///< the byte that leads to each node
};

}  // namespace typeformer::detail
