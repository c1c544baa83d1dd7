# SPDX-License-Identifier: BSL-1.0
# Finds xsimd's headers and defines typeformer::xsimd. xsimd's own package rejects a newer major version than the one
# that is asked for; typeformer accepts every version from 8.1 on.
# TYPEFORMER_XSIMD_ROOT or xsimd_ROOT names another installation or checkout.
find_path(xsimd_INCLUDE_DIR xsimd/xsimd.hpp
  HINTS "${TYPEFORMER_XSIMD_ROOT}" "$ENV{TYPEFORMER_XSIMD_ROOT}" PATH_SUFFIXES include
)
mark_as_advanced(xsimd_INCLUDE_DIR)

if(xsimd_INCLUDE_DIR)
  set(xsimd_VERSION "")
  foreach(part MAJOR MINOR PATCH)
    file(STRINGS ${xsimd_INCLUDE_DIR}/xsimd/config/xsimd_config.hpp line REGEX "#define XSIMD_VERSION_${part} ")
    string(REGEX MATCH "[0-9]+" number "${line}")
    list(APPEND xsimd_VERSION ${number})
  endforeach()
  list(JOIN xsimd_VERSION "." xsimd_VERSION)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(xsimd REQUIRED_VARS xsimd_INCLUDE_DIR VERSION_VAR xsimd_VERSION
  REASON_FAILURE_MESSAGE "Install libxsimd-dev or give TYPEFORMER_XSIMD_ROOT."
)

if(xsimd_FOUND AND NOT TARGET typeformer::xsimd)
  add_library(typeformer::xsimd INTERFACE IMPORTED GLOBAL)
  target_include_directories(typeformer::xsimd INTERFACE ${xsimd_INCLUDE_DIR})
endif()
