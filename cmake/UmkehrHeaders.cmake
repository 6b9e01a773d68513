# SPDX-License-Identifier: GPL-3.0-or-later
# Each header alone, twice: it includes what it uses, and only once.
file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}
  grids/*.hpp solver/*.hpp experiments/*.hpp validation/*.hpp)
set(sources "")
foreach(header ${headers})
  set(source ${PROJECT_BINARY_DIR}/headers/${header}.cpp)
  file(CONFIGURE OUTPUT ${source} CONTENT "#include \"@header@\"\n#include \"@header@\"\n" @ONLY)
  list(APPEND sources ${source})
endforeach()
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
add_library(umkehr_headers OBJECT ${sources})
target_link_libraries(umkehr_headers PRIVATE umkehr::experiments CLI11::CLI11
  nlohmann_json::nlohmann_json umkehr::options)
if(TARGET validation_support)
  target_link_libraries(umkehr_headers PRIVATE validation_support)
endif()
