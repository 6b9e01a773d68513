# SPDX-License-Identifier: GPL-3.0-or-later
# Installs the build into a scratch folder, builds the consumer against it and checks the number that it prints.
file(REMOVE_RECURSE ${SCRATCH})
execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${SCRATCH}/prefix
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${SCRATCH}/build -DCMAKE_PREFIX_PATH=${SCRATCH}/prefix
  -DCMAKE_BUILD_TYPE=Release "-DCMAKE_CXX_FLAGS=${FLAGS}" OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${SCRATCH}/build OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${SCRATCH}/build/consumer OUTPUT_VARIABLE printed COMMAND_ERROR_IS_FATAL ANY)
message(STATUS "${printed}")
# The law is within exp(-int beta) = 4e-5 of N(0, 1): its entropy is 1.41893 to five digits.
if(NOT printed MATCHES "h\\(stop\\) = 1\\.4189[0-9]+")
  message(FATAL_ERROR "the installed library printed: ${printed}")
endif()
