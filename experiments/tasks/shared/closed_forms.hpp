// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of runs in closed form, gathered as a result beside them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "experiments/input/problem.hpp"
#include "experiments/output/result.hpp"
#include "experiments/tasks/shared/task.hpp"
#include "solver/law/affine.hpp"

namespace umkehr {

/// A run in closed form, variable by variable; empty where it does not know one.
class ExactRun {
 public:
  virtual ~ExactRun() = default;
  /// A field on (t, ...) at one of the times that are compared.
  virtual std::vector<double> at(const std::string& variable, std::size_t moment) const = 0;
  /// What does not depend on time.
  virtual std::vector<double> once(const std::string&) const { return {}; }
};

/// Throws ResultFileError unless the group's axes are those of the experiment.
void check_grid(const Grid& grid, const Group& run);

class ClosedForms {
 public:
  explicit ClosedForms(const Problem& problem);

  void remark(const std::string& task, const std::string& text);
  /// That so much of the law lies outside the walls at the worst of the times, if it is any.
  void remark_on_walls(const std::string& task, const std::vector<double>& times,
                       const std::function<double(std::size_t)>& outside, const std::string& rest);
  /// The affine process of the problem, if it is one.
  const std::optional<AffineProcess>& affine() const { return affine_; }
  /// The same; without one, remarks on that.
  const AffineProcess* affine(const std::string& task);
  /// For kinds of tasks of which no closed form is known.
  void none(const std::string& task);

  void check_grid(const Group& run) const { umkehr::check_grid(problem.grid, run); }
  /// All that `exact` knows, at the saved times of the given numbers. Throws ResultFileError for another shape.
  void add(const Group& run, const std::vector<std::size_t>& moments, const ExactRun& exact);

  const Problem& problem;
  Result run, law;
  std::vector<std::string> remarks;

 private:
  std::optional<AffineProcess> affine_;
};

}  // namespace umkehr
