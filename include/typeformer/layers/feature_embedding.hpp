// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/layers/projected_rows.hpp>
#include <typeformer/shape/inputs.hpp>

namespace typeformer {

/// Numbers of each row of features.
template <index_type N> struct channels {
  static constexpr index_type value = N;
  static constexpr bool in_range = N > 0;
};

template <index_type Channels, bool HasClassToken> struct load_features_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};

/// y = x Wᵀ + b for rows of real values, such as sensor readings or the rows of a spectrogram; the first layer of a
/// model.
///
/// x [rows][channels], W [width][channels], b [width], y [rows][width]. Option: `class_token`, whose row is not in x.
/// There is no vocabulary: the head alone decides the model's output. Cost: 2 · channels · width FLOPs per row.
template <class Channels, class Width, class... Options> struct feature_embedding {
  static constexpr const char* name = "feature_embedding";
  static constexpr index_type vocabulary = 0, channels = argument_value<typeformer::channels<1>, Channels>,
                              width = argument_value<typeformer::width<1>, Width>;
  static constexpr bool has_class_token = has_option<class_token, Options...>;
  using checked_options = both_checks<check_arguments<feature_embedding, expects<typeformer::channels<1>, Channels>,
                                                      expects<typeformer::width<1>, Width>>,
                                      check_options<feature_embedding, known_options<class_token>, Options...>>;
  template <axis RowsAre> using shape_of = rows<RowsAre, width>;
  using shape = shape_of<axis::token>;

  template <axis RowsAre = axis::token, class Walk, class Scope> static constexpr auto walk(Walk& c, Scope s) {
    c.enter(name);
    const auto t = projection::template walk<RowsAre>(c, load_features_operation<channels, has_class_token>{},
                                                      c.template input<token_features<channels>, RowsAre>(), s);
    c.leave();
    return t;
  }
  template <class Walk, class Trace, class DY> static constexpr void walk_back(Walk& c, Trace t, DY dy) {
    projection::walk_back(c, t, dy);
  }

 private:
  using projection = detail::projected_rows<channels, width, class_row_layout{index_type(has_class_token)}>;
};

}  // namespace typeformer
