// SPDX-License-Identifier: BSL-1.0
#include <support/catch.hpp>
#include <typeformer/hosted/inference_message.hpp>

namespace typeformer {

TEST_CASE("the sentence about a refused call names what is known") {
  using problem = inference_error::problem;
  inference_error error{problem::id_outside_vocabulary, 1, 40, 31, 3};
  CHECK(message_of(error) == "sequence 1, row 3: a token id lies outside the vocabulary: found 40, the limit is 31");
  error.in_source = true;
  CHECK(message_of(error).starts_with("source, sequence 1, row 3: "));
  CHECK(message_of({problem::context_is_full, 0, 9, 8}) == "sequence 0: the context is full: found 9, the limit is 8");
  CHECK(message_of({problem::no_memory}) == "there is no memory for the session or its weights");
}

}  // namespace typeformer
