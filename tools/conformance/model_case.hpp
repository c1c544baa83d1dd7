// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "decoder_case.hpp"
#include "encoder_case.hpp"
#include "encoder_decoder_case.hpp"
#include "real_inputs_case.hpp"

namespace typeformer::conformance {

/// Whether a model can read as many tokens as a case has.
template <Model M, case_shape Shape> constexpr bool fits_into_the_context() {
  if constexpr (requires { requires M::reads_source; })
    return rows_of_source<M, Shape>() <= M::source_context && Shape.target_length <= M::context;
  else return Shape.length <= M::context;
}

/// Runs a case folder of any kind of model. Returns the exit code of the runner.
template <Model M, case_shape Shape> int run_model_case(const std::string& folder, const std::string& output) {
  constexpr bool reads_source = requires { requires M::reads_source; };
  if constexpr (reads_images<M>) {
    return run_real_case<M, Shape>(folder, output);
  } else if constexpr (!fits_into_the_context<M, Shape>()) {
    const std::string why = std::to_string(Shape.length) + " tokens in a context of " + std::to_string(M::context);
    if (requires { requires M::lowest_position < 0; }) return missing((why + ", some of which may be padding").c_str());
    return std::fprintf(stderr, "%s\n", why.c_str()), 1;
  } else if constexpr (reads_source && Shape.target_length == 0) {
    return std::fputs("no decoder_input_ids\n", stderr), 1;
  } else if constexpr (reads_source) {
    return run_encoder_decoder_case<M, Shape>(folder, output);
  } else if constexpr (M::decodes) {
    return run_decoder_case<M, Shape>(folder, output);
  } else {
    return run_encoder_case<M, Shape>(folder, output);
  }
}

}  // namespace typeformer::conformance
