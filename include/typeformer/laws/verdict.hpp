// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/laws/sentence.hpp>

namespace typeformer::laws {

/// The laws of layers and models.
enum class law {
  layout,             ///< the walk can be planned: parameters do not overlap, and a use without state has none
  gradients,          ///< the result of `walk_back` is the derivative of `walk`
  merging,            ///< reusing the memory of one tensor for another changes no bit
  training_memory,    ///< no tensor is overwritten before training reads it
  evaluation_memory,  ///< nor before evaluation reads it
  decoding_memory,    ///< nor before decoding reads it
  precision,          ///< float is near double
  sequences,          ///< a sequence has the same output alone and beside others
  padding,            ///< tokens that are not valid have no effect: to the left, to the right, in between
  padded_gradients,   ///< nor have they in training
  decoding,           ///< the output call by call equals the output at once; also after reset, truncate and reorder
  memory,             ///< `footprint<M, Use>` is the size of what it describes
  frozen,             ///< an optimizer's step does not change frozen parameters
  count
};

inline constexpr std::array<const char*, std::size_t(law::count)> law_names{
    "layout",          "gradients", "merging",          "training memory", "evaluation memory",
    "decoding memory", "precision", "sequences",        "padding",         "padded gradients",
    "decoding",        "memory",    "frozen parameters"};

/// The finding of one law: the largest error, and where it is.
struct finding {
  bool applies = false;
  double error = 0;  ///< relative to the largest number compared, or a count of faults
  double at_most = 0;
  std::int64_t tested = 0;  ///< numbers compared; a law that has tested nothing does not hold
  sentence where{};

  bool holds() const { return !applies || (tested > 0 && error <= at_most); }

  /// Adds an error and where it is. What is not a number counts as the largest error.
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

/// The findings of all laws for one layer or model.
struct verdict {
  std::array<finding, std::size_t(law::count)> findings{};
  /// Elements by which the plans are larger than the most that is live at once.
  index_type training_above_bound = 0, evaluation_above_bound = 0, decoding_above_bound = 0;

  finding& operator[](law l) { return findings[std::size_t(l)]; }
  const finding& operator[](law l) const { return findings[std::size_t(l)]; }

  bool passed() const {
    for (const finding& f : findings)
      if (!f.holds()) return false;
    return true;
  }
  /// The broken laws, each with the largest error and its place. If all hold, those with theirs.
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
