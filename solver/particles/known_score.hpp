// SPDX-License-Identifier: GPL-3.0-or-later
// The exact score grad ln P of what an initial law becomes, for particles that go back from `stop` to `start` (3.40), found
// when it is first asked for and kept at the times that were asked for: in closed form where the process is affine and the law a mixture, else from a run of the
// Fokker-Planck equation on a grid.
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "grids/grid.hpp"
#include "solver/law/law.hpp"
#include "solver/law/law_path.hpp"
#include "solver/process/process.hpp"
#include "solver/score/score.hpp"

namespace umkehr {

class KnownScore : public Score {
 public:
  /// `grid` may be missing where the law has a closed form.
  KnownScore(Process process, std::optional<Grid> grid, Law initial, double start, double stop);
  void operator()(const Points& x, double t, Components& out) const override;
  /// In closed form, and of a run by Fourier series; not where walls are met, which takes finite volumes.
  bool has_divergence() const override;
  void with_divergence(const Points& x, double t, std::span<const double> factor, Components& out,
                       std::span<double> divergence) const override;
  bool has_closed_form() const;
  const Law& initial() const { return initial_; }
  /// What `initial` has become.
  Law law_at_stop() const;
  void log_density_at_stop(const Points& x, std::span<double> out) const;

 private:
  struct Found;
  const Found& found() const;

  Process process_;
  std::optional<Grid> grid_;
  Law initial_;
  double start_, stop_;
  mutable std::once_flag once_;
  mutable std::shared_ptr<const Found> found_;
};

}  // namespace umkehr
