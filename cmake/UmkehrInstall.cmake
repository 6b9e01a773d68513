# SPDX-License-Identifier: GPL-3.0-or-later
# `cmake --install` puts the command, the library with its headers, and find_package(umkehr) in place.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS umkehr RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS umkehr_grids umkehr_process umkehr_law umkehr_generator umkehr_stepping umkehr_finite_volume umkehr_fourier
  umkehr_hermite umkehr_path_integral umkehr_kolmogorov umkehr_spectrum umkehr_paths umkehr_score umkehr_reversal umkehr_particles
  umkehr_action umkehr_hjb umkehr_bridge umkehr_cells
  EXPORT umkehr ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY grids solver DESTINATION include/umkehr FILES_MATCHING PATTERN "*.hpp")
install(DIRECTORY experiments/figures DESTINATION ${CMAKE_INSTALL_DATADIR}/umkehr FILES_MATCHING PATTERN "*.py")
install(DIRECTORY experiments/ DESTINATION ${CMAKE_INSTALL_DATADIR}/umkehr/experiments FILES_MATCHING PATTERN "*.toml"
  REGEX "/(command|examples|figures|input|output|tasks|text)$" EXCLUDE)
install(EXPORT umkehr NAMESPACE umkehr:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/umkehr)

configure_package_config_file(cmake/umkehrConfig.cmake.in umkehrConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/umkehr)
write_basic_package_version_file(umkehrConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/umkehrConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/umkehrConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/umkehr)
