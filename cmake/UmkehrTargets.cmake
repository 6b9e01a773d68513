# SPDX-License-Identifier: GPL-3.0-or-later
# How every target of umkehr is compiled, and what it may link to.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})

find_package(Threads REQUIRED)
find_package(OpenMP REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(Boost 1.74 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(FFTW REQUIRED IMPORTED_TARGET fftw3)

add_library(umkehr_options INTERFACE)
add_library(umkehr::options ALIAS umkehr_options)
target_compile_features(umkehr_options INTERFACE cxx_std_20)
target_compile_options(umkehr_options INTERFACE
  -Wall -Wextra -Wconversion -Wshadow
  # Lanes pass in memory where registers are narrower; they do so only within one source.
  -Wno-psabi
  $<$<BOOL:${UMKEHR_WARNINGS_ARE_ERRORS}>:-Werror>
  # GCC 12 takes its own AVX-512 intrinsics, inlined from Eigen, for uses of uninitialised values.
  # From precompiled headers it warns of Eigen's vector types and of the standard library's strings as if they were ours.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized -Wno-ignored-attributes -Wno-array-bounds
    -Wno-stringop-overflow -Wno-stringop-overread>
  # Neither changes a result; both let loops with square roots and selections use vector units.
  -fno-math-errno -fno-trapping-math)
if(NOT UMKEHR_PORTABLE)
  target_compile_options(umkehr_options INTERFACE -march=native)
endif()
if(UMKEHR_SANITIZED)
  # With them GCC 12 takes its own intrinsics for uninitialised.
  target_compile_options(umkehr_options INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -Wno-uninitialized)
  target_link_options(umkehr_options INTERFACE -fsanitize=address,undefined)
endif()

# Headers that nearly every source needs, compiled once for all targets with the same options.
function(umkehr_precompile target)
  target_precompile_headers(${target} PRIVATE
    <Eigen/Core> <algorithm> <array> <cmath> <functional> <map> <memory> <optional> <span> <stdexcept> <string>
    <string_view> <variant> <vector> ${ARGN})
endfunction()

# A room: a static library named umkehr_NAME that others see as umkehr::NAME.
function(umkehr_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINK;LINK_PRIVATE" ${ARGN})
  add_library(umkehr_${name} STATIC ${ROOM_SOURCES})
  add_library(umkehr::${name} ALIAS umkehr_${name})
  set_target_properties(umkehr_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  target_include_directories(umkehr_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:include/umkehr>)
  target_compile_features(umkehr_${name} PUBLIC cxx_std_20)
  # Eigen's own threads would change the order of sums with their number; in all code or in none, for one definition.
  target_compile_definitions(umkehr_${name} PUBLIC EIGEN_DONT_PARALLELIZE)
  target_link_libraries(umkehr_${name} PUBLIC ${ROOM_LINK}
    PRIVATE $<BUILD_INTERFACE:umkehr::options> ${ROOM_LINK_PRIVATE})
  if(name STREQUAL grids)
    umkehr_precompile(umkehr_grids)
  elseif(NOT name STREQUAL experiments)
    target_precompile_headers(umkehr_${name} REUSE_FROM umkehr_grids)
  endif()
endfunction()
