// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>
#include <utility>

#include <typeformer/hosted/formats/model_file.hpp>
#include <typeformer/hosted/weights/load.hpp>

#include "decoder.hpp"
#include "encoder.hpp"
#include "loaded_model.hpp"

/// The parts of a compiled model: typeformer-run writes a source of a few lines around an imported type, and compiles it.
namespace running {

template <class M, tf::index_type Context> loaded_model* loaded(const char* path, std::string& problem) {
  if constexpr (tf::reads_real_values<M> || requires { requires(M::source_channels > 0); }) {
    problem = "the model reads numbers, not text";
    return nullptr;
  } else {
    auto weights = tf::load<M, tf::model_file>(path);
    if (!weights) {
      problem = weights.error().message();
      return nullptr;
    }
    if constexpr (M::decodes) return new compiled_decoder<M, Context>(std::move(*weights));
    else return new compiled_encoder<M, Context>(std::move(*weights));
  }
}

}  // namespace running
