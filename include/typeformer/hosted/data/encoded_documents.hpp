// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <typeformer/hosted/data/document_source.hpp>

namespace typeformer {

/// The documents of a `document_file`, or of another source of texts in shards, as ids: a `DocumentSource`.
///
/// `Encode` returns the ids of one part of a document. Parts without tokens are left out, and so are documents without
/// parts. Cost: a shard is encoded each time it is read.
template <class Texts, class Encode> class encoded_documents {
 public:
  encoded_documents(Texts texts, Encode encode) : texts_{std::move(texts)}, encode_{std::move(encode)} {}

  /// The file of the texts.
  const std::string& path() const
    requires requires(const Texts texts) { texts.path(); }
  {
    return texts_.path();
  }
  std::size_t shards() const { return texts_.shards(); }
  std::vector<token_document> read(std::size_t shard) const {
    std::vector<token_document> documents;
    for (const auto& text : texts_.read(shard)) {
      token_document document;
      for (const auto& part : text)
        if (std::vector<std::int32_t> ids = encode_(part); !ids.empty()) document.push_back(std::move(ids));
      if (!document.empty()) documents.push_back(std::move(document));
    }
    return documents;
  }

 private:
  Texts texts_;
  Encode encode_;
};

}  // namespace typeformer
