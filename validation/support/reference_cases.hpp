// SPDX-License-Identifier: GPL-3.0-or-later
// The independently computed numbers of validation/reference.
#pragma once

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace umkehr {

/// Those of an id whose quantity and description begin as given, of which there must be one.
inline std::vector<nlohmann::json> reference_cases(const std::string& id, const std::string& quantity = "",
                                                   const std::string& description = "") {
  std::ifstream file(UMKEHR_SOURCE_DIR "/validation/reference/reference_cases.json");
  const auto begins = [](const nlohmann::json& text, const std::string& beginning) {
    return text.get<std::string>().starts_with(beginning);
  };
  std::vector<nlohmann::json> found;
  for (const nlohmann::json& entry : nlohmann::json::parse(file))
    if (entry["id"] == id && begins(entry["quantity"], quantity) && begins(entry["description"], description))
      found.push_back(entry);
  BOOST_TEST_REQUIRE(!found.empty(), "no case " << id << " " << quantity << " " << description);
  return found;
}

}  // namespace umkehr
