// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/shape/shape.hpp>

namespace typeformer {

/// The scalar type that the context computes in: float in production, double in gradient laws.
struct real {};

/// A symbolic buffer: an id with a static shape. The plan says where it lies, so that one loop body serves all
/// iterations.
template <class Shape, class Element = real> struct ref {
  using shape = Shape;
  using element = Element;
  static constexpr index_type width = Shape::width;
  static constexpr axis rows_are = Shape::rows_are;
  int id = -1;
};

/// A symbolic buffer that outlives the call. It has a separate place for every iteration of the loops around it. Its
/// element is `real` or a narrow format.
template <class Shape, class Element = real> struct state_ref {
  using shape = Shape;
  using element = Element;
  static constexpr index_type width = Shape::width;
  int id = -1;
};

/// How kernels read a parameter.
enum class parameter_kind {
  matrix,  ///< [outputs][inputs], operand of a matrix product; may be packed into panels
  table,   ///< [rows][width], rows are looked up; always row-major
  vector   ///< [width]
};

/// A symbolic parameter; its gradient has the same place in the gradient array.
template <parameter_kind Kind, index_type Rows, index_type Columns> struct parameter {
  static constexpr parameter_kind kind = Kind;
  static constexpr index_type rows = Rows, columns = Columns;
  int id = -1;
};

/// A range of rows of a parameter with a name. In files and lists it is a tensor.
struct named_rows {
  const char* name;
  index_type rows;
  bool starts_at_zero = false;  ///< initialized with 0, unlike other parameters of such a name
};

// How an operation uses an argument. A plain reference is read.
template <class Ref> struct written {
  Ref target;
};
template <class Ref> struct accumulated {
  Ref target;
};
template <class Ref> struct written_if_kept {
  Ref target;
};
template <class Parameter> struct gradient {
  Parameter of;
};

template <class Ref> constexpr written<Ref> out(Ref target) { return {target}; }
/// Read and added to.
template <class Ref> constexpr accumulated<Ref> acc(Ref target) { return {target}; }
/// Written only if a later operation reads it. Otherwise it has no memory and the kernel gets a null pointer.
template <class Ref> constexpr written_if_kept<Ref> if_kept(Ref target) { return {target}; }
template <class Parameter> constexpr gradient<Parameter> gradient_of(Parameter of) { return {of}; }

/// The counters of a walk at some point. From there the same layers can be walked again.
struct walk_mark {
  int operands = 0, states = 0, sites = 0, buffers = 0, loops = 0;
};

/// How a loop of the walk runs. `mark` identifies the loop; a backward visit has the mark of its forward visit.
struct loop_description {
  index_type count = 0;
  int mark = 0;
  bool reverse = false;
  index_type (*block_of)(index_type iteration) = nullptr;  ///< the block whose parameters an iteration reads
  index_type first = 0;  ///< what operations and observers see as the number of the first iteration
};

constexpr index_type own_block(index_type iteration) { return iteration; }
constexpr index_type shared_block(index_type) { return 0; }

}  // namespace typeformer
