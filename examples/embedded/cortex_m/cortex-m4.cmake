# SPDX-License-Identifier: BSL-1.0
# cmake --toolchain: a Cortex-M4 with a floating-point unit, without an operating system.
set(BOARD_CPU -mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16)
set(BOARD_SCRIPT mps2.ld)
include(${CMAKE_CURRENT_LIST_DIR}/arm-none-eabi.cmake)
