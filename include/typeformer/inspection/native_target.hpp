// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/inspection/footprint.hpp>
#include <typeformer/kernels/gemm_tile.hpp>

namespace typeformer {

/// The processor that this translation unit is compiled for. Its weights are packed for its kernels: `weights<Model>`.
using native = packed<kernels::native_panel_width, kernels::panel_overread>;

}  // namespace typeformer
