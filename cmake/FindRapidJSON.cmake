# SPDX-License-Identifier: BSL-1.0
# Finds RapidJSON's headers and defines typeformer::rapidjson. RapidJSON_ROOT names another installation or checkout.
find_path(RapidJSON_INCLUDE_DIR rapidjson/rapidjson.h PATH_SUFFIXES include)
mark_as_advanced(RapidJSON_INCLUDE_DIR)

if(RapidJSON_INCLUDE_DIR)
  set(RapidJSON_VERSION "")
  foreach(part MAJOR MINOR PATCH)
    file(STRINGS ${RapidJSON_INCLUDE_DIR}/rapidjson/rapidjson.h line REGEX "#define RAPIDJSON_${part}_VERSION ")
    string(REGEX MATCH "[0-9]+" number "${line}")
    list(APPEND RapidJSON_VERSION ${number})
  endforeach()
  list(JOIN RapidJSON_VERSION "." RapidJSON_VERSION)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(RapidJSON REQUIRED_VARS RapidJSON_INCLUDE_DIR VERSION_VAR RapidJSON_VERSION)

if(RapidJSON_FOUND AND NOT TARGET typeformer::rapidjson)
  add_library(typeformer::rapidjson INTERFACE IMPORTED GLOBAL)
  target_include_directories(typeformer::rapidjson INTERFACE ${RapidJSON_INCLUDE_DIR})
endif()
