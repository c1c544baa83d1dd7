// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/philox.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/data/check_documents.hpp>
#include <typeformer/hosted/data/document_source.hpp>
#include <typeformer/hosted/training_error.hpp>

namespace typeformer {

/// Concatenates the parts of each document and cuts it into texts of at most `most` tokens. The last one is the rest,
/// which is left out if it has fewer than `least`. An `InstanceMaker` that needs no random words.
///
/// Precondition: 1 <= least <= most, every id from 0 to ids - 1; else it traps. Cost: linear in the tokens.
class text_segments {
 public:
  text_segments(index_type least, index_type most, std::int32_t ids) : least_{least}, most_{most}, ids_{ids} {
    if (least < 1 || least > most) __builtin_trap();
  }

  index_type tokens() const { return most_; }

  /// Error: a token is not one of the ids.
  result<void, training_error> check(const std::vector<token_document>& documents) const {
    return check_documents(documents, ids_);
  }

  std::vector<std::vector<std::int32_t>> operator()(const std::vector<token_document>& documents, philox&) const {
    std::vector<std::vector<std::int32_t>> texts;
    std::vector<std::int32_t> text;
    const auto finish = [&] {
      if (index_type(text.size()) >= least_) texts.push_back(text);
      text.clear();
    };
    for (const token_document& document : documents) {
      for (const auto& part : document)
        for (const std::int32_t id : part) {
          if (!is_known(id)) __builtin_trap();
          text.push_back(id);
          if (index_type(text.size()) == most_) finish();
        }
      finish();
    }
    return texts;
  }

 private:
  bool is_known(std::int32_t id) const { return id >= 0 && id < ids_; }

  index_type least_, most_;
  std::int32_t ids_;
};

}  // namespace typeformer
