// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/action_gap_group.hpp"

#include <optional>

#include "experiments/tasks/field_group.hpp"

namespace umkehr {

Group action_gap_group(const std::string& name, const ActionGapTask& task, const ActionGap& gap) {
  Group group{name,
              {},
              {},
              {{"solve", "action-gap"},
               {"method", gap.exact_law ? "closed-form" : "numerical"},
               {"model", gap.exact_model ? "closed-form" : "numerical"},
               {"of", task.of},
               {"score", task.score_text},
               {"start", list_text({task.start})},
               {"stop", list_text({task.stop})}}};
  const auto add = [&](const char* variable, const std::optional<double>& value, const char* meaning,
                       const char* equation) {
    if (value) group.variables.push_back({variable, {}, {*value}, meaning, equation});
  };
  add("gap_action", gap.action, "A[u-hat] - A[u], lambda and P frozen", "3.36");
  add("gap_score_matching", gap.score_matching, "1/2 int D int P |S - grad ln P|^2", "3.37");
  add("gap_score_matching_error", gap.score_matching_error, "estimated, of the cells of the law", "3.37");
  add("gap_feasible", gap.feasible, "the same under the model's own density", "3.36");
  add("endpoint_kl", gap.endpoint_kl, "D_KL(P(start) || law that the model generates)", "3.18");
  add("dsm_constant", gap.dsm_constant, "I(x(start); x_0) - I(x(stop); x_0)", "3.43");
  return group;
}

}  // namespace umkehr
