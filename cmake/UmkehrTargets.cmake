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
  -Wall -Wextra -Wconversion
  # In a unity file a helper of one source is global to the next, whose local variables may have its name.
  $<IF:$<AND:$<BOOL:${UMKEHR_UNITY_AND_PRECOMPILED}>,$<CXX_COMPILER_ID:GNU>>,-Wshadow=local,-Wshadow>
  # Lanes pass in memory where registers are narrower; they do so only within one source.
  -Wno-psabi
  $<$<BOOL:${UMKEHR_WARNINGS_ARE_ERRORS}>:-Werror>
  # GCC warns of every one of Eigen's vector types that is a template's argument, hundreds of times.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-ignored-attributes>
  # GCC 12 takes its own AVX-512 intrinsics, inlined from Eigen, for uses of uninitialised values, and copies of the
  # standard library's strings for ones past their end.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-uninitialized -Wno-maybe-uninitialized
    -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread -Wno-restrict>
  # Neither changes a result; both let loops with square roots and selections use vector units.
  -fno-math-errno -fno-trapping-math)
if(NOT UMKEHR_PORTABLE)
  # "znver3 -mavx512f" is an architecture and what it has beside.
  separate_arguments(architecture UNIX_COMMAND "-march=${UMKEHR_ARCHITECTURE}")
  target_compile_options(umkehr_options INTERFACE ${architecture})
endif()
if(UMKEHR_SANITIZED)
  # Without three checks of every pointer, which double the time to compile: what they see faults by itself, or is seen
  # by the address sanitizer.
  target_compile_options(umkehr_options INTERFACE
    -fsanitize=address,undefined -fno-sanitize=null,alignment,vptr -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(umkehr_options INTERFACE -fsanitize=address,undefined)
endif()

# Headers that nearly every source needs, compiled once for all targets with the same options.
function(umkehr_precompile target)
  if(UMKEHR_UNITY_AND_PRECOMPILED)
    target_precompile_headers(${target} PRIVATE
      <Eigen/Core> <algorithm> <array> <cmath> <functional> <map> <memory> <optional> <span> <stdexcept> <string>
      <string_view> <variant> <vector> ${ARGN})
  endif()
endfunction()

# A room: a static library named umkehr_NAME, of all sources in its folder, that others see as umkehr::NAME. They are
# compiled eight at a time, which takes half the time of one by one, but for those that stay ALONE: hot loops, whose
# inlining should not depend on their neighbours, and what is long to compile by itself.
function(umkehr_room name)
  cmake_parse_arguments(ROOM "" "" "ALONE;EXCEPT;LINK;LINK_PRIVATE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} *.cpp)
  list(REMOVE_ITEM sources ${ROOM_EXCEPT})
  add_library(umkehr_${name} STATIC ${sources})
  add_library(umkehr::${name} ALIAS umkehr_${name})
  set_target_properties(umkehr_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON
    UNITY_BUILD ${UMKEHR_UNITY_AND_PRECOMPILED} UNITY_BUILD_BATCH_SIZE 8)
  set_source_files_properties(${ROOM_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_include_directories(umkehr_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:include/umkehr>)
  target_compile_features(umkehr_${name} PUBLIC cxx_std_20)
  # Here and for users alike: see grids/dense/eigen.hpp.
  target_compile_definitions(umkehr_${name} PUBLIC EIGEN_MAX_ALIGN_BYTES=64 EIGEN_DONT_PARALLELIZE)
  target_link_libraries(umkehr_${name} PUBLIC ${ROOM_LINK}
    PRIVATE $<BUILD_INTERFACE:umkehr::options> ${ROOM_LINK_PRIVATE})
  if(name STREQUAL grids)
    umkehr_precompile(umkehr_grids)
  elseif(UMKEHR_UNITY_AND_PRECOMPILED AND NOT name STREQUAL experiments)
    target_precompile_headers(umkehr_${name} REUSE_FROM umkehr_grids)
  endif()
endfunction()
