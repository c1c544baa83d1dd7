# SPDX-License-Identifier: BSL-1.0
# Finds utf8proc and defines typeformer::utf8proc. utf8proc_ROOT names another installation.
find_path(utf8proc_INCLUDE_DIR utf8proc.h PATH_SUFFIXES include)
find_library(utf8proc_LIBRARY utf8proc)
mark_as_advanced(utf8proc_INCLUDE_DIR utf8proc_LIBRARY)

if(utf8proc_INCLUDE_DIR)
  set(utf8proc_VERSION "")
  foreach(part MAJOR MINOR PATCH)
    file(STRINGS ${utf8proc_INCLUDE_DIR}/utf8proc.h line REGEX "#define UTF8PROC_VERSION_${part} ")
    string(REGEX REPLACE "^.*VERSION_${part} +([0-9]+).*$" "\\1" number "${line}")
    list(APPEND utf8proc_VERSION ${number})
  endforeach()
  list(JOIN utf8proc_VERSION "." utf8proc_VERSION)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(utf8proc REQUIRED_VARS utf8proc_LIBRARY utf8proc_INCLUDE_DIR VERSION_VAR utf8proc_VERSION)

if(utf8proc_FOUND AND NOT TARGET typeformer::utf8proc)
  add_library(typeformer::utf8proc UNKNOWN IMPORTED GLOBAL)
  set_target_properties(typeformer::utf8proc PROPERTIES
    IMPORTED_LOCATION ${utf8proc_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${utf8proc_INCLUDE_DIR}
  )
endif()
