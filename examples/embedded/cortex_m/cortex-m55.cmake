# SPDX-License-Identifier: BSL-1.0
# cmake --toolchain: a Cortex-M55 with vectors of 4 floats (MVE), without an operating system.
set(BOARD_CPU -mcpu=cortex-m55 -mthumb -mfloat-abi=hard -DBOARD_IS_MPS3)
set(BOARD_SCRIPT mps3.ld)
set(BOARD_LANES 4)
include(${CMAKE_CURRENT_LIST_DIR}/arm-none-eabi.cmake)
