// SPDX-License-Identifier: BSL-1.0
#include <CLI/CLI.hpp>

#include "demo_bert/bert_jobs.hpp"
#include "pretraining/options.hpp"

int main(int argc, char** argv) {
  demo::pretraining_request request;
  request.folder = demo::results_beside(argv[0]);
  CLI::App app{"Pre-trains a small BERT that is a C++ type, and lets it predict masked tokens."};
  demo::add_options(app, request,
                    "Learn this UTF-8 text, with one sentence a line and empty lines between documents (default: "
                    "documents of a small language)");
  CLI11_PARSE(app, argc, argv);
  return demo::exit_code(request.text_file.empty() ? demo::pretrain_bert_on_language(request)
                                                   : demo::pretrain_bert_on_text(request));
}
