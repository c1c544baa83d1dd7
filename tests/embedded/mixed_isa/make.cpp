// SPDX-License-Identifier: BSL-1.0
#include "model.hpp"
typeformer::weights<small> make() {
  typeformer::parameters<small> values;
  typeformer::initialize(values, typeformer::philox{1, 2});
  return typeformer::weights<small>{values};
}
bundle make_bundle() { return {make()}; }
