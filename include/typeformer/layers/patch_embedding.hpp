// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/layers/projected_rows.hpp>
#include <typeformer/shape/inputs.hpp>

namespace typeformer {

/// The size of the images that a model reads: [channels][height][width].
template <index_type Channels, index_type Height, index_type Width> struct image {
  static constexpr index_type channels = Channels, height = Height, width = Width;
  static constexpr bool in_range = Channels > 0 && Height > 0 && Width > 0;
};
/// The size of the parts that an image is cut into.
template <index_type Height, index_type Width> struct patch {
  static constexpr index_type height = Height, width = Width;
  static constexpr bool in_range = Height > 0 && Width > 0;
};

namespace error {
/// Height and width of an image are multiples of those of its patches.
template <class Image, class Patch, class Layer> struct patches_do_not_divide_the_image : mismatch {};
}  // namespace error

/// The order of patches in an image: row by row of the image, each as [channel][row][column].
template <class Image, class Patch> struct patch_grid {
  static constexpr bool divides =
      Image::in_range && Patch::in_range && Image::height % Patch::height == 0 && Image::width % Patch::width == 0;
  static constexpr index_type in_a_row = Image::width / Patch::width,
                              patches = divides ? Image::height / Patch::height * in_a_row : 0,
                              values = Image::channels * Patch::height * Patch::width;

  /// The offset in its image of row `row` of channel `channel` of a patch.
  static constexpr index_type offset(index_type number, index_type channel, index_type row) {
    const index_type top = number / in_a_row * Patch::height, left = number % in_a_row * Patch::width;
    return (channel * Image::height + top + row) * Image::width + left;
  }
};

template <class Image, class Patch, bool HasClassToken> struct load_patches_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};

/// y = x Wᵀ + b for the patches x of an image, row by row; the first layer of a vision transformer (Dosovitskiy et al.
/// 2021, arXiv:2010.11929, eq. 1). It equals a convolution whose stride is its kernel's size. W is that convolution's
/// weight [width][channels][patch height][patch width], flattened: `patch_embeddings.projection` of Hugging Face's
/// models.
///
/// images [sequences][channels][height][width], W [width][channels · patch height · patch width], b [width], y [patches
/// of all images][width]. Option: `class_token`, one more row before them. All sequences of a batch have the same
/// number of rows. Cost: 2 · channels · patch height · patch width · width FLOPs per patch.
template <class Image, class Patch, class Width, class... Options> struct patch_embedding {
 private:
  static constexpr bool is_image = detail::is_example_of<typeformer::image<1, 1, 1>, Image>,
                        is_patch = detail::is_example_of<typeformer::patch<1, 1>, Patch>;

 public:
  using image_type = std::conditional_t<is_image, Image, typeformer::image<1, 1, 1>>;
  using patch_type = std::conditional_t<is_patch && detail::in_range<Patch>(), Patch, typeformer::patch<1, 1>>;
  using grid = patch_grid<image_type, patch_type>;
  static constexpr const char* name = "patch_embedding";
  static constexpr index_type vocabulary = 0,
                              image_values = image_type::channels * image_type::height * image_type::width,
                              patches = grid::patches, width = argument_value<typeformer::width<1>, Width>;
  static constexpr bool has_class_token = has_option<class_token, Options...>;
  using checked_options =
      both_checks<check_arguments<patch_embedding, expects<typeformer::image<1, 1, 1>, Image>,
                                  expects<typeformer::patch<1, 1>, Patch>, expects<typeformer::width<1>, Width>>,
                  both_checks<std::conditional_t<grid::divides, nothing,
                                                 error::patches_do_not_divide_the_image<Image, Patch, patch_embedding>>,
                              check_options<patch_embedding, known_options<class_token>, Options...>>>;
  template <axis RowsAre> using shape_of = rows<RowsAre, width>;
  using shape = shape_of<axis::token>;

  template <class Walk, class Scope> static constexpr auto walk(Walk& c, Scope s) {
    c.enter(name);
    const auto t = projection::template walk<axis::token>(
        c, load_patches_operation<image_type, patch_type, has_class_token>{},
        c.template input<sequence_images<image_type::channels, image_type::height, image_type::width>>(), s);
    c.leave();
    return t;
  }
  template <class Walk, class Trace, class DY> static constexpr void walk_back(Walk& c, Trace t, DY dy) {
    projection::walk_back(c, t, dy);
  }

 private:
  using projection = detail::projected_rows<grid::values, width, has_class_token>;
};

}  // namespace typeformer
