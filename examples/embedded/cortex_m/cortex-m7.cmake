# SPDX-License-Identifier: BSL-1.0
# cmake --toolchain: a Cortex-M7 with a floating-point unit, without an operating system.
set(BOARD_CPU -mcpu=cortex-m7 -mthumb -mfloat-abi=hard -mfpu=fpv5-d16)
set(BOARD_SCRIPT mps2.ld)
include(${CMAKE_CURRENT_LIST_DIR}/arm-none-eabi.cmake)
