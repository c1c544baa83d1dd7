// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>
#include <type_traits>
#include <utility>

#include <typeformer/contract/real_inputs.hpp>
#include <typeformer/parameters/checked_file_names.hpp>
#include <typeformer/parameters/layout.hpp>
#include <typeformer/parameters/narrow_weights.hpp>
#include <typeformer/parameters/weights.hpp>

#include "decoder.hpp"
#include "encoder.hpp"
#include "loaded_model.hpp"

/// The parts of a compiled model: typeformer-run writes a source of a few lines around an imported type, and compiles it.
namespace running {

/// Whether a model is an encoder without a head.
template <class M> inline constexpr bool is_body = !M::decodes && !requires { requires M::has_head; };

/// A model whose weights have a format. Tables of encoders stay wide: some have operations that read no others.
template <class M, tf::index_type Context, class Format>
loaded_model* loaded(const char* path, parameter_reader* read, std::string& problem) {
  if constexpr (tf::reads_real_values<M> || tf::source_channels<M> > 0) {
    problem = "the model reads numbers, not text";
    return nullptr;
  } else {
    static_assert(tf::NamedInFiles<M>);
    const std::string no_memory =
        "no memory for the parameters: " + std::to_string(tf::layout_of<M>.parameters) + " floats";
    if constexpr (!std::is_same_v<Format, float>) {
      using numbers = std::conditional_t<M::decodes, Format, tf::with_wide_tables<Format>>;
      tf::parameters<M> canonical;
      if (!canonical.available()) return problem = no_memory, nullptr;
      problem = read(path, tf::layout_of<M>, tf::file_names_of<M>(), canonical.data(), is_body<M>);
      if (!problem.empty()) return nullptr;
      tf::weights<M, numbers> weights{canonical};
      if (!weights.available()) return problem = no_memory, nullptr;
      if constexpr (M::decodes) return new compiled_decoder<M, Context, numbers>(std::move(weights));
      else return new compiled_encoder<M, Context, numbers>(std::move(weights));
    } else {
      tf::weights<M> weights;
      if (weights.available()) {
        problem = read(path, tf::layout_of<M>, tf::file_names_of<M>(), weights.data(), is_body<M>);
        if (!problem.empty()) return nullptr;
      }
      if (!weights.pack_in_place()) return problem = no_memory, nullptr;
      if constexpr (M::decodes) return new compiled_decoder<M, Context, float>(std::move(weights));
      else return new compiled_encoder<M, Context, float>(std::move(weights));
    }
  }
}

}  // namespace running
