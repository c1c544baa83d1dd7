// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>

#include <typeformer/foundation/config.hpp>
#include <typeformer/text/printable.hpp>

namespace typeformer {

/// The last checkpoint that a trainer saved or resumed.
struct kept_checkpoint {
  std::string path{};
  index_type step = 0;

  /// The text for an error message.
  std::string text() const {
    if (path.empty()) return "there is no checkpoint";
    return "the last good checkpoint is " + printable(path) + ", after step " + std::to_string(step);
  }
};

}  // namespace typeformer
