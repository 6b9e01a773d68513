// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/input/process_input.hpp"

#include "experiments/input/named_process.hpp"
#include "experiments/input/reading.hpp"
#include "solver/process/known_processes.hpp"

namespace umkehr {
namespace {

/// A list of one formula an axis; a formula standing alone counts for every axis.
std::vector<Written> one_an_axis(const TomlValue& value, const std::string& key, std::size_t dimension) {
  if (!value.is(TomlValue::Kind::array)) return std::vector<Written>(dimension, {key, value});
  std::vector<Written> list;
  for (const TomlValue& element : read_list(value, key, dimension, dimension)) list.push_back({key, element});
  return list;
}

void read_diffusion(Section& section, const FormulaInput& formulas, WrittenProcess& written) {
  written.diffusion = one_an_axis(section.require("diffusion", "the noise strength D(t), such as \"1\""),
                                  "diffusion", formulas.axes().size());
  written.process.diffusion.clear();
  for (const Written& d : written.diffusion)
    written.process.diffusion.push_back(function_of_time(formulas, d.value, "diffusion"));
}

/// dx = F dt + sqrt(D) dW with both written out.
void read_formulas(Section& section, const FormulaInput& formulas, WrittenProcess& written) {
  const std::size_t dimension = formulas.axes().size();
  const TomlValue& drift = section.require("drift", "the drift F(x, t), one formula an axis");
  if (dimension > 1 && !drift.is(TomlValue::Kind::array))
    refuse(drift, "drift", "is one formula; give a list of " + std::to_string(dimension) + ", one an axis");
  written.drift = one_an_axis(drift, "drift", dimension);
  read_diffusion(section, formulas, written);
  for (const Written& f : written.drift) written.process.drift.emplace_back(formulas.read(f.value, "drift"));
}

void read_potential(Section& section, const FormulaInput& formulas, WrittenProcess& written) {
  const TomlValue& potential = section.require("potential", "U(x) of F = -grad U");
  written.drift.assign(formulas.axes().size(), {"potential", potential});
  read_diffusion(section, formulas, written);
  written.process = in_potential(formulas.read(potential, "potential"), std::move(written.process.diffusion));
}

void read_named(Section& section, const FormulaInput& formulas, const Times& times, WrittenProcess& written) {
  const std::size_t dimension = formulas.axes().size();
  const TomlValue name = section.require("name", "the name of a known process");
  written.drift.assign(dimension, {"name", name});
  written.diffusion.assign(dimension, {"name", name});
  written.process = named_process(section, name, formulas, times);
  if (TomlValue* diffusion = section.has("diffusion") ? section.find("diffusion") : nullptr)
    written.diffusion = one_an_axis(*diffusion, "diffusion", dimension);
}

}  // namespace

WrittenProcess read_process(TomlValue& table, const FormulaInput& formulas, const Times& times) {
  Section section(table, "[process]");
  WrittenProcess written;
  const int ways = section.has("name") + section.has("potential") + section.has("drift");
  if (ways > 1) section.refuse_whole("has several drifts; give one of \"drift\", \"potential\" and \"name\"");
  if (section.has("name"))
    read_named(section, formulas, times, written);
  else if (section.has("potential"))
    read_potential(section, formulas, written);
  else
    read_formulas(section, formulas, written);
  const TomlValue& killing = section.with_default("killing", TomlValue::of(std::string("0")));
  written.killing = {"killing", killing};
  written.process.killing = formulas.read(killing, "killing");
  section.find("define");
  section.finish();
  return written;
}

Process read_own_process(Section& section, const WrittenProcess& written, const FormulaInput& formulas,
                         const Grid& grid, const Times& times) {
  const TomlValue *diffusion = section.find("diffusion"), *killing = section.find("killing");
  if (!diffusion && !killing) return written.process;
  WrittenProcess own = written;
  if (diffusion) read_diffusion(section, formulas, own);
  if (killing) {
    own.killing = {"killing", *killing};
    own.process.killing = formulas.read(*killing, "killing");
  }
  check_process(own, grid, times);
  return own.process;
}

}  // namespace umkehr
