// SPDX-License-Identifier: BSL-1.0
#include <cstdlib>
#include <string>

#include <support/catch.hpp>
#include <typeformer/dispatch/dispatched.hpp>

namespace typeformer {
namespace {

struct functions {
  int (*number)();
};
constexpr functions of_least{[] { return 1; }}, of_middle{[] { return 2; }}, of_most{[] { return 3; }};
constexpr cpu_features every_feature{~std::uint64_t{0}}, first_feature{1}, first_features{3};
constexpr isa_build least{"least", {}, &of_least}, middle{"middle", {}, &of_middle},
    impossible{"impossible", every_feature, &of_most};
constexpr const isa_build* three[] = {&least, &middle, &impossible};
constexpr isa_builds builds{three}, no_builds{}, impossible_builds{three + 2, 1};

/// The environment variable while an object exists.
class isa_in_environment {
 public:
  explicit isa_in_environment(const char* name) { setenv("TYPEFORMER_ISA", name, 1); }
  isa_in_environment(const isa_in_environment&) = delete;
  isa_in_environment& operator=(const isa_in_environment&) = delete;
  ~isa_in_environment() { unsetenv("TYPEFORMER_ISA"); }
};

TEST_CASE("chooses the last build that the processor can run") {
  static constexpr isa_build needs_one{"one", first_feature, nullptr}, needs_two{"two", first_features, nullptr};
  static constexpr const isa_build* in_order[] = {&least, &needs_one, &needs_two};
  const auto name_of_best = [&](cpu_features available) { return (*best_build(in_order, available))->isa; };
  CHECK(name_of_best({}) == "least");
  CHECK(name_of_best(first_feature) == "one");
  CHECK(name_of_best({2}) == "least");
  CHECK(name_of_best(first_features) == "two");
  CHECK(name_of_best(every_feature) == "two");
}

TEST_CASE("names the instruction sets that were compiled, and the feature that a processor lacks") {
  const auto unknown = named_build(builds, "mo\x1bst", {});
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().what() == isa_error::problem::is_not_compiled);
  CHECK(unknown.error().message() ==
        "instruction set \"mo?st\" was not compiled: expected one of least, middle, impossible");
  if (cpu_features::count == 0) return;
  const auto lacking = named_build(builds, "impossible", {});
  REQUIRE_FALSE(lacking);
  CHECK(lacking.error().what() == isa_error::problem::is_not_supported);
  CHECK(std::string(lacking.error().message()) ==
        "instruction set \"impossible\": this processor or its operating system does not support " +
            std::string(cpu_features::table[0].name));
  CHECK(best_build(impossible_builds, {}).error().message() == lacking.error().message().view());
  CHECK(best_build(no_builds, {}).error().message() == "no instruction set was compiled");
}

TEST_CASE("takes the build that is named by an argument, else by the environment") {
  const dispatched<functions> choices{builds};
  if (cpu_features::count > 0) CHECK(choices.choose()->isa == "middle");
  CHECK(choices.choose("least")->number() == 1);
  const isa_in_environment least_in_environment{"least"};
  CHECK(choices.choose()->isa == "least");
  CHECK(choices.choose()->number() == 1);
  CHECK(choices.choose("middle")->isa == "middle");
  const isa_in_environment unknown_in_environment{"unknown"};
  CHECK_FALSE(choices.choose());
  const isa_in_environment empty_in_environment{""};
  CHECK(choices.choose());
}

}  // namespace
}  // namespace typeformer
