# SPDX-License-Identifier: BSL-1.0
# lane NAME CMAKE_ARGUMENT... : one configuration of the project, built and judged in build/NAME.
# For sourcing from the repository root. What was judged is collected in `records` for summary.py.

jobs=$(nproc 2>/dev/null || echo 2)
records=()

begin_records() {
  mkdir -p build/records
  rm -f build/records/*
  records=(build/records/lanes.txt)
  : >build/records/lanes.txt
}

note() { echo "$1: $2" >>build/records/lanes.txt; }
skip() {
  echo "== skipped: $1"
  note skipped "$1"
}

# configure_and_build NAME TARGETS CMAKE_ARGUMENT... ; a failure is recorded, and the rest still judged.
configure_and_build() {
  local name=$1 targets=$2 log=build/$1/build.log keep_going=-k
  shift 2
  mkdir -p "build/$name"
  if ! cmake -B "build/$name" "$@" >"$log" 2>&1 </dev/null; then
    grep -A12 -m1 'CMake Error' "$log" || tail -20 "$log"
    note failed "$name: configure (build/$name/build.log)"
    return 1
  fi
  grep -q '^CMAKE_GENERATOR:.*=Ninja' "build/$name/CMakeCache.txt" && keep_going=-k0
  # shellcheck disable=SC2086 # a list of targets
  if ! cmake --build "build/$name" -j "$jobs" ${targets:+--target $targets} -- "$keep_going" >"$log" 2>&1 </dev/null; then
    grep -E '(error|warning|undefined reference|FAILED|\*\*\*)[: ]' "$log" | head -30
    note failed "$name: build (build/$name/build.log)"
  fi
}

# judge NAME [PATTERN]: runs the tests whose names match.
judge() {
  local name=$1 pattern=${2:-.} record=$PWD/build/records/$1.xml
  ctest --test-dir "build/$name" -R "$pattern" -j "$jobs" --timeout 900 --no-tests=error --output-junit "$record" \
    --test-output-size-passed 1000000 --test-output-size-failed 1000000 --output-on-failure --progress </dev/null 2>&1 |
    grep -vE '^$|^ +Start +[0-9]+:|^Total Test time|^Internal ctest|Test project|tests passed|^\[?[0-9 ]+/[0-9]+ Test' | tail -200
  if [ -f "$record" ]; then records+=("$record"); else note failed "$name: no test ran"; fi
}

lane() {
  local name=$1 start=$SECONDS
  echo "== $name"
  configure_and_build "$name" "" "${@:2}" && judge "$name"
  echo "== $name took $((SECONDS - start)) s"
}

# room_lane NAME ROOMS CMAKE_ARGUMENT... : only the test programs of some rooms (a pattern such as simd|kernels).
room_lane() {
  local name=$1 rooms=$2 pattern targets start=$SECONDS
  pattern="^test_($rooms)(_|\$)"
  shift 2
  echo "== $name"
  mkdir -p "build/$name"
  if ! cmake -B "build/$name" "$@" -DTYPEFORMER_BUILD_BENCHMARKS=OFF -DTYPEFORMER_BUILD_TOOLS=OFF \
      -DTYPEFORMER_BUILD_EXAMPLES=OFF -DTYPEFORMER_REPOSITORY_CHECKS=OFF >"build/$name/build.log" 2>&1 </dev/null; then
    tail -20 "build/$name/build.log"
    note failed "$name: configure (build/$name/build.log)"
    return
  fi
  targets=$(ctest --test-dir "build/$name" -N -R "$pattern" | sed -n 's/^ *Test *#[0-9]*: //p' | tr '\n' ' ')
  if [ -z "$targets" ]; then
    skip "$name: no tests in the rooms $rooms"
    return
  fi
  configure_and_build "$name" "$targets" && judge "$name" "$pattern"
  echo "== $name took $((SECONDS - start)) s"
}
