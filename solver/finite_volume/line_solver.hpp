// SPDX-License-Identifier: GPL-3.0-or-later
// (1 - g h A) x = r, or its transpose, along whole lines of an axis. Lines that are one open segment each are swept as
// they are. Else the last cell of every segment is a joint: the cells between joints are swept, then the joints solved
// (joint_chain.hpp), then what they add to the cells between them is added. Rings of one segment have one joint each;
// a line that is cut into the segments of a batch has as many as that (Wang, ACM Trans. Math. Softw. 7 (1981) 170).
#pragma once

#include <cstddef>
#include <vector>

#include "grids/axis.hpp"
#include "grids/axis_lines.hpp"
#include "grids/machine/unrolled.hpp"
#include "solver/finite_volume/joint_chain.hpp"
#include "solver/finite_volume/segment_sweep.hpp"

namespace umkehr {

/// Factors of one batch of segments, and room to use them.
class LineSolver {
 public:
  LineSolver(const AxisLines& lines, Boundary boundary);

  /// Faces 0 ... length, `lanes` values each, to be filled with g h times the rates before `factor`,
  LaneBuffer up, down;
  /// and so cells 0 ... length - 1, where killing at rates >= 0 is part of A; else this is empty.
  LaneBuffer killing;
  void factor(Direction direction);
  /// x = (1 - g h A)^-1 right, or with the transpose; x may be right.
  void solve(const double* right, double* x, Direction direction);
  /// The same but for what joints add to the cells between them,
  void solve_apart(const double* right, double* x, Direction direction);
  /// which is added here: give(place, vector of the row, solution), row by row.
  template <class Give>
  void each_solution(const double* x, Direction direction, Give give) const;

 private:
  /// Answers of the cells of each segment to a unit in the joint below it and in its own; zero for the joint itself.
  struct Responses {
    LaneBuffer to_below, to_own;
  };
  Responses responses(Direction direction) const;
  void join();
  void solve_joints(double* values, Direction direction) const;
  /// What a cell keeps and kills, for each unit in it after the step.
  double own(std::size_t place) const { return killing.empty() ? 1 : 1 + killing[place]; }
  bool has_joints() const { return !chains_.empty(); }
  /// The segment whose joint lies below segment `lane`; nothing lies below the first of an open line.
  std::size_t below(std::size_t lane) const;
  bool is_first_of_open_line(std::size_t lane) const { return !wraps_ && lane == 0; }

  std::size_t length_, lanes_;
  bool is_segmented_, wraps_;
  SegmentSweep segments_;
  std::vector<JointChain> chains_;
  Responses responses_, transposed_responses_;
  LaneBuffer joints_, joints_below_;  // (lanes): of the latest solution
};

template <class Give>
void LineSolver::each_solution(const double* x, Direction direction, Give give) const {
  const Responses& answers = direction == Direction::forward ? responses_ : transposed_responses_;
  const double *to_below = answers.to_below.data(), *to_own = answers.to_own.data();
  const bool corrects = has_joints();
  with_vectors(lanes_, [&](auto vectors) UMKEHR_INLINE {
    constexpr int V = vectors();
    constexpr std::size_t width = lanes::width, row = V * width;
    Lanes below_joint[V], own_joint[V];
    unrolled<V>([&](auto v) UMKEHR_INLINE {
      below_joint[v] = lanes::load(&joints_below_[v * width]);
      own_joint[v] = lanes::load(&joints_[v * width]);
    });
    for (std::size_t first = 0; first < length_ * row; first += row)
      unrolled<V>([&](auto v) UMKEHR_INLINE {
        const std::size_t place = first + v * width;
        const Lanes alone = lanes::load(x + place);
        give(place, v,
             corrects ? alone + below_joint[v] * lanes::load(to_below + place) +
                            own_joint[v] * lanes::load(to_own + place)
                      : alone);
      });
  });
}

}  // namespace umkehr
