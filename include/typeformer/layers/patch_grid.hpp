// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>

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
/// From one patch to the next, down and to the right. Patches overlap if it is less than their size. What is left over
/// below and to the right is not read.
template <index_type Height, index_type Width> struct patch_stride {
  static constexpr index_type height = Height, width = Width;
  static constexpr bool in_range = Height > 0 && Width > 0;
};

/// How the numbers of an image follow one another: row by row, or column by column, `ByColumns`; and what is left out
/// before the first patch: above it nothing, to its left `SkippedColumns` columns.
///
/// The order of patches is row by row of the image, each as [channel][row][column].
template <class Image, class Patch, class Stride, bool ByColumns = false, index_type SkippedColumns = 0>
struct patch_grid {
  using image = Image;
  using patch = Patch;
  static constexpr bool fits = Image::in_range && Patch::in_range && Stride::in_range &&
                               Patch::height <= Image::height && Patch::width + SkippedColumns <= Image::width;
  static constexpr index_type in_a_column = fits ? (Image::height - Patch::height) / Stride::height + 1 : 0,
                              in_a_row = fits ? (Image::width - SkippedColumns - Patch::width) / Stride::width + 1 : 0,
                              patches = in_a_column * in_a_row, values = Image::channels * Patch::height * Patch::width;

  /// From one column of a row to the next.
  static constexpr index_type step = ByColumns ? Image::height : 1;
  /// The offset in its image of row `row` of channel `channel` of a patch.
  static constexpr index_type offset(index_type number, index_type channel, index_type row) {
    const index_type top = number / in_a_row * Stride::height + row,
                     left = number % in_a_row * Stride::width + SkippedColumns,
                     first = channel * Image::height * Image::width;
    return first + (ByColumns ? left * Image::height + top : top * Image::width + left);
  }
};

}  // namespace typeformer
