// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/hosted/data/full_sentences.hpp>
#include <typeformer/hosted/data/masked_batches.hpp>

namespace typeformer {

/// Whole sentences with hidden tokens, without labels of sequences: RoBERTa's data for `masked_lm`.
template <index_type Batch, index_type Tokens, DocumentSource Source = token_documents>
using full_sentence_batches = masked_batches<Batch, Tokens, full_sentences, Source>;

}  // namespace typeformer
