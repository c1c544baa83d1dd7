// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/hosted/data/masked_batches.hpp>
#include <typeformer/hosted/data/sentence_pairs.hpp>

namespace typeformer {

/// Pairs of segments with hidden tokens: the data of `bert_pretraining` and `albert_pretraining`.
template <index_type Batch, index_type Tokens, DocumentSource Source = token_documents>
using sentence_pair_batches = masked_batches<Batch, Tokens, sentence_pairs, Source>;

}  // namespace typeformer
