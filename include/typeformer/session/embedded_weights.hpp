// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/mismatch.hpp>
#include <typeformer/foundation/isa.hpp>
#include <typeformer/parameters/weights_order.hpp>
#include <typeformer/session/canonical_weights.hpp>
#include <typeformer/session/session_options.hpp>
#include <typeformer/simd/pack.hpp>

namespace typeformer {

/// Floats in a vector of a processor; 1: it has no vectors.
template <index_type N> struct vector_lanes {
  static constexpr index_type value = N;
};

namespace error {
/// Kernels of a processor read weights in the order of its vectors: import them again with `--lanes`.
template <class OfImage, class OfProcessor, class Image>
struct weights_are_laid_out_for_another_processor : mismatch {};
/// The image was written for another model than the type now is: import it again.
template <class Given, class Needed, class Image> struct image_is_not_as_large_as_the_weights : mismatch {};
}  // namespace error

}  // namespace typeformer

namespace typeformer::detail::inline TYPEFORMER_ISA {

template <class Image> constexpr auto checked_image() {
  using model = typename Image::model;
  constexpr index_type lanes = simd::pack<float>::lanes;
  if constexpr (!fits_together<typeformer::checked_model<model>>) return typeformer::checked_model<model>{};
  else if constexpr (Image::lanes != lanes)
    return error::weights_are_laid_out_for_another_processor<vector_lanes<Image::lanes>, vector_lanes<lanes>, Image>{};
  else if constexpr (constexpr auto needed = weights_order<model, typename Image::format>{lanes}.words();
                     Image::words != needed)
    return error::image_is_not_as_large_as_the_weights<numbers<Image::words>, numbers<index_type(needed)>, Image>{};
  else return nothing{};
}

}  // namespace typeformer::detail::inline TYPEFORMER_ISA

namespace typeformer::inline TYPEFORMER_ISA {

/// Weights in flash, in the form that the kernels of this processor read: nothing is copied. `Image` is written by
/// `typeformer-import --embed`, and says which model and format it has, for which vectors, its size, and `data()`.
///
///     static tf::session<my_gpt, tf::storage::in_place, tf::reads<tf::embedded_weights<my_gpt_image>>> run{
///         tf::embedded_weights<my_gpt_image>{}};
template <class Image>
  requires fits_together<decltype(detail::checked_image<Image>())>
struct embedded_weights {
  using model = typename Image::model;
  using format = typename Image::format;

  constexpr typename weights_order<model, format>::view view() const { return {Image::data()}; }
};

}  // namespace typeformer::inline TYPEFORMER_ISA

namespace typeformer {
template <class Image> inline constexpr bool refers_to_weights<embedded_weights<Image>> = true;
}  // namespace typeformer
