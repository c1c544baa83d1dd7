// SPDX-License-Identifier: BSL-1.0
#include <conformance/optimizers.hpp>
#include <conformance/run_files.hpp>
#include <conformance/schedules.hpp>

// optimizers FOLDER OUTPUT: the results of the cases of optimizers and schedules in a folder, computed in float.
int main(int, char** arguments) {
  namespace judged = typeformer::conformance;
  judged::run_given_cases(arguments[1], arguments[2], [](const std::string&, judged::given_case& c) {
    return judged::holds_schedules(c) ? judged::compute_schedules(c) : judged::compute_optimizer<float>(c);
  });
}
