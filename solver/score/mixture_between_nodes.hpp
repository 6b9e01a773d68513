// SPDX-License-Identifier: GPL-3.0-or-later
// A mixture over time, known at the nodes of Gauss-Kronrod panels and interpolated between them, component by
// component: for those who ask for it at thousands of times.
#pragma once

#include <memory>
#include <vector>

#include "solver/law/law_path.hpp"

namespace umkehr {

/// The same law between the outer edges of the panels; the one given where it is no mixture.
std::shared_ptr<const LawPath> between_nodes(std::shared_ptr<const LawPath> exact,
                                             const std::vector<double>& edges);

}  // namespace umkehr
