// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/input/named_process.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/text/short_number.hpp"
#include "experiments/text/table.hpp"
#include "solver/process/known_processes.hpp"

namespace umkehr {
namespace {

/// One for all axes, or a list of one an axis.
std::vector<Coefficient> read_diffusion(Section& section, const FormulaInput& formulas) {
  const TomlValue& value = section.require("diffusion", "the noise strength D(t), such as \"1\"");
  const std::size_t dimension = formulas.axes().size();
  if (!value.is(TomlValue::Kind::array))
    return std::vector<Coefficient>(dimension, function_of_time(formulas, value, "diffusion"));
  std::vector<Coefficient> list;
  for (const TomlValue& element : read_list(value, "diffusion", dimension, dimension))
    list.push_back(function_of_time(formulas, element, "diffusion"));
  return list;
}

double read_parameter(Section& section, const NamedParameter& parameter, const ParameterValues& before) {
  const double low = parameter.above.empty() ? 0 : before.number.at(parameter.above);
  const TomlValue& value = section.with_default(parameter.name, TomlValue::of(*parameter.usual));
  return read_number(value, parameter.name, {low, 1e100, parameter.may_vanish, true});
}

void check_times(const Section& section, const NamedProcess& process, const Times& times) {
  if (std::isinf(process.ends)) return;
  const std::string name = '"' + process.name + '"', end = short_number(process.ends);
  if (!(times.stop < process.ends))
    section.refuse_whole(name + " diverges at t = " + end + "; give a time.stop below " + end);
  if (!(times.start >= 0)) section.refuse_whole(name + " starts at t = 0; give a time.start from 0 on");
}

const NamedProcess& read_named(const TomlValue& name) {
  std::vector<std::string> names;
  for (const NamedProcess& known : named_processes()) names.push_back(known.name);
  const std::string chosen = read_choice(name, "name", names);
  return named_processes()[static_cast<std::size_t>(std::find(names.begin(), names.end(), chosen) -
                                                    names.begin())];
}

std::string text_of(const std::vector<NamedParameter>& parameters) {
  std::string text;
  for (const NamedParameter& parameter : parameters)
    text += (text.empty() ? "" : ", ") + parameter.name +
            (parameter.usual ? " = " + short_number(*parameter.usual) : "");
  return text;
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
  const NamedProcess& named = read_named(name);
  check_times(section, named, times);
  ParameterValues values;
  std::vector<Coefficient> diffusion;
  for (const NamedParameter& parameter : named.parameters) {
    if (parameter.usual) {
      values.number[parameter.name] = read_parameter(section, parameter, values);
    } else if (parameter.name == "diffusion") {
      diffusion = read_diffusion(section, formulas);
      values.function.emplace("diffusion", diffusion.front());
    } else {
      const TomlValue& value = section.require(parameter.name, "a number or a formula in t");
      values.function.emplace(parameter.name, function_of_time(formulas, value, parameter.name));
    }
  }
  Process process = named.make(values, formulas.axes().size());
  if (!diffusion.empty()) process.diffusion = std::move(diffusion);
  return process;
}

std::string named_processes_help() {
  constexpr std::size_t indent = 24, line_width = 118;
  std::string all;
  for (const NamedProcess& process : named_processes()) {
    std::string line = "    " + process.name;
    line.resize(indent, ' ');
    const std::string ends = std::isinf(process.ends) ? "" : "; for 0 <= t < " + short_number(process.ends);
    line += "F = " + process.drift + ",";
    for (const std::string& part : {"D = " + process.diffusion + ";", text_of(process.parameters) + ends}) {
      const bool fits = line.size() + 1 + part.size() <= line_width;
      if (!fits) all += line + '\n';
      line = fits ? line + ' ' + part : std::string(indent, ' ') + part;
    }
    all += line + '\n';
  }
  return all;
}

}  // namespace umkehr
