# SPDX-License-Identifier: GPL-3.0-or-later
# Installs the build into a scratch folder, builds the consumer against it with unlike flags and compilers, and checks what
# it prints.
file(REMOVE_RECURSE ${SCRATCH})
execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${SCRATCH}/prefix
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)

function(check_consumer name flags)
  set(folder ${SCRATCH}/${name})
  execute_process(COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${folder} -DCMAKE_PREFIX_PATH=${SCRATCH}/prefix
    -DCMAKE_BUILD_TYPE=None "-DCMAKE_CXX_FLAGS=${flags} ${FLAGS}" ${ARGN} OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${CMAKE_COMMAND} --build ${folder} OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  # Freed memory is overwritten: what is used after it, or freed by another allocator's rules, shows.
  execute_process(COMMAND ${CMAKE_COMMAND} -E env MALLOC_PERTURB_=165 MALLOC_CHECK_=3 ${folder}/consumer
    OUTPUT_VARIABLE printed RESULT_VARIABLE result)
  message(STATUS "${name}: ${printed}")
  # The law is within exp(-int beta) = 4e-5 of N(0, 1): its entropy is 1.41893 to five digits.
  if(NOT result EQUAL 0 OR NOT printed MATCHES "h\\(stop\\) = 1\\.4189[0-9]+")
    message(FATAL_ERROR "compiled with ${flags}, the consumer ended with ${result} and printed: ${printed}")
  endif()
endfunction()

check_consumer(O0 "-O0")
check_consumer(O2 "-O2")
if(NOT FLAGS)
  check_consumer(O3_native "-O3 -march=native")
  find_program(CLANG clang++)
  if(CLANG)
    check_consumer(clang "-O2" -DCMAKE_CXX_COMPILER=${CLANG})
  else()
    message(STATUS "skipped: clang++ is not installed")
  endif()
endif()

# The first program of docs/ is a project of its own. Each line must print errors no larger than these: finite volumes on
# cells of 0.08 are of order 2, all else is exact in space, and its steps are held to 1e-8.
function(check_number printed pattern most)
  if(NOT printed MATCHES "${pattern}")
    message(FATAL_ERROR "docs/first.cpp printed no \"${pattern}\": ${printed}")
  elseif(NOT CMAKE_MATCH_1 LESS_EQUAL most)
    message(FATAL_ERROR "docs/first.cpp: ${CMAKE_MATCH_0}, which is more than ${most}")
  endif()
endfunction()

set(first ${SCRATCH}/first)
execute_process(COMMAND ${CMAKE_COMMAND} -S ${SOURCE}/../../docs -B ${first} -DCMAKE_PREFIX_PATH=${SCRATCH}/prefix
  -DCMAKE_BUILD_TYPE=Release "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror ${FLAGS}" OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${first} OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${first}/first OUTPUT_VARIABLE printed COMMAND_ERROR_IS_FATAL ANY)
message(STATUS "first.cpp printed\n${printed}")
set(number "([0-9.]+e[-+][0-9]+)")
check_number("${printed}" "finite volumes: error ${number}" 1e-3)
check_number("${printed}" "Fourier: +error ${number}" 1e-9)
check_number("${printed}" "reversed: +error ${number}" 1e-9)
check_number("${printed}" "h.0. to ${number}" 1e-9)
check_number("${printed}" "running cost to ${number}" 1e-9)
check_number("${printed}" "ends met to ${number}" 1e-12)


# Without CMake's targets: umkehr before Eigen is well, Eigen before it, with another alignment, is stopped by a message.
function(check_by_hand text succeeds)
  file(WRITE ${SCRATCH}/by_hand.cpp "${text}")
  execute_process(COMMAND ${COMPILER} -std=c++20 -fsyntax-only -isystem ${EIGEN} -I ${SCRATCH}/prefix/include/umkehr
    ${SCRATCH}/by_hand.cpp ERROR_VARIABLE complaint RESULT_VARIABLE result)
  if(succeeds AND NOT result EQUAL 0)
    message(FATAL_ERROR "by hand: ${complaint}")
  elseif(NOT succeeds AND (result EQUAL 0 OR NOT complaint MATCHES "umkehr needs Eigen with EIGEN_MAX_ALIGN_BYTES=64"))
    message(FATAL_ERROR "Eigen of another alignment was not refused: ${complaint}")
  endif()
endfunction()
check_by_hand("#include \"solver/law/gaussian_mixture.hpp\"\n#include <Eigen/Core>\n" TRUE)
check_by_hand("#include <Eigen/Core>\n#include \"solver/law/gaussian_mixture.hpp\"\n" FALSE)
check_by_hand("#define EIGEN_MAX_ALIGN_BYTES 32\n#include \"solver/cells/cells.hpp\"\n" FALSE)
