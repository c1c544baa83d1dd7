# SPDX-License-Identifier: BSL-1.0
# typeformer_add_model(target NAME my_model CONFIG folder [CONTEXT tokens] [BATCH sequences])
#
# The type my_model from folder/config.json: at build time typeformer-import writes my_model.hpp, and the target can
# include <my_model.hpp>. A config.json that says something else, or that the library cannot follow, is read again or
# ends the build with a sentence.
#
# The program that writes the header is the one of this build, or it is built for the machine that builds (also when the
# target is for another one), or TYPEFORMER_IMPORT names it. CXX and CXXFLAGS of the environment are not used for it
# when cross-compiling: TYPEFORMER_HOST_CXX names another compiler than the system's own.
include_guard(GLOBAL)

function(typeformer_add_model target)
  cmake_parse_arguments(PARSE_ARGV 1 model "" "NAME;CONFIG;CONTEXT;BATCH" "")
  if(NOT TARGET ${target})
    message(FATAL_ERROR "typeformer_add_model: there is no target ${target}")
  endif()
  if(NOT model_NAME OR NOT model_CONFIG OR model_UNPARSED_ARGUMENTS OR model_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "usage: typeformer_add_model(target NAME my_model CONFIG folder [CONTEXT tokens] [BATCH sequences])")
  endif()
  if(NOT model_NAME MATCHES "^[A-Za-z][A-Za-z0-9_]*$")
    message(FATAL_ERROR "typeformer_add_model: NAME ${model_NAME} is not the name of a C++ type")
  endif()
  cmake_path(ABSOLUTE_PATH model_CONFIG NORMALIZE)
  if(NOT EXISTS ${model_CONFIG}/config.json)
    message(FATAL_ERROR "typeformer_add_model: there is no ${model_CONFIG}/config.json")
  endif()
  set(capacities "")
  if(model_CONTEXT)
    list(APPEND capacities --context ${model_CONTEXT})
  endif()
  if(model_BATCH)
    list(APPEND capacities --batch ${model_BATCH})
  endif()

  typeformer_import_program(program dependency)
  set(place ${CMAKE_CURRENT_BINARY_DIR}/typeformer_models/${target})
  set(header ${place}/${model_NAME}.hpp)
  file(MAKE_DIRECTORY ${place})
  add_custom_command(OUTPUT ${header}
    COMMAND ${program} ${model_CONFIG} --name ${model_NAME} ${capacities} -o ${header}
    DEPENDS ${model_CONFIG}/config.json ${dependency}
    COMMENT "Importing ${model_NAME} from ${model_CONFIG}/config.json"
    VERBATIM
  )
  add_custom_target(${target}_${model_NAME} DEPENDS ${header})
  add_dependencies(${target} ${target}_${model_NAME})
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "INTERFACE_LIBRARY")
    target_include_directories(${target} INTERFACE ${place})
  else()
    target_include_directories(${target} PRIVATE ${place})
  endif()
endfunction()

# The program that writes headers, and what a command that runs it depends on.
function(typeformer_import_program program_variable dependency_variable)
  set(dependency "")
  if(TYPEFORMER_IMPORT)
    set(program ${TYPEFORMER_IMPORT})
    if(EXISTS ${program})
      set(dependency ${program})
    endif()
  elseif(TARGET typeformer-import AND NOT CMAKE_CROSSCOMPILING)
    set(program $<TARGET_FILE:typeformer-import>)
    set(dependency typeformer-import)
  else()
    set(place ${CMAKE_BINARY_DIR}/typeformer-import)
    set(program ${place}/bin/typeformer-import)
    if(CMAKE_HOST_WIN32)
      string(APPEND program .exe)
    endif()
    set(dependency typeformer_import_for_this_machine)
    if(NOT TARGET ${dependency})
      typeformer_build_import(${dependency} ${program} ${place})
    endif()
    list(APPEND dependency ${program})  # the headers of an older program are written again
  endif()
  set(${program_variable} ${program} PARENT_SCOPE)
  set(${dependency_variable} ${dependency} PARENT_SCOPE)
endfunction()

# The target that configures and builds the program as a project of its own.
function(typeformer_build_import target program place)
  set(here ${CMAKE_CURRENT_FUNCTION_LIST_DIR})
  if(EXISTS ${here}/tools/import.cpp)  # as it is installed
    set(tools ${here}/tools)
    get_target_property(include typeformer::text INTERFACE_INCLUDE_DIRECTORIES)
  else()
    cmake_path(SET tools NORMALIZE ${here}/../tools)
    cmake_path(SET include NORMALIZE ${here}/../include)
  endif()

  # It runs for milliseconds: what counts is how soon it is built.
  set(options -DCMAKE_BUILD_TYPE=Debug -DTYPEFORMER_INCLUDE=${include} -DCMAKE_MODULE_PATH=${here}
    -DCMAKE_RUNTIME_OUTPUT_DIRECTORY=${place}/bin -DCMAKE_RUNTIME_OUTPUT_DIRECTORY_DEBUG=${place}/bin)
  foreach(variable RapidJSON_ROOT RapidJSON_INCLUDE_DIR)
    if(${variable} AND NOT (CMAKE_CROSSCOMPILING AND variable STREQUAL "RapidJSON_INCLUDE_DIR"))
      list(APPEND options -D${variable}=${${variable}})
    endif()
  endforeach()
  set(environment "")
  if(TYPEFORMER_HOST_CXX)
    list(APPEND options -DCMAKE_CXX_COMPILER=${TYPEFORMER_HOST_CXX})
  elseif(NOT CMAKE_CROSSCOMPILING)
    list(APPEND options -DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER})
  endif()
  if(CMAKE_CROSSCOMPILING)
    set(environment ${CMAKE_COMMAND} -E env --unset=CXX --unset=CXXFLAGS --unset=CPPFLAGS --unset=LDFLAGS
      --unset=CMAKE_TOOLCHAIN_FILE)
  endif()
  if(NOT CMAKE_GENERATOR MATCHES "Visual Studio|Xcode")
    list(APPEND options -DCMAKE_MAKE_PROGRAM=${CMAKE_MAKE_PROGRAM})
  endif()

  file(GLOB sources CONFIGURE_DEPENDS ${tools}/import.cpp ${tools}/import/*)
  add_custom_command(OUTPUT ${program}
    COMMAND ${environment} ${CMAKE_COMMAND} -G ${CMAKE_GENERATOR} -S ${tools}/import -B ${place} ${options}
    COMMAND ${environment} ${CMAKE_COMMAND} --build ${place} --config Debug
    COMMAND ${CMAKE_COMMAND} -E touch ${program}
    DEPENDS ${sources}
    COMMENT "Building typeformer-import for this machine"
    VERBATIM
  )
  add_custom_target(${target} DEPENDS ${program})
endfunction()
