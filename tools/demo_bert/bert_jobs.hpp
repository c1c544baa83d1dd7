// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>

#include <typeformer/foundation/result.hpp>

#include "../pretraining/request.hpp"

/// The jobs of the demo with a BERT. Each is a model and has its own file. They return false if Ctrl-C ended the job.
/// Errors, as texts: an unusable text, folder or option, no memory, a loss that is not finite.
namespace demo {

/// A small BERT learns documents of a generated language and is compared with the best possible reader.
tf::result<bool, std::string> pretrain_bert_on_language(const pretraining_request& request);
/// A BERT learns a file with one sentence per line and is evaluated on its last tenth.
tf::result<bool, std::string> pretrain_bert_on_text(const pretraining_request& request);

}  // namespace demo
