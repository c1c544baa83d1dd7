// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>
#include <typeformer/shape/class_rows.hpp>

namespace typeformer {

// What the first layer of a model, `M::embedding`, reads instead of ids. The layer declares the numbers under these
// names.

/// Numbers of each row of features; 0: the model does not read features.
template <class M>
inline constexpr index_type feature_channels = [] {
  if constexpr (requires { index_type(M::embedding::channels); }) return index_type(M::embedding::channels);
  else return index_type{0};
}();
/// Numbers of each image; 0: the model does not read images.
template <class M>
inline constexpr index_type image_values = [] {
  if constexpr (requires { index_type(M::embedding::image_values); }) return index_type(M::embedding::image_values);
  else return index_type{0};
}();
/// Patches of each image.
template <class M>
inline constexpr index_type image_patches = [] {
  if constexpr (requires { index_type(M::embedding::patches); }) return index_type(M::embedding::patches);
  else return index_type{0};
}();
/// Whether each sequence begins with a learned row.
template <class M> inline constexpr bool has_class_token = requires { requires M::embedding::has_class_token; };
/// Where the learned rows of each image stand among its patches.
template <class M>
inline constexpr class_row_layout class_rows_of = [] {
  if constexpr (requires { M::embedding::class_rows; }) return M::embedding::class_rows;
  else return class_row_layout{index_type(has_class_token<M>)};
}();
/// Rows of each image: its patches and learned rows.
template <class M>
inline constexpr index_type image_rows = [] {
  if constexpr (requires { index_type(M::embedding::rows_of_image); }) return index_type(M::embedding::rows_of_image);
  else return index_type{0};
}();

/// Numbers of each row of features that the encoder of an encoder-decoder reads; 0: it reads ids.
template <class M>
inline constexpr index_type source_channels = [] {
  if constexpr (requires { index_type(M::source_channels); }) return index_type(M::source_channels);
  else return index_type{0};
}();

template <class M> inline constexpr bool reads_features = feature_channels<M> > 0;
template <class M> inline constexpr bool reads_images = image_values<M> > 0;
/// Whether a model reads features or images instead of ids.
template <class M> inline constexpr bool reads_real_values = reads_features<M> || reads_images<M>;

}  // namespace typeformer
