// SPDX-License-Identifier: BSL-1.0
#include <typeformer/foundation/result.hpp>

int main() {
  const typeformer::result<int, int> answer{42};
  return *answer == 42 ? 0 : 1;
}
