// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/layers/patch_grid.hpp>
#include <typeformer/layers/projected_rows.hpp>
#include <typeformer/shape/class_rows.hpp>
#include <typeformer/shape/inputs.hpp>

namespace typeformer {

namespace error {
/// Height and width of an image are multiples of those of its patches, unless a `patch_stride` leaves the rest out.
template <class Image, class Patch, class Layer> struct patches_do_not_divide_the_image : mismatch {};
/// No patch fits into the image.
template <class Image, class Patch, class Layer> struct patch_is_larger_than_the_image : mismatch {};
}  // namespace error

/// The numbers of an image follow one another column by column: [channels][width][height]. A spectrogram whose rows are
/// moments, [time][frequency], is an image of frequencies × moments in this order.
struct stored_by_columns {};

template <class Grid, class_row_layout Learned> struct load_patches_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};

namespace detail {
template <class Layer, class Image, class Patch, class Grid, bool HasStride> constexpr auto checked_grid() {
  constexpr bool divides = Image::height % Patch::height == 0 && Image::width % Patch::width == 0;
  if constexpr (!HasStride && !divides) return error::patches_do_not_divide_the_image<Image, Patch, Layer>{};
  else if constexpr (Grid::patches == 0) return error::patch_is_larger_than_the_image<Image, Patch, Layer>{};
  else return nothing{};
}
}  // namespace detail

/// y = x Wᵀ + b for the patches x of an image, row by row; the first layer of a vision transformer (Dosovitskiy et al.
/// 2021, arXiv:2010.11929, eq. 1). It equals a convolution whose stride is its kernel's size. W is that convolution's
/// weight [width][channels][patch height][patch width], flattened: `patch_embeddings.projection` of Hugging Face's
/// models.
///
/// images [sequences][channels][height][width], W [width][channels · patch height · patch width], b [width], y [patches
/// of all images][width]. Options: `class_token` or `class_and_distillation_token`, rows before them;
/// `patch_stride<SH, SW>`, the stride of that convolution; `stored_by_columns`. All sequences of a batch have the same
/// number of rows. Cost: 2 · channels · patch height · patch width · width FLOPs per patch.
template <class Image, class Patch, class Width, class... Options> struct patch_embedding {
 private:
  static constexpr bool is_image = detail::is_example_of<typeformer::image<1, 1, 1>, Image>,
                        is_patch = detail::is_example_of<typeformer::patch<1, 1>, Patch>;

 public:
  using image_type = std::conditional_t<is_image, Image, typeformer::image<1, 1, 1>>;
  using patch_type = std::conditional_t<is_patch && detail::in_range<Patch>(), Patch, typeformer::patch<1, 1>>;
  using stride = chosen<patch_stride<patch_type::height, patch_type::width>, Options...>;
  using grid = patch_grid<image_type, patch_type, stride, has_option<stored_by_columns, Options...>>;
  static constexpr const char* name = "patch_embedding";
  static constexpr class_row_layout class_rows{chosen<without_class_token, Options...>::count};
  static constexpr bool has_class_token = class_rows.count > 0;
  static constexpr index_type vocabulary = 0,
                              image_values = image_type::channels * image_type::height * image_type::width,
                              patches = grid::patches, rows_of_image = patches + class_rows.count,
                              width = argument_value<typeformer::width<1>, Width>;
  using checked_options = both_checks<
      check_arguments<patch_embedding, expects<typeformer::image<1, 1, 1>, Image>,
                      expects<typeformer::patch<1, 1>, Patch>, expects<typeformer::width<1>, Width>>,
      both_checks<check_options<patch_embedding,
                                known_options<class_token_option, patch_stride<1, 1>, stored_by_columns>, Options...>,
                  decltype(detail::checked_grid<patch_embedding, image_type, patch_type, grid,
                                                gives_option<patch_stride<1, 1>, Options...>>())>>;
  template <axis RowsAre> using shape_of = rows<RowsAre, width>;
  using shape = shape_of<axis::token>;

  template <class Walk, class Scope> static constexpr auto walk(Walk& c, Scope s) {
    c.enter(name);
    const auto t = projection::template walk<axis::token>(
        c, load_patches_operation<grid, class_rows>{},
        c.template input<sequence_images<image_type::channels, image_type::height, image_type::width>>(), s);
    c.leave();
    return t;
  }
  template <class Walk, class Trace, class DY> static constexpr void walk_back(Walk& c, Trace t, DY dy) {
    projection::walk_back(c, t, dy);
  }

 private:
  using projection = detail::projected_rows<grid::values, width, class_rows>;
};

}  // namespace typeformer
