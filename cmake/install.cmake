# SPDX-License-Identifier: BSL-1.0
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_directory ${CMAKE_INSTALL_DATADIR}/cmake/typeformer)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/typeformer DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/licenses/typeformer)

# One export a target, so that a consumer needs only the libraries of the components that it asks for.
install(TARGETS typeformer_text EXPORT typeformerTextTargets)
install(EXPORT typeformerTextTargets NAMESPACE typeformer:: DESTINATION ${package_directory})
install(TARGETS typeformer EXPORT typeformerTargets)
install(EXPORT typeformerTargets NAMESPACE typeformer:: DESTINATION ${package_directory})
if(TARGET typeformer_hosted)
  install(TARGETS typeformer_hosted EXPORT typeformerHostedTargets)
  install(EXPORT typeformerHostedTargets NAMESPACE typeformer:: DESTINATION ${package_directory})
endif()

configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/cmake/typeformerConfig.cmake.in ${PROJECT_BINARY_DIR}/typeformerConfig.cmake
  INSTALL_DESTINATION ${package_directory} NO_SET_AND_CHECK_MACRO
)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/typeformerConfigVersion.cmake
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT
)
install(FILES
  ${PROJECT_BINARY_DIR}/typeformerConfig.cmake ${PROJECT_BINARY_DIR}/typeformerConfigVersion.cmake
  ${PROJECT_SOURCE_DIR}/cmake/Findxsimd.cmake ${PROJECT_SOURCE_DIR}/cmake/FindRapidJSON.cmake
  ${PROJECT_SOURCE_DIR}/cmake/Findutf8proc.cmake ${PROJECT_SOURCE_DIR}/cmake/typeformer_add_model.cmake
  ${PROJECT_SOURCE_DIR}/cmake/typeformer_add_dispatched.cmake ${PROJECT_SOURCE_DIR}/cmake/typeformer_isa_object.cmake
  DESTINATION ${package_directory}
)

# typeformer_add_model builds typeformer-import where it is used, for the machine that builds.
install(FILES ${PROJECT_SOURCE_DIR}/tools/import.cpp DESTINATION ${package_directory}/tools)
install(FILES ${PROJECT_SOURCE_DIR}/tools/compile.hpp ${PROJECT_SOURCE_DIR}/tools/process.hpp DESTINATION ${package_directory}/tools)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/tools/import ${PROJECT_SOURCE_DIR}/tools/embed DESTINATION ${package_directory}/tools)
