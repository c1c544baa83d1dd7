// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/inspection/budget.hpp>
#include <typeformer/inspection/stack.hpp>

namespace board {

/// As on a board, but the stack is that of a thread.
using memory = typeformer::budget<typeformer::flash<3 * 1024 * 1024>, typeformer::ram<3 * 1024 * 1024>,
                                  typeformer::stack<1024 * 1024>>;

}  // namespace board
