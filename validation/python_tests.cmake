# SPDX-License-Identifier: GPL-3.0-or-later
# Every NAME.py in unit/python is one CTest entry, run by an interpreter that reads HDF5 and netCDF. That is Debian's
# own, which need not be the first on the path.
foreach(candidate /usr/bin/python3 ${Python3_EXECUTABLE})
  if(NOT UMKEHR_PYTHON)
    execute_process(COMMAND ${candidate} -c "import h5py, xarray, netCDF4, h5netcdf"
      RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
    if(failed EQUAL 0)
      set(UMKEHR_PYTHON ${candidate} CACHE FILEPATH "Python with h5py, xarray, netCDF4 and h5netcdf")
    endif()
  endif()
endforeach()
if(NOT UMKEHR_PYTHON)
  message(FATAL_ERROR "No Python with h5py, xarray, netCDF4 and h5netcdf, which the tests read results with: "
    "install the packages of packages.txt (make setup), or configure with -DUMKEHR_TESTS=OFF")
endif()

file(GLOB scripts CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/unit/python/*.py)
foreach(script ${scripts})
  get_filename_component(name ${script} NAME_WE)
  add_test(NAME unit/python/${name} COMMAND ${UMKEHR_PYTHON} ${script} $<TARGET_FILE:umkehr>)
  set_tests_properties(unit/python/${name} PROPERTIES TIMEOUT ${test_seconds} ENVIRONMENT "${test_environment}")
endforeach()
