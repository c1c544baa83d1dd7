// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>

#include <typeformer/foundation/result.hpp>

#include "../pretraining/request.hpp"

/// The jobs of the demo with a GPT. Each is a model and has its own file. They return false if Ctrl-C ended the job.
/// Errors, as texts: an unusable text, folder or option, no memory, a loss that is not finite.
namespace demo {

/// A small GPT learns sentences of a grammar. The job counts how many of its generated sentences obey the grammar.
tf::result<bool, std::string> pretrain_gpt_on_grammar(const pretraining_request& request);
/// A small GPT learns the characters of a file and continues a prompt.
tf::result<bool, std::string> pretrain_gpt_on_text(const pretraining_request& request);

}  // namespace demo
