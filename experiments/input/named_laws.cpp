// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/input/named_laws.hpp"

#include "experiments/input/names.hpp"
#include "experiments/input/reading.hpp"
#include "experiments/text/nearest.hpp"

namespace umkehr {
namespace {

constexpr std::size_t max_laws = 1000;

void check_law_name(const TomlEntry& entry) {
  if (!is_name(entry.key))
    refuse_at(entry.place, TomlValue::of(entry.key), "law",
              "is not a name; use a letter, then letters, digits and _, 64 at most");
}

std::string listed_laws(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "\"" : ", \"") + name + "\"";
  return list;
}

}  // namespace

NamedLaws::NamedLaws(TomlValue& tables, const LawInput& input) {
  if (!tables.is(TomlValue::Kind::table))
    refuse(tables, "law", "is not a table of densities; write [law.NAME], or law.NAME = { ... }");
  if (tables.entries.size() > max_laws)
    refuse(tables, "law", "has " + std::to_string(tables.entries.size()) + " laws; at most 1000");
  for (TomlEntry& entry : tables.entries) {
    check_law_name(entry);
    laws_.emplace_back(entry.key, read_law(entry.value, "law." + entry.key, input));
  }
}

const Law& NamedLaws::named(const TomlValue& name, const std::string& key) const {
  std::vector<std::string> known;
  for (const auto& [own, law] : laws_) {
    if (own == name.string) return law;
    known.push_back(own);
  }
  if (known.empty())
    refuse(name, key,
           "is no law of this experiment, which has no table [law.NAME]; give one, or a density such as "
           "{ gaussian = { mean, variance } }");
  const std::string best = nearest(name.string, known);
  refuse(name, key,
         "is no law of this experiment" + (best.empty() ? "" : "; did you mean \"" + best + "\"?") +
             (best.empty() ? "; it has " : " It has ") + listed_laws(known));
}

}  // namespace umkehr
