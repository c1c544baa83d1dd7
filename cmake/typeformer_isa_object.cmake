# SPDX-License-Identifier: BSL-1.0
# cmake -DLINKER= -DOBJCOPY= -DNM= -DOBJDUMP= -DSYMBOL= -DOUTPUT= -P typeformer_isa_object.cmake -- object...
#
# Makes one object file of several, in which SYMBOL is the only name that the linker sees, and nothing runs before main.
function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE errors)
  if(NOT status EQUAL 0)
    file(REMOVE ${OUTPUT})
    message(FATAL_ERROR "${ARGV}\n${output}${errors}")
  endif()
  set(output ${output} PARENT_SCOPE)
endfunction()

set(objects "")
set(is_object FALSE)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(i RANGE ${last})
  if(is_object)
    list(APPEND objects ${CMAKE_ARGV${i}})
  elseif(CMAKE_ARGV${i} STREQUAL "--")
    set(is_object TRUE)
  endif()
endforeach()
cmake_path(GET OUTPUT PARENT_PATH folder)
file(MAKE_DIRECTORY ${folder})

# Linked together, the objects have each inline function once. Groups would make the linker leave out functions that
# another object also has.
run(${LINKER} -r -o ${OUTPUT}.linked ${objects})
run(${OBJCOPY} --remove-section=.group --keep-global-symbol=${SYMBOL} ${OUTPUT}.linked ${OUTPUT})
file(REMOVE ${OUTPUT}.linked)

run(${NM} -g --defined-only ${OUTPUT})
string(REGEX MATCHALL "[^ \n]+\n" names "${output}\n")
list(TRANSFORM names STRIP)
if(NOT names STREQUAL SYMBOL)
  file(REMOVE ${OUTPUT})
  message(FATAL_ERROR "${OUTPUT}: expected the symbol ${SYMBOL} alone, found ${names}: does a source have "
    "TYPEFORMER_DEFINE_DISPATCHED?")
endif()

# What runs before main runs on every processor. Priorities of at most 100 are the compiler's own, as for
# sanitizers and coverage.
run(${OBJDUMP} -h ${OUTPUT})
if(output MATCHES " \\.(init_array|ctors)(\\.0*([1-9][0-9][1-9]|[1-9][1-9]0|[2-9]00|[1-9][0-9][0-9][0-9]+))? ")
  file(REMOVE ${OUTPUT})
  message(FATAL_ERROR "${OUTPUT}: an object at namespace scope is initialized before main, with instructions that the "
    "processor may not have. Make it constinit or static in a function; <iostream> has such an object, <ostream> has none.")
endif()
