// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/input/named_process.hpp"

#include <functional>
#include <map>

#include "solver/process/known_processes.hpp"

namespace umkehr {
namespace {

struct Parameters {
  Section& section;
  const FormulaInput& formulas;
  const Times& times;
  std::size_t dimension;

  double number(std::string_view key, double usual, const Range& range = any_positive) const {
    return read_number(section.with_default(key, TomlValue::of(usual)), key, range);
  }
  Coefficient rate(std::string_view key) const {
    return function_of_time(formulas, section.require(key, "a number or a formula in t"), key);
  }
  /// D(t): one for all axes, or a list of one an axis.
  std::vector<Coefficient> diffusion() const {
    const TomlValue& value = section.require("diffusion", "the noise strength D(t), such as \"1\"");
    if (!value.is(TomlValue::Kind::array))
      return std::vector<Coefficient>(dimension, function_of_time(formulas, value, "diffusion"));
    std::vector<Coefficient> list;
    for (const TomlValue& element : read_list(value, "diffusion", dimension, dimension))
      list.push_back(function_of_time(formulas, element, "diffusion"));
    return list;
  }
};

Process with_diffusion(Process process, std::vector<Coefficient> diffusion) {
  process.diffusion = std::move(diffusion);
  return process;
}

Process read_cosine(const Parameters& p) {
  if (!(p.times.stop < 1))
    p.section.refuse_whole("\"vp-cosine\" diverges at t = 1; give a time.stop below 1");
  if (!(p.times.start >= 0))
    p.section.refuse_whole("\"vp-cosine\" starts at t = 0; give a time.start from 0 on");
  return variance_preserving_cosine(p.number("offset", 0.008, {0, 1e100, true, true}), p.dimension);
}

Process read_exploding(const Parameters& p) {
  const double low = p.number("sigma_min", 0.01);
  return variance_exploding(low, p.number("sigma_max", 50.0, {low, 1e100, false, true}), p.dimension);
}

using ProcessReader = std::function<Process(const Parameters&)>;

const std::map<std::string, ProcessReader>& readers() {
  static const std::map<std::string, ProcessReader> known = {
      {"brownian",
       [](const Parameters& p) { return with_diffusion(brownian(1.0, p.dimension), p.diffusion()); }},
      {"ornstein-uhlenbeck",
       [](const Parameters& p) {
         const Coefficient beta = p.rate("beta");
         return with_diffusion(ornstein_uhlenbeck(beta, 1.0, p.dimension), p.diffusion());
       }},
      {"vp",
       [](const Parameters& p) {
         const double low = p.number("beta_min", 0.1, {0, 1e100, true, true});
         return variance_preserving(low, p.number("beta_max", 20.0), p.dimension);
       }},
      {"vp-cosine", read_cosine},
      {"ve", read_exploding},
      {"sub-vp",
       [](const Parameters& p) {
         const double low = p.number("beta_min", 0.1, {0, 1e100, true, true});
         return sub_variance_preserving(low, p.number("beta_max", 20.0), p.dimension);
       }},
      {"double-well",
       [](const Parameters& p) { return with_diffusion(double_well(1.0, p.dimension), p.diffusion()); }},
  };
  return known;
}

}  // namespace

Coefficient function_of_time(const FormulaInput& formulas, const TomlValue& value, std::string_view key) {
  const Formula formula = formulas.read(value, key);
  for (std::size_t k = 0; k < formulas.axes().size(); ++k)
    if (formula.depends_on_axis(k))
      refuse(value, key, "depends on " + formulas.axes()[k] + "; it may depend on t alone");
  return formula;
}

Process named_process(Section& section, const TomlValue& name, const FormulaInput& formulas,
                      const Times& times) {
  std::vector<std::string> names;
  for (const auto& [known, reader] : readers()) names.push_back(known);
  const std::string chosen = read_choice(name, "name", names);
  return readers().at(chosen)({section, formulas, times, formulas.axes().size()});
}

}  // namespace umkehr
