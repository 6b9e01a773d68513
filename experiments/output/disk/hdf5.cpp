// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/disk/hdf5.hpp"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <system_error>

namespace umkehr::hdf5 {
namespace {

// Nothing is left for the library to do at exit, and after a full disk it would try to write once more.
void leave_exit_alone() {
  static std::once_flag once;
  std::call_once(once, [] { H5dont_atexit(); });
}

// The library hides the system's reason in the text of its innermost failure.
std::string system_reason(const char* description) {
  const char* code = std::strstr(description, "errno = ");
  if (code == nullptr) return {};
  return std::strerror(static_cast<int>(std::strtol(code + std::strlen("errno = "), nullptr, 10)));
}

herr_t note_reason(unsigned, const H5E_error2_t* failure, void* out) {
  if (failure->desc == nullptr) return 0;
  std::string& reason = *static_cast<std::string*>(out);
  const std::string system = system_reason(failure->desc);
  if (!system.empty()) reason = system;
  if (reason.empty()) reason = std::string("the HDF5 library says \"") + failure->desc + "\"";
  return system.empty() ? 0 : 1;
}

[[noreturn]] void fail() {
  std::string reason;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, note_reason, &reason);
  H5Eclear2(H5E_DEFAULT);
  throw Error(reason.empty() ? "the HDF5 library gives no reason" : reason);
}

Id access_list() {
  Id list(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  // The format of 1.10 puts a checksum on nearly everything that is not data.
  check(H5Pset_libver_bounds(list, H5F_LIBVER_V110, H5F_LIBVER_V110));
  check(H5Pset_fclose_degree(list, H5F_CLOSE_STRONG));
  check(H5Pset_file_locking(list, false, true));
  return list;
}

}  // namespace

Id::Id(hid_t id, Closer closer) : id_(check(id)), closer_(closer) {}

Id::~Id() {
  if (id_ >= 0) closer_(id_);
}

void Id::close() {
  check(closer_(std::exchange(id_, H5I_INVALID_HID)));
}

template <typename Status>
Status check(Status status) {
  if (status < 0) fail();
  return status;
}
template int check(int);
template hid_t check(hid_t);
template hssize_t check(hssize_t);

Quiet::Quiet() {
  leave_exit_alone();
  H5Eget_auto2(H5E_DEFAULT, &print_, &print_data_);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  too_large_ = std::signal(SIGXFSZ, SIG_IGN);
}

Quiet::~Quiet() {
  H5Eset_auto2(H5E_DEFAULT, print_, print_data_);
  if (too_large_ != SIG_ERR) std::signal(SIGXFSZ, too_large_);
}

Id create_file(const std::filesystem::path& file) {
  const Id creation = creation_list(H5P_FILE_CREATE);
  return Id(H5Fcreate(file.c_str(), H5F_ACC_TRUNC, creation, access_list()), H5Fclose);
}

Id create_in_memory() {
  constexpr std::size_t increment = 1 << 20;
  // Not in the format of 1.10: the library's images of it have a wrong checksum in their first block.
  const Id creation = creation_list(H5P_FILE_CREATE), access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  check(H5Pset_fapl_core(access, increment, false));
  return Id(H5Fcreate("memory", H5F_ACC_TRUNC, creation, access), H5Fclose);
}

Id open_file(const std::filesystem::path& file) {
  std::error_code code;
  if (std::filesystem::is_directory(file, code)) throw Error("is a folder");
  if (!std::filesystem::exists(file, code)) throw Error("does not exist");
  // A pipe would be waited for without end.
  if (!std::filesystem::is_regular_file(file, code))
    throw Error("is not an HDF5 file but a pipe or a device");
  if (const int reason = access(file.c_str(), R_OK) == 0 ? 0 : errno) throw Error(std::strerror(reason));
  if (H5Fis_hdf5(file.c_str()) <= 0) {
    H5Eclear2(H5E_DEFAULT);
    throw Error("is not an HDF5 file");
  }
  return Id(H5Fopen(file.c_str(), H5F_ACC_RDONLY, access_list()), H5Fclose);
}

Id creation_list(hid_t kind) {
  constexpr unsigned ordered = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
  Id list(H5Pcreate(kind), H5Pclose);
  check(H5Pset_attr_creation_order(list, ordered));
  if (kind != H5P_DATASET_CREATE) check(H5Pset_link_creation_order(list, ordered));
  check(H5Pset_obj_track_times(list, false));
  return list;
}

Id string_type(std::size_t length) {
  Id type(H5Tcopy(H5T_C_S1), H5Tclose);
  check(H5Tset_size(type, length));
  check(H5Tset_cset(type, H5T_CSET_UTF8));
  check(H5Tset_strpad(type, H5T_STR_NULLPAD));
  return type;
}

Id space_of(const std::vector<hsize_t>& shape) {
  if (shape.empty()) return Id(H5Screate(H5S_SCALAR), H5Sclose);
  return Id(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr), H5Sclose);
}

}  // namespace umkehr::hdf5
