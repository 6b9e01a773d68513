// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>

#include "experiments/output/comparison/compare.hpp"
#include "experiments/text/printable.hpp"
#include "experiments/text/short_number.hpp"
#include "experiments/text/table.hpp"

namespace umkehr {
namespace {

std::string full_name(const VariableComparison& variable) {
  return variable.name.empty() ? variable.group : variable.group + "/" + variable.name;
}

std::string location_text(const VariableComparison& variable) {
  std::string text;
  for (const auto& [name, value] : variable.location)
    text += (text.empty() ? "" : " ") + name + "=" + short_number(value);
  return text;
}

std::vector<std::string> row_of(const VariableComparison& variable) {
  const std::string verdict = variable.same ? "same" : "differs";
  if (variable.errors.empty())
    return {full_name(variable), "", "", "", "", "", "", "", verdict + ": " + variable.remark};
  return {full_name(variable),
          error_number(variable.l1),
          error_number(variable.l2),
          error_number(variable.linf),
          error_number(variable.relative_l1),
          error_number(variable.relative_l2),
          error_number(variable.relative_linf),
          location_text(variable),
          verdict + (variable.weighted ? " (P-weighted L2)" : " (L1)") +
              (variable.remark.empty() ? "" : ": " + variable.remark)};
}

nlohmann::json json_of(const VariableComparison& variable) {
  nlohmann::json json = {{"same", variable.same}};
  if (!variable.remark.empty()) json["remark"] = variable.remark;
  if (variable.errors.empty()) return json;
  json["norm"] = variable.weighted ? "P-weighted L2" : "L1";
  json["l1"] = variable.l1;
  json["l2"] = variable.l2;
  json["linf"] = variable.linf;
  json["relative_l1"] = variable.relative_l1;
  json["relative_l2"] = variable.relative_l2;
  json["relative_linf"] = variable.relative_linf;
  for (const auto& [name, value] : variable.location) json["location"][name] = value;
  json["times"] = variable.times;
  json["errors"] = variable.errors;
  return json;
}

}  // namespace

void print_comparison(const Comparison& comparison, std::ostream& out) {
  Table table({"variable", "L1", "L2", "Linf", "rel L1", "rel L2", "rel Linf", "largest at", "verdict"});
  for (const VariableComparison& variable : comparison.variables) table.add(row_of(variable));
  table.print(out);
  for (const std::string& remark : comparison.remarks) out << printable(remark) << '\n';
  out << (comparison.same() ? "same" : "differ") << '\n';
}

std::string comparison_json(const Comparison& comparison) {
  nlohmann::json json = {
      {"same", comparison.same()}, {"variables", nlohmann::json::object()}, {"remarks", comparison.remarks}};
  for (const VariableComparison& variable : comparison.variables)
    json["variables"][full_name(variable)] = json_of(variable);
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace umkehr
