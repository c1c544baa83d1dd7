# SPDX-License-Identifier: BSL-1.0
# Builds and runs the project CONSUMER as a stranger would, and looks at what reached it.
function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGV}\n${output}")
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK})
set(prefix ${WORK}/prefix)

if(CONSUMER STREQUAL "subdirectory")
  list(APPEND OPTIONS -DTYPEFORMER_SOURCE=${SOURCE})
else()
  run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix})
  list(APPEND OPTIONS -Dtypeformer_ROOT=${prefix})

  if(CONSUMER STREQUAL "model_for_another_machine")  # as CMake sees it: a toolchain that names a system
    list(APPEND OPTIONS -DCMAKE_SYSTEM_NAME=Linux)
    set(ENV{CXX} ${WORK}/compiler_for_another_machine)
    set(CONSUMER model)
  endif()
  if(CONSUMER STREQUAL "model")
    list(APPEND OPTIONS -DCONFIG=${SOURCE}/tests/golden/models/llama)
  endif()
  if(CONSUMER STREQUAL "text")  # it stands on the standard library alone
    list(APPEND OPTIONS -DCMAKE_DISABLE_FIND_PACKAGE_Boost=ON -DCMAKE_DISABLE_FIND_PACKAGE_xsimd=ON
      -DCMAKE_DISABLE_FIND_PACKAGE_utf8proc=ON)
  endif()

  # Every header is installed; nothing else but the license and the package is.
  file(GLOB_RECURSE headers RELATIVE ${SOURCE} ${SOURCE}/include/typeformer/*.hpp)
  file(GLOB_RECURSE installed RELATIVE ${prefix} ${prefix}/*)
  set(strangers ${installed})
  list(REMOVE_ITEM strangers ${headers})
  list(REMOVE_ITEM headers ${installed})
  list(FILTER strangers EXCLUDE REGEX "^share/(cmake|licenses)/typeformer/[^/]+$")
  list(FILTER strangers EXCLUDE REGEX "^share/cmake/typeformer/tools/(import|embed|compile.hpp|process.hpp)")  # typeformer_add_model compiles them
  if(headers OR strangers)
    message(FATAL_ERROR "missing after installation: ${headers}\nnot meant for a consumer: ${strangers}")
  endif()
endif()

run(${CMAKE_COMMAND} -G ${GENERATOR} -S ${CMAKE_CURRENT_LIST_DIR}/${CONSUMER} -B ${WORK}/build
  -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_BUILD_TYPE=Release -DCMAKE_EXPORT_COMPILE_COMMANDS=ON ${OPTIONS})
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${WORK}/build/consumer)

# The consumer's own compiler options are its own.
file(READ ${WORK}/build/compile_commands.json commands)
if(CONSUMER STREQUAL "dispatched")  # what it compiles for several instruction sets has their options
  string(REGEX REPLACE "[^\n]*/sums?\\.cpp[^\n]*" "" commands "${commands}")
endif()
if(commands MATCHES "-march|-mcpu|-mtune|-W[a-z]|-O[012]|-fno-")
  message(FATAL_ERROR "an option of ours reached the consumer: ${CMAKE_MATCH_0}\n${commands}")
endif()

# Neither tests nor benchmarks nor what they need.
file(GLOB_RECURSE sources ${WORK}/build/CMakeFiles/*.o)
if(CONSUMER STREQUAL "dispatched")
  list(FILTER sources EXCLUDE REGEX "/sums?\\.cpp\\.o$")
endif()
list(LENGTH sources objects)
file(STRINGS ${WORK}/build/CMakeCache.txt looked_for REGEX "^(Catch2|benchmark|CLI11|Python3)_")
execute_process(COMMAND ${CMAKE_CTEST_COMMAND} -N --test-dir ${WORK}/build OUTPUT_VARIABLE tests ERROR_QUIET)
if(looked_for OR NOT objects EQUAL 1 OR NOT tests MATCHES "Total Tests: 0")
  message(FATAL_ERROR "tests or benchmarks reached the consumer: ${looked_for}, ${objects} objects\n${tests}")
endif()
