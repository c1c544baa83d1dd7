// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/scope.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// The output of an encoder, and the buffer in which its gradient is accumulated.
template <class States> struct encoder_memory {
  States states{};
  States gradient{};
};

/// What an encoder-decoder passes down to its decoder: the encoder's states [source rows][width].
template <class States> struct encoder_states {
  using key = passes::encoder_states;
  using states = States;
  template <class Use> using value = encoder_memory<ref<States>>;
};

}  // namespace typeformer
