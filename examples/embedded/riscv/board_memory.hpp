// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/inspection/budget.hpp>
#include <typeformer/inspection/stack.hpp>

namespace board {

/// What a program may use: see virt.ld.
using memory = typeformer::budget<typeformer::flash<3 * 1024 * 1024>, typeformer::ram<3 * 1024 * 1024>,
                                  typeformer::stack<48 * 1024>>;

}  // namespace board
