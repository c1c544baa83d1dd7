// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/objectives/masked_lm.hpp>
#include <typeformer/objectives/next_sentence.hpp>
#include <typeformer/objectives/objective_sum.hpp>
#include <typeformer/objectives/sentence_order.hpp>

namespace typeformer {

/// The objective of BERT's pre-training (Devlin et al. 2019, arXiv:1810.04805, A.2).
using bert_pretraining = objective_sum<masked_lm, next_sentence>;

/// The objective of ALBERT's pre-training (Lan et al. 2020, arXiv:1909.11942, §3.1).
using albert_pretraining = objective_sum<masked_lm, sentence_order>;

}  // namespace typeformer
