# SPDX-License-Identifier: BSL-1.0
# What the Cortex-M have in common. No exceptions, no type information, no locks around static variables, and every
# function in a section of its own, so that the linker leaves out what nothing calls.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_CXX_COMPILER arm-none-eabi-g++)
set(CMAKE_ASM_COMPILER arm-none-eabi-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
list(JOIN BOARD_CPU " " cpu)
set(CMAKE_ASM_FLAGS_INIT "${cpu}")
set(CMAKE_CXX_FLAGS_INIT "${cpu} -fno-exceptions -fno-rtti -fno-threadsafe-statics -ffp-contract=off -ffunction-sections -fdata-sections")
set(CMAKE_EXE_LINKER_FLAGS_INIT
  "-nostartfiles --specs=nano.specs --specs=nosys.specs -Wl,--gc-sections -L${CMAKE_CURRENT_LIST_DIR} -T${BOARD_SCRIPT}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(BOARD_FOLDER cortex_m)
if(NOT BOARD_LANES)
  set(BOARD_LANES 1)
endif()
