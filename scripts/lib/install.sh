# SPDX-License-Identifier: BSL-1.0
# install_packages NAME... : says what is missing, installs it with apt-get where there is one.
# For sourcing; needs nothing but a shell.

has_package() {
  case $1 in
    python3) command -v python3 >/dev/null ;;
    python3-numpy) python3 -c 'import numpy' 2>/dev/null || /usr/bin/python3 -c 'import numpy' 2>/dev/null ;;
    *) [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ] ;;
  esac
}

explain_other_systems() {
  cat >&2 <<'TEXT'
This is not Debian or Ubuntu, so nothing is installed for you. What is needed, wherever it comes from:
  a C++20 compiler           g++ >= 12 or clang >= 16
  CMake >= 3.25              and Ninja, which is optional
  Boost >= 1.74              headers (Hana, Interprocess)
  xsimd >= 8.1               headers
  RapidJSON >= 1.1           headers
  utf8proc >= 2.8            for BERT's words; without it that header and its tests are left out
  CLI11 >= 2.1               headers; for the tools
  Catch2 >= 2.13             for the tests
  Google Benchmark >= 1.7    for the benchmarks
  Python 3 with numpy        for the tests
Roots that CMake does not find by itself can be given in the environment: Boost_ROOT, xsimd_ROOT, RapidJSON_ROOT,
utf8proc_ROOT, CLI11_ROOT, Catch2_ROOT, benchmark_ROOT.
TEXT
}

# A new build directory is one for Ninja where there is Ninja; an old one stays what it is.
prefer_ninja() {
  if command -v ninja >/dev/null; then export CMAKE_GENERATOR=${CMAKE_GENERATOR:-Ninja}; fi
}

install_packages() {
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    explain_other_systems
    for tool in cmake python3; do
      command -v "$tool" >/dev/null || { echo "Missing: $tool" >&2; return 1; }
    done
    echo "Going on with what is here; CMake will name what it misses." >&2
    return 0
  fi
  local missing=() name
  for name in "$@"; do
    has_package "$name" || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  echo "Will install with apt-get: ${missing[*]}"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "Please install these as root: apt-get install ${missing[*]}" >&2
      return 1
    fi
    as_root=(sudo)
  fi
  local install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}")
  "${install[@]}" </dev/null >/dev/null 2>&1 && return 0
  "${as_root[@]}" apt-get update -qq </dev/null && "${install[@]}" </dev/null >/dev/null
}

basic_packages=(g++ cmake ninja-build libboost-dev libxsimd-dev rapidjson-dev libutf8proc-dev libcli11-dev)
test_packages=(catch2 libbenchmark-dev librandom123-dev python3 python3-numpy)
# Compilers and emulators of the boards in examples/embedded.
board_packages=(gcc-arm-none-eabi libstdc++-arm-none-eabi-newlib qemu-system-arm gcc-riscv64-unknown-elf
  picolibc-riscv64-unknown-elf qemu-system-misc)
# Of the repository's own checks: left out, and named, where it cannot be had.
format_package=clang-format-16
install_if_there_is_one() {
  has_package "$1" || ! apt-cache show "$1" >/dev/null 2>&1 || install_packages "$1"
}
