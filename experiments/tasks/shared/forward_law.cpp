// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/shared/forward_law.hpp"

namespace umkehr {
namespace {

class ExactForward : public ExactRun {
 public:
  ExactForward(const ExactLaw& law, const std::vector<double>& times) : law_(law), snapshots_(law.at(times)) {
    for (const LawSnapshot& snapshot : snapshots_) {
      moments_.push_back(snapshot.n);
      times_.push_back(snapshot.time);
    }
  }

  const std::vector<std::size_t>& moments() const { return moments_; }
  const std::vector<double>& times() const { return times_; }
  double mass_outside(std::size_t n) const { return law_.mass_outside(snapshots_[n]); }

  std::vector<double> at(const std::string& variable, std::size_t n) const override {
    return law_.values_of(variable, snapshots_[n]);
  }

 private:
  const ExactLaw& law_;
  std::vector<LawSnapshot> snapshots_;
  std::vector<std::size_t> moments_;
  std::vector<double> times_;
};

}  // namespace

void add_forward_law(const KnownLaw& law, const Group& run, ClosedForms& known) {
  if (!law.law) return known.remark(run.name, law.why_not);
  known.check_grid(run);
  const std::vector<double>& times = run.coordinate("t")->values;
  const ExactForward exact(*law.law, times);
  if (const std::size_t left_out = times.size() - exact.moments().size(); left_out > 0)
    known.remark(run.name, "left out " + std::to_string(left_out) +
                               " saved time(s) at which the exact law is a point and has no density");
  known.remark_on_walls(
      run.name, exact.times(), [&](std::size_t n) { return exact.mass_outside(n); },
      "law lies outside the walls, which it does not know of");
  if (!exact.moments().empty()) known.add(run, exact.moments(), exact);
}

}  // namespace umkehr
