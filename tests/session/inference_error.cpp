// SPDX-License-Identifier: BSL-1.0
#include <support/catch.hpp>
#include <typeformer/contract/inference_error.hpp>

namespace typeformer {

TEST_CASE("names what is known in the sentence about a rejected call") {
  using problem = inference_error::problem;
  inference_error error{problem::id_outside_vocabulary, 1, 40, 31, 3};
  CHECK(error.message() == "sequence 1, row 3: a token id lies outside the vocabulary: found 40, the limit is 31");
  error.in_source = true;
  CHECK(error.message().view().starts_with("source, sequence 1, row 3: "));
  CHECK(inference_error{problem::context_is_full, 0, 9, 8}.message() ==
        "sequence 0: the context is full: found 9, the limit is 8");
  CHECK(inference_error{problem::no_memory}.message() == "there is no memory for the session or its weights");
}

}  // namespace typeformer
