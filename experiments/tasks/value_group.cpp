// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/value_group.hpp"

#include <algorithm>

#include "experiments/tasks/field_group.hpp"
#include "experiments/tasks/task_input.hpp"

namespace umkehr {
namespace {

std::vector<double> joined(const std::vector<std::vector<double>>& fields) {
  std::vector<double> all;
  for (const std::vector<double>& field : fields) all.insert(all.end(), field.begin(), field.end());
  return all;
}

constexpr char spectrum_equation[] = "2.26, 2.28",
               error_meaning[] = "estimated error of the eigenvalue, at least what rounding may leave";

Coordinate index_of(std::size_t count) {
  Coordinate index{"index", {}, "number of the eigenvalue, from the lowest", {}, true};
  for (std::size_t n = 0; n < count; ++n) index.values.push_back(static_cast<double>(n));
  return index;
}

bool is_complex(const std::vector<double>& imaginary) {
  return std::any_of(imaginary.begin(), imaginary.end(), [](double y) { return y != 0; });
}

void note_bases(const std::vector<double>& centre, const std::vector<double>& scale, Group& group) {
  if (!centre.empty()) group.attributes["centre"] = list_text(centre);
  if (!scale.empty()) group.attributes["scale"] = list_text(scale);
}

}  // namespace

Group backward_kolmogorov_group(const std::string& name, const Grid& grid, const BackwardKolmogorovTask& task,
                                const BackwardKolmogorovSolution& solution) {
  const std::string equation = "2.26-2.29, 2.33b";
  Group group{name,
              coordinates_of(grid, solution.value.times()),
              {},
              {{"solve", "backward-kolmogorov"},
               {"method", name_of(task.choices.method)},
               {"scheme", task.choices.scheme},
               {"terminal", task.terminal.text()},
               {"steps", std::to_string(solution.run.steps.size())}}};
  if (task.choices.method == Method::path_integral)
    group.attributes["order"] = std::to_string(task.choices.order);
  if (!task.of.empty()) group.attributes["of"] = task.of;
  note_bases(solution.hermite_centre, solution.hermite_scale, group);
  group.variables.push_back({"value", dimensions_of(grid), solution.value.values(),
                             "J = E[J1(x(stop)) exp(-int V) | x(t) = x]", equation});
  if (!solution.pairing.empty())
    group.variables.push_back({"pairing", {"t"}, solution.pairing, "<P, J>, constant in t", equation});
  add_errors(group, solution.errors, solution.run.error,
             "largest error of J at the first time, relative to its largest value,", equation);
  return group;
}

Group spectra_group(const std::string& name, const SpectrumTask& task, const std::vector<Spectrum>& spectra,
                    const std::vector<std::vector<double>>& rates) {
  const std::size_t count = task.choices.count;
  Group group{name,
              {{"diffusion", task.diffusion, "noise strength D"}, index_of(count)},
              {},
              {{"solve", "spectrum"}, {"method", name_of(task.choices.method)}}};
  std::vector<double> real, imaginary, error, kramers;
  for (const Spectrum& spectrum : spectra) {
    const auto end = static_cast<std::ptrdiff_t>(count);
    real.insert(real.end(), spectrum.real.begin(), spectrum.real.begin() + end);
    imaginary.insert(imaginary.end(), spectrum.imaginary.begin(), spectrum.imaginary.begin() + end);
    error.insert(error.end(), spectrum.error.begin(), spectrum.error.begin() + end);
  }
  for (const std::vector<double>& rate : rates)
    if (!rate.empty()) kramers.push_back(rate.front());
  const std::vector<std::string> both = {"diffusion", "index"};
  group.variables.push_back({"eigenvalue", both, real, "eigenvalue of -L", spectrum_equation});
  if (is_complex(imaginary))
    group.variables.push_back(
        {"eigenvalue_imaginary", both, imaginary, "imaginary part of the eigenvalue", spectrum_equation});
  group.variables.push_back({"eigenvalue_error", both, error, error_meaning, spectrum_equation});
  if (kramers.size() == task.diffusion.size())
    group.variables.push_back({"kramers",
                               {"diffusion"},
                               kramers,
                               "slowest relaxation rate by Kramers' formula",
                               spectrum_equation});
  return group;
}

Group spectrum_group(const std::string& name, const Grid& grid, const SpectrumTask& task,
                     const Spectrum& spectrum) {
  const std::string equation = spectrum_equation;
  Group group{name,
              {index_of(spectrum.real.size())},
              {},
              {{"solve", "spectrum"},
               {"method", name_of(task.choices.method)},
               {"form", spectrum.is_symmetric ? "symmetric" : "general"}}};
  for (const Axis& axis : grid.axes())
    group.coordinates.push_back({axis.name, axis.centres(), "coordinate " + axis.name});
  note_bases(spectrum.hermite_centre, spectrum.hermite_scale, group);
  const auto add = [&](const char* variable, const std::vector<std::string>& dimensions,
                       std::vector<double> values, const char* meaning) {
    group.variables.push_back({variable, dimensions, std::move(values), meaning, equation});
  };
  const std::vector<std::string> one = {"index"}, field = dimensions_of(grid, "index");
  add("eigenvalue", one, spectrum.real, "eigenvalue of -L");
  add("eigenfunction", field, joined(spectrum.function), "eigenfunction of -L");
  add("eigenvalue_error", one, spectrum.error, error_meaning);
  if (!spectrum.condition.empty())
    add("condition", one, spectrum.condition, "condition of the eigenvalue, |x| |y| / |y.x| of its vectors");
  if (!is_complex(spectrum.imaginary)) return group;
  add("eigenvalue_imaginary", one, spectrum.imaginary, "imaginary part of the eigenvalue");
  add("eigenfunction_imaginary", field, joined(spectrum.imaginary_function),
      "imaginary part of the eigenfunction");
  return group;
}

Group hjb_group(const std::string& name, const Grid& grid, const HjbTask& task, const HjbSolution& solution,
                const History& density) {
  const std::string equation = "3.24";
  Group group{name,
              coordinates_of(grid, solution.value.times()),
              {},
              {{"solve", "hjb"},
               {"method", name_of(task.choices.method)},
               {"terminal", task.terminal.text()},
               {"steps", std::to_string(solution.steps)}}};
  group.variables.push_back(
      {"value", dimensions_of(grid), solution.value.values(), "value lambda", equation});
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const std::string& axis = grid.axis(k).name;
    group.variables.push_back({"control_" + axis, dimensions_of(grid), solution.control[k].values(),
                               "control u = -D d lambda / d" + axis, equation});
  }
  if (!solution.error.empty())
    group.variables.push_back({"value_error",
                               {"t"},
                               solution.error,
                               "largest error of value relative to 1 + lambda - min lambda, estimated",
                               equation});
  if (density.size() > 0) {
    group.variables.push_back({"density", dimensions_of(grid), density.values(),
                               "density of the process under control, means over the cells", "3.26"});
    note_cell_means(group, grid, "density");
  }
  return group;
}

}  // namespace umkehr
