// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/hosted/weights/save.hpp>
#include <typeformer/laws/random_values.hpp>
#include <typeformer/laws/verdict.hpp>

namespace typeformer::laws {

struct saves_parameters {
  template <Model M> result<void, file_error> operator()(const std::string& path, const parameters<M>& values) const {
    return save(path, values);
  }
};

/// Law: what is saved and loaded again is the same, bit for bit. Writes to `path`.
template <Model M, class Save = saves_parameters> finding check_file(const std::string& path, const Save& saver = {}) {
  finding f{.applies = true, .at_most = 0};
  parameters<M> values;
  const std::vector<float> numbers = random_values<float>(layout_of<M>.parameters);
  if (!values.available()) return f;
  std::copy(numbers.begin(), numbers.end(), values.data());
  if (const auto saved = saver(path, values); !saved) return f.found(1, saved.error().message()), f;
  const auto loaded = load_parameters<M>(path);
  if (!loaded) return f.found(1, loaded.error().message()), f;
  for_each_tensor(layout_of<M>, [&](const parameter_tensor& tensor) {
    std::int64_t different = 0;
    for (index_type i = tensor.offset; i < tensor.offset + tensor.size(); ++i)
      different += std::memcmp(&loaded->data()[i], &numbers[std::size_t(i)], sizeof(float)) != 0;
    f.found(double(different), "numbers of ", tensor.name().view());
  });
  return f;
}

}  // namespace typeformer::laws
