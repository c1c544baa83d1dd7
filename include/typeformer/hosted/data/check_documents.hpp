// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/data/document_source.hpp>
#include <typeformer/hosted/training_error.hpp>

namespace typeformer {

/// Error: the first token of the documents that is not an id from 0 to ids - 1, and its place.
inline result<void, training_error> check_documents(std::span<const token_document> documents, std::int32_t ids) {
  for (std::size_t d = 0; d < documents.size(); ++d)
    for (std::size_t p = 0; p < documents[d].size(); ++p)
      for (std::size_t t = 0; t < documents[d][p].size(); ++t)
        if (const std::int32_t id = documents[d][p][t]; id < 0 || id >= ids)
          return failure{training_error{training_error::problem::outside_vocabulary,
                                        "document " + std::to_string(d) + ", part " + std::to_string(p) + ", token " +
                                            std::to_string(t) + ": expected tokens from 0 to " +
                                            std::to_string(ids - 1) + ", found " + std::to_string(id)}};
  return {};
}

}  // namespace typeformer
