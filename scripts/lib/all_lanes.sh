# SPDX-License-Identifier: BSL-1.0
# What `scripts/test --all` adds. For sourcing from scripts/test.

numeric_rooms='simd|kernels|quantization|reference|activations'
# What works on data that come at run time, for sanitizers of g++, which compiles slowly.
rooms_with_data="$numeric_rooms|foundation|generation|session|objectives|optimizers|parameters|parallel|training|data|hosted|text|golden"
without_checks=(-DTYPEFORMER_REPOSITORY_CHECKS=OFF -DTYPEFORMER_BUILD_BENCHMARKS=OFF)

installable() { apt-cache show "$1" >/dev/null 2>&1; }

# --- clang 16 or newer, as it is installed, else the oldest that can be
find_clang() {
  local version
  for version in 23 22 21 20 19 18 17 16; do
    command -v "clang++-$version" && return
  done
  for version in 16 17 18 19 20 21 22 23; do
    installable "clang-$version" || continue
    install_packages "clang-$version" >&2 && command -v "clang++-$version" && return
  done
  return 1
}
clang=
sanitizers=
has_sanitizers() { echo 'int main() {}' | "$1" -x c++ - -fsanitize=address,undefined -o /dev/null 2>/dev/null; }
if clang=$(find_clang); then
  # What works on data that come at run time has sanitizers, and is compiled once. What a header includes is judged above.
  # Laws instantiate much and run for moments: at -O0 clang takes two fifths of the time of -O1.
  has_sanitizers "$clang" || install_packages "libclang-rt-${clang##*-}-dev"
  if has_sanitizers "$clang"; then
    sanitizers="-fsanitize=address,undefined;-fno-sanitize-recover=all;-fno-omit-frame-pointer;-g1;-UNDEBUG;\
-fsanitize-ignorelist=$PWD/scripts/lib/sanitizer_ignorelist.txt"
  fi
  lane clang --preset clang "${unmeasured[@]}" -DCMAKE_CXX_COMPILER="$clang" \
    -DTYPEFORMER_RUN_EVERY_KIND=ON -DTYPEFORMER_HEADER_CHECKS=OFF \
    -DTYPEFORMER_TEST_SANITIZERS="$sanitizers" -DTYPEFORMER_NUMERIC_OPTIMIZATION=-O1 \
    -DTYPEFORMER_LAW_OPTIMIZATION=-O0 \
    -DTYPEFORMER_PRECOMPILE_EXAMPLES=OFF  # what an example includes is judged here
  room_lane clang-optimized "$numeric_rooms" --preset clang -DCMAKE_CXX_COMPILER="$clang"
else
  skip "clang: no clang++ of version 16 or newer can be installed"
fi
if [ -z "$sanitizers" ]; then
  room_lane sanitizers "$rooms_with_data" --preset sanitizers -DCMAKE_CXX_COMPILER=g++
fi

# --- models of the families that people have in folders, each compiled and judged
zoo=${TYPEFORMER_SHARED:-../shared}/fixtures/zoo
echo "== zoo"
if [ ! -d "$zoo" ]; then
  skip "zoo: no $zoo"
elif scripts/conformance "$zoo" --build build/conformance >build/zoo.log 2>&1; then
  note passed "zoo: $(tail -1 build/zoo.log)"
else
  grep '^failed' build/zoo.log | cut -c1-200
  note failed "zoo: $(tail -1 build/zoo.log) (build/zoo.log)"
fi

# --- the newest g++, where it is another than the default one
newest_gxx=$(apt-cache pkgnames g++- 2>/dev/null | grep -E '^g\+\+-[0-9]+$' | sort -V | tail -1)
if [ -z "$newest_gxx" ]; then
  skip "newest g++: no package list"
elif [ "${newest_gxx#g++-}" = "$(g++ -dumpversion | cut -d. -f1)" ]; then
  echo "== $newest_gxx is the default compiler, judged above"
elif install_packages "$newest_gxx"; then
  lane newest-gxx --preset release -DCMAKE_CXX_COMPILER="$newest_gxx"
else
  skip "newest g++: $newest_gxx cannot be installed"
fi

# --- threads. The thread sanitizer of clang brings an operator new of its own, beside which that of some tests cannot be
# linked.
room_lane thread-sanitizer 'parallel|session|training|hosted_training_threads' --preset thread-sanitizer

# --- readers of files that anyone can have made, for half a minute each; for longer: scripts/fuzz
echo "== fuzzing"
if [ -z "$clang" ] || ! echo 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }' |
    "$clang" -x c++ - -fsanitize=fuzzer,address,undefined -o /dev/null 2>/dev/null; then
  skip "fuzzing: no clang++ with libFuzzer"
elif CXX=$clang scripts/fuzz 30; then
  note passed "fuzzing: every reader for 30 s"
else
  note failed "fuzzing (build/fuzzing/findings)"
fi

# --- instruction sets and backends; the default lane is the baseline
room_lane native "$numeric_rooms|golden|session|training" --preset native "${without_checks[@]}"
if grep -qw avx2 /proc/cpuinfo 2>/dev/null && grep -qw fma /proc/cpuinfo; then
  room_lane avx2 "$numeric_rooms" --preset release -DCMAKE_CXX_FLAGS=-march=x86-64-v3
else
  skip "avx2: this processor has no AVX2"
fi
room_lane scalar "$numeric_rooms" --preset release -DCMAKE_CXX_FLAGS=-DTYPEFORMER_SIMD_SCALAR
room_lane vector-extension "$numeric_rooms" --preset release -DCMAKE_CXX_FLAGS=-DTYPEFORMER_SIMD_GNU

# --- other targets: all core headers (that each can come first is judged above), and programs that instantiate them,
# analyzed by a cross compiler
# syntax_check NAME COMPILER OPTION...
syntax_check() {
  local name=$1 folder=build/$1 library source
  shift
  local -a command=("$@" -std=c++20 -fsyntax-only -fno-exceptions -fno-rtti -Wall -Wextra -Wpedantic -Wconversion -Wshadow
    -Werror -Iinclude -isystem "$folder/include")
  mkdir -p "$folder/include"
  for library in boost xsimd; do  # these alone: the rest of the host's headers is not the target's
    ln -sfn "/usr/include/$library" "$folder/include/$library"
  done
  : >"$folder/errors.log"
  (cd include && find typeformer -name '*.hpp') | grep -vE '/detail/|^typeformer/(hosted|formats|text|training|plots)[/.]' |
    sort | sed 's/.*/#include <&>/' >"$folder/headers.cpp"
  for source in "$folder/headers.cpp" tests/embedded/targets/*.cpp; do
    "${command[@]}" -O2 "$source" 2>>"$folder/errors.log" || echo "FAILED: $source" >>"$folder/errors.log"
  done
  grep -E '^FAILED|error' "$folder/errors.log" | head -20
  if grep -q '^FAILED' "$folder/errors.log"; then
    note failed "$name: headers ($folder/errors.log)"
  else
    note passed "$name: headers"
  fi
}
echo "== aarch64"
if [ ! -d /usr/include/boost ] || [ ! -d /usr/include/xsimd ]; then
  skip "aarch64: Boost and xsimd are not in /usr/include"
elif installable g++-aarch64-linux-gnu && install_packages g++-aarch64-linux-gnu; then
  syntax_check aarch64 aarch64-linux-gnu-g++
else
  skip "aarch64: no cross compiler can be installed"
fi
echo "== cortex-m7"
if [ ! -d /usr/include/boost ]; then
  skip "cortex-m7: Boost is not in /usr/include"
elif installable libstdc++-arm-none-eabi-newlib && install_packages gcc-arm-none-eabi libstdc++-arm-none-eabi-newlib; then
  syntax_check cortex-m7 arm-none-eabi-g++ -mcpu=cortex-m7 -mthumb -mfpu=fpv5-d16 -mfloat-abi=hard
else
  skip "cortex-m7: no cross compiler can be installed"
fi

# --- other versions of the libraries: what the distribution has, and sources that TYPEFORMER_MATRIX holds
# (NAME-TAG folders, such as catch2-v3.7.1 and xsimd-13.0.0). Nothing is fetched.
matrix=${TYPEFORMER_MATRIX:-$PWD/build/matrix}
mkdir -p "$matrix"

# given NAME TAG: whether the sources are in $matrix/NAME-TAG.
given() {
  [ -d "$matrix/$1-$2" ]
}

# A Boost of another version from the distribution, unpacked beside the installed one.
other_boost() {
  local version package
  version=$(apt-cache pkgnames libboost1 2>/dev/null | sed -n 's/^libboost\(1\.[0-9]*\)-dev$/\1/p' | sort -V | tail -1)
  package=libboost$version-dev
  [ -n "$version" ] && ! has_package "$package" || return 1
  if [ ! -d "$matrix/boost-$version/usr/include/boost" ]; then
    (cd "$matrix" && apt-get download -qq "$package" && dpkg-deb -x "$package"_*.deb "boost-$version") >&2 || return 1
  fi
  echo "$version"
}

catch_tag=v3.7.1
if [ -d /usr/include/catch2 ] && [ -e /usr/include/catch2/catch_all.hpp ]; then
  echo "== Catch2 3 is the installed one, judged above"
elif given catch2 $catch_tag &&
     { [ -d "$matrix/catch2-installed" ] ||
       { cmake -S "$matrix/catch2-$catch_tag" -B "$matrix/catch2-build" -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF \
           -DCMAKE_CXX_STANDARD=20 -DCATCH_INSTALL_DOCS=OFF -DCMAKE_INSTALL_PREFIX="$matrix/catch2-installed" &&
         cmake --build "$matrix/catch2-build" -j "$jobs" --target install; } >"$matrix/catch2.log" 2>&1; }; then
  lane catch2-3 --preset release "${without_checks[@]}" -DCatch2_ROOT="$matrix/catch2-installed"
else
  skip "Catch2 3: neither installed nor in $matrix/catch2-$catch_tag"
fi

for tag in 13.0.0 14.0.0; do
  if given xsimd $tag; then
    room_lane "xsimd-$tag" "$numeric_rooms" --preset release -DTYPEFORMER_XSIMD_ROOT="$matrix/xsimd-$tag" \
      -DCMAKE_CXX_FLAGS=-march=native
  else
    skip "xsimd $tag: not in $matrix/xsimd-$tag"
  fi
done

if version=$(other_boost); then
  room_lane "boost-$version" 'models|hosted_training_threads' --preset release \
    -DBoost_ROOT="$matrix/boost-$version/usr"
else
  skip "another Boost: the distribution has none beside the installed one"
fi
