// SPDX-License-Identifier: GPL-3.0-or-later
// The task "spectrum" (2.26, 2.28): the lowest eigenvalues and eigenfunctions of -L at `start`; with a list of D, those for
// each D in turn, beside Kramers' formula.
#include "solver/spectrum/spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "experiments/tasks/shared/closed_forms.hpp"
#include "experiments/tasks/shared/task_cost.hpp"
#include "experiments/tasks/shared/task_group.hpp"
#include "experiments/tasks/shared/task_reader.hpp"
#include "experiments/text/short_number.hpp"
#include "solver/kolmogorov/narrow_feature.hpp"
#include "solver/spectrum/kramers.hpp"
#include "solver/spectrum/spectrum_check.hpp"

namespace umkehr {
namespace {

constexpr std::size_t max_eigenvalues = 1000;
constexpr double a_dense_entry = 5e-10, a_sparse_entry = 2e-5;  // seconds

const std::vector<std::string>& spectrum_methods() {
  static const std::vector<std::string> names = {"fourier", "hermite", "finite-volume", "galerkin"};
  return names;
}

std::vector<double> joined(const std::vector<std::vector<double>>& fields) {
  std::vector<double> all;
  for (const std::vector<double>& field : fields) all.insert(all.end(), field.begin(), field.end());
  return all;
}

Coordinate index_of(std::size_t count) {
  Coordinate index{"index", {}, "number of the eigenvalue, from the lowest", {}, true};
  for (std::size_t n = 0; n < count; ++n) index.values.push_back(static_cast<double>(n));
  return index;
}

bool is_complex(const std::vector<double>& imaginary) {
  return std::any_of(imaginary.begin(), imaginary.end(), [](double y) { return y != 0; });
}

Process with_noise(Process process, double diffusion) {
  std::fill(process.diffusion.begin(), process.diffusion.end(), Coefficient(diffusion));
  return process;
}

/// Bytes of the matrix, its list of entries, and its factors, which fill in the more the more axes there are.
double sparse_memory(const Problem& on) {
  const double cells = cells_of(on);
  const double fill = axes_of(on) == 1   ? 40
                      : axes_of(on) == 2 ? 1.7 * std::sqrt(cells)
                                         : 8 * std::cbrt(cells) * std::log2(cells);
  return (fill + 40) * field_of(on);
}

class SpectrumTask final : public Task {
 public:
  explicit SpectrumTask(TaskReader& in) {
    choices_.method =
        in.choice("method", usual_spectrum_method(in.input.process.process, in.grid(), in.input.times.start));
    choices_.count = in.count("count", in.grid().size() - 2);
    if (in.section.find("diffusion")) read_diffusion(in);
    if (choices_.method == SpectrumMethod::hermite)
      in.hermite_bases(choices_.hermite_centre, choices_.hermite_scale);
  }

  TaskText text() const override { return {method(), "", std::to_string(choices_.count) + " eigenvalues"}; }

  void check(const Problem& on) const override {
    const Process process = diffusion_.empty() ? on.process : with_noise(on.process, diffusion_.front());
    check_spectrum(process, on.grid, on.start, choices_);
    require_wide_features(process, on.grid, on.start, on.stop);
  }

  TaskCost cost(const Problem& on) const override {
    const double times = std::max(1.0, static_cast<double>(diffusion_.size())), cells = cells_of(on);
    if (choices_.method == SpectrumMethod::galerkin)
      return {0, times * a_dense_entry * std::pow(max_galerkin_unknowns, 3), "as many functions as it takes"};
    const bool is_sparse = choices_.method == SpectrumMethod::finite_volume;
    const double one = is_sparse ? a_sparse_entry * cells : a_dense_entry * cells * cells * cells;
    return {0, times * one, std::to_string(on.grid.size()) + " unknowns"};
  }

  TaskMemory memory(const Problem& on) const override {
    const double kept = 4 * static_cast<double>(choices_.count) * field_of(on);
    if (choices_.method == SpectrumMethod::finite_volume) return {sparse_memory(on) + kept, kept};
    const bool is_galerkin = choices_.method == SpectrumMethod::galerkin;
    const double unknowns = is_galerkin ? static_cast<double>(max_galerkin_unknowns)
                                        : std::min(cells_of(on), static_cast<double>(max_spectral_unknowns));
    return {3 * unknowns * unknowns * sizeof(double) + kept, kept};
  }

  SolvedTask solve(const Problem& on, Replays&, const Progress& progress) const override {
    if (!diffusion_.empty()) return solve_over_diffusion(on, progress);
    const auto [spectrum, seconds] =
        timed([&] { return solve_spectrum(on.process, on.grid, on.start, choices_); });
    TaskGroup group(*this, on.grid,
                    {{"method", method()}, {"form", spectrum.is_symmetric ? "symmetric" : "general"}});
    group.note_bases(spectrum.hermite_centre, spectrum.hermite_scale);
    group.add_coordinate(index_of(spectrum.real.size()));
    group.add_axes();
    const std::vector<std::string> field = group.dimensions("index");
    group.add("eigenvalue", {"index"}, spectrum.real);
    group.add("eigenfunction", field, joined(spectrum.function));
    group.add("eigenvalue_error", {"index"}, spectrum.error);
    if (!spectrum.condition.empty()) group.add("condition", {"index"}, spectrum.condition);
    if (is_complex(spectrum.imaginary)) {
      group.add("eigenvalue_imaginary", {"index"}, spectrum.imaginary);
      group.add("eigenfunction_imaginary", field, joined(spectrum.imaginary_function));
    }
    return group.solved(seconds, spectrum.warnings);
  }

  std::vector<TaskExtent> extents() const override {
    return {{"number of eigenvalues", {static_cast<double>(choices_.count)}},
            {"list of D", diffusion_, diffusion_.empty() ? "" : "diffusion"}};
  }

  void add_closed_form(const Group& run, ClosedForms& known) const override { known.none(run.name); }

  /// `kramers`, the slowest rate by Kramers' formula; of several D it is in the result itself.
  void add_for_figures(const Problem& on, const Group&, Group& out) const override {
    if (!diffusion_.empty()) return;
    const std::vector<double> rates = kramers_rates(on.process, on.grid, on.start);
    if (!rates.empty()) out.variables.push_back({"kramers", {}, {rates.front()}, "", ""});
  }

 private:
  const std::string& method() const { return spectrum_methods()[static_cast<std::size_t>(choices_.method)]; }

  void read_diffusion(TaskReader& in) {
    diffusion_ = in.numbers("diffusion", 0);
    if (!std::is_sorted(diffusion_.begin(), diffusion_.end(), std::less_equal<>()) ||
        diffusion_.size() > max_eigenvalues)
      refuse(*in.section.find("diffusion"), "diffusion", "is not a list of 1 to 1000 ascending numbers");
  }

  SolvedTask solve_over_diffusion(const Problem& on, const Progress& progress) const {
    std::vector<double> kramers;
    const auto [spectra, seconds] = timed([&] {
      std::vector<Spectrum> all;
      for (const double diffusion : diffusion_) {
        const Process process = with_noise(on.process, diffusion);
        all.push_back(solve_spectrum(process, on.grid, on.start, choices_));
        const std::vector<double> rates = kramers_rates(process, on.grid, on.start);
        if (!rates.empty()) kramers.push_back(rates.front());
        progress(static_cast<double>(all.size()) / static_cast<double>(diffusion_.size()));
      }
      return all;
    });
    TaskGroup group(*this, on.grid, {{"method", method()}});
    group.add_coordinate({"diffusion", diffusion_, "noise strength D"});
    group.add_coordinate(index_of(choices_.count));
    const auto lowest = [&](std::vector<double> Spectrum::*part) {
      std::vector<double> all;
      for (const Spectrum& one : spectra)
        all.insert(all.end(), (one.*part).begin(),
                   (one.*part).begin() + static_cast<std::ptrdiff_t>(choices_.count));
      return all;
    };
    const std::vector<std::string> both = {"diffusion", "index"};
    group.add("eigenvalue", both, lowest(&Spectrum::real));
    const std::vector<double> imaginary = lowest(&Spectrum::imaginary);
    if (is_complex(imaginary)) group.add("eigenvalue_imaginary", both, imaginary);
    group.add("eigenvalue_error", both, lowest(&Spectrum::error));
    if (kramers.size() == diffusion_.size()) group.add("kramers", {"diffusion"}, kramers);
    std::vector<std::string> warnings;
    for (std::size_t n = 0; n < spectra.size(); ++n)
      for (const std::string& warning : spectra[n].warnings)
        warnings.push_back("with D = " + short_number(diffusion_[n]) + " " + warning);
    return group.solved(seconds, warnings);
  }

  SpectrumChoices choices_;
  std::vector<double> diffusion_;  // numbers that D is replaced by, one after the other; empty: D itself
};

}  // namespace

TaskKind spectrum_task() {
  using enum TaskKey::Type;
  const std::string equation = "2.26, 2.28";
  return {
      "spectrum",
      TaskKeys{
          {"count", count, "how many eigenvalues", {}, count_range(1, max_eigenvalues), usual_count(6)},
          {"method", word, "how the generator is discretised", {}, {}, {}, spectrum_methods()},
          {"diffusion", numbers, "a list of D to go through", "a list of D to go through", any_positive}} +
          hermite_keys(),
      {{"eigenvalue", "eigenvalue of -L", equation},
       {"eigenvalue_imaginary", "imaginary part of the eigenvalue", equation},
       {"eigenvalue_error", "estimated error of the eigenvalue, at least what rounding may leave", equation},
       {"condition", "condition of the eigenvalue, |x| |y| / |y.x| of its vectors", equation},
       {"eigenfunction", "eigenfunction of -L", equation},
       {"eigenfunction_imaginary", "imaginary part of the eigenfunction", equation},
       {"kramers", "slowest relaxation rate by Kramers' formula", equation}},
      read_as<SpectrumTask>};
}

}  // namespace umkehr
