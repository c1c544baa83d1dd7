// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace typeformer {

/// A document as ids: its sentences, or other parts, and their tokens.
using token_document = std::vector<std::vector<std::int32_t>>;

/// A source of documents, a shard at a time, so that at most one shard need be in memory.
///
/// Reading a shard again returns the same documents. `read` is called only for shards below `shards()`. `path()`, if it
/// exists, names the file in errors.
template <class S>
concept DocumentSource = requires(const S source, std::size_t shard) {
  { source.shards() } -> std::convertible_to<std::uint64_t>;
  { source.read(shard) } -> std::same_as<std::vector<token_document>>;
};

/// Documents that are in memory: one shard.
class token_documents {
 public:
  explicit token_documents(std::vector<token_document> documents) : documents_{std::move(documents)} {}

  std::size_t shards() const { return 1; }
  std::vector<token_document> read(std::size_t) const { return documents_; }

 private:
  std::vector<token_document> documents_;
};

}  // namespace typeformer
