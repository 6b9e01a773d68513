# SPDX-License-Identifier: GPL-3.0-or-later
# Every public header reads Eigen through grids/dense/eigen.hpp, which holds all sources to one alignment.
file(GLOB_RECURSE headers RELATIVE ${SOURCE} ${SOURCE}/grids/*.hpp ${SOURCE}/solver/*.hpp)
foreach(header ${headers})
  file(READ ${SOURCE}/${header} text)
  if(text MATCHES "#include <(unsupported/)?Eigen/" AND NOT text MATCHES "#include \"grids/dense/eigen.hpp\""
     AND NOT header STREQUAL "grids/dense/eigen.hpp")
    message(SEND_ERROR "${header} includes Eigen without grids/dense/eigen.hpp")
  endif()
endforeach()
