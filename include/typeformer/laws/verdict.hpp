// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/laws/sentence.hpp>

namespace typeformer::laws {

/// What layers and models are held to.
enum class law {
  layout,             ///< the walk can be planned: parameters do not overlap, what remembers nothing has no state
  gradients,          ///< what `walk_back` computes is the derivative of what `walk` computes
  merging,            ///< that one tensor takes over the place of another changes no bit
  training_memory,    ///< nothing that training reads was overwritten
  evaluation_memory,  ///< nor what evaluation reads
  decoding_memory,    ///< nor what decoding reads
  precision,          ///< float is near double
  sequences,          ///< a sequence is the same alone and beside others
  padding,            ///< tokens that are not valid change nothing: to the left, to the right, in between
  padded_gradients,   ///< nor do they in training
  decoding,           ///< what comes call by call is what comes at once; also after reset, truncate and reorder
  memory,             ///< `footprint<M, Use>` is the size of what it describes
  frozen,             ///< an optimizer's step leaves frozen parameters as they are
  count
};

inline constexpr std::array<const char*, std::size_t(law::count)> law_names{
    "layout",          "gradients", "merging",          "training memory", "evaluation memory",
    "decoding memory", "precision", "sequences",        "padding",         "padded gradients",
    "decoding",        "memory",    "frozen parameters"};

/// What one law says: the largest error that it found, and where.
struct finding {
  bool applies = false;
  double error = 0;  ///< relative to the largest number compared, or a count of faults
  double at_most = 0;
  std::int64_t tested = 0;  ///< numbers compared; a law that has tested nothing does not hold
  sentence where{};

  bool holds() const { return !applies || (tested > 0 && error <= at_most); }

  /// Takes in another error and where it was found; what is not a number is the largest error.
  template <class... Where> void found(double other, const Where&... parts) {
    applies = true;
    ++tested;
    if (!is_finite(other)) other = largest_error;
    if (other <= error) return;
    error = other;
    where = sentence(parts...);
  }
  static constexpr double largest_error = (std::numeric_limits<double>::max)();
};

/// What the laws say of one layer or model.
struct verdict {
  std::array<finding, std::size_t(law::count)> findings{};
  /// Elements by which the plans are larger than the most that lives at once.
  index_type training_above_bound = 0, evaluation_above_bound = 0, decoding_above_bound = 0;

  finding& operator[](law l) { return findings[std::size_t(l)]; }
  const finding& operator[](law l) const { return findings[std::size_t(l)]; }

  bool passed() const {
    for (const finding& f : findings)
      if (!f.holds()) return false;
    return true;
  }
  /// The laws that are broken, each with the largest error and its place; or those that hold, with theirs.
  sentence text() const {
    const bool all = passed();
    sentence s{all ? "all laws hold" : "broken"};
    for (std::size_t i = 0; i < findings.size(); ++i) {
      const finding& f = findings[i];
      if (!f.applies || f.holds() != all) continue;
      s.append(all ? ", " : ": ");
      s.append(sentence(law_names[i], " ", f.error));
      if (all) continue;
      if (f.tested == 0) s.append(", for it tested nothing");
      if (!f.where.view().empty()) s.append(sentence(" ", f.where));
      s.append(sentence(" (at most ", f.at_most, ")"));
    }
    return s;
  }
};

}  // namespace typeformer::laws
