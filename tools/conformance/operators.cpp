// SPDX-License-Identifier: BSL-1.0
#include <conformance/operators.hpp>
#include <conformance/run_files.hpp>

// operators FOLDER OUTPUT: the results of the operator cases of a folder, computed by the float kernels.
int main(int, char** arguments) {
  namespace judged = typeformer::conformance;
  judged::run_given_cases(arguments[1], arguments[2], [](const std::string& name, judged::given_case& c) {
    return judged::compute_operator<float>(name, c);
  });
}
