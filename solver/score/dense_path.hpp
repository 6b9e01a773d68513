// SPDX-License-Identifier: GPL-3.0-or-later
// The law of a forward run between its times: P and J_k = d_k P are kept at times that are refined until each
// is what Lagrange's polynomial of order 8 through its neighbours says (dense_times.hpp). What lies between
// the centres is the matter of dense_at_time.hpp, theta a tenth of the tolerance, or 1e-11, times the largest
// P.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "grids/grid.hpp"
#include "grids/history.hpp"
#include "solver/kolmogorov/choices.hpp"
#include "solver/law/law.hpp"
#include "solver/law/law_path.hpp"
#include "solver/process/process.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {

class DensePath : public LawPath {
 public:
  /// Runs forward from `initial` at `start` and keeps what lies between `first` and `stop`.
  DensePath(const Process& process, const Grid& grid, const Law& initial, double start, double first,
            double stop, const KolmogorovChoices& choices, const Progress& progress = {});

  std::shared_ptr<const LawAtTime> at(double t) const override;
  std::vector<std::string> warnings() const override { return warnings_; }

 private:
  Process process_;
  Grid grid_;
  double known_to_;  // relative to the largest P
  History density_;
  std::vector<History> slope_;  // none for finite volumes
  std::vector<std::string> warnings_;
};

}  // namespace umkehr
