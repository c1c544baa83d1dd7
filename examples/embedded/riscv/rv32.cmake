# SPDX-License-Identifier: BSL-1.0
# cmake --toolchain: a RISC-V processor of 32 bits with a floating-point unit, without an operating system. Debian and
# Ubuntu have no C++ library for it: its headers are those of the compiler for Cortex-M, of which the core needs no code.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR riscv32)
set(CMAKE_C_COMPILER riscv64-unknown-elf-gcc)
set(CMAKE_CXX_COMPILER riscv64-unknown-elf-g++)
set(CMAKE_ASM_COMPILER riscv64-unknown-elf-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(cpu "-march=rv32imafc -mabi=ilp32f -misa-spec=2.2 -mcmodel=medany --specs=picolibc.specs")
file(GLOB library LIST_DIRECTORIES ON /usr/include/newlib/c++/*)
list(GET library -1 library)
set(CMAKE_ASM_FLAGS_INIT "${cpu}")
set(CMAKE_CXX_FLAGS_INIT "${cpu} -fno-exceptions -fno-rtti -fno-threadsafe-statics -ffp-contract=off -ffunction-sections -fdata-sections \
-nostdinc++ -isystem ${library} -isystem ${library}/arm-none-eabi")
set(CMAKE_CXX_LINK_EXECUTABLE
  "${CMAKE_C_COMPILER} ${cpu} -nostartfiles -Wl,--gc-sections -L${CMAKE_CURRENT_LIST_DIR} -Tvirt.ld <LINK_FLAGS> <OBJECTS> -o <TARGET> <LINK_LIBRARIES> -lm")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(BOARD_FOLDER riscv)
set(BOARD_LANES 1)
